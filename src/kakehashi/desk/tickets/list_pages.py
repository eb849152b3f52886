"""What can be done to several tickets of a list at once, as the list offers it."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.ui.htmx import with_event, with_toast

from .actions import restore_tickets, update_ticket
from .choices import choices_of
from .models import Ticket
from .queries import find_ticket
from .undo import take_back, token_for_undo, values_before

BULK_FIELDS = ("status", "priority", "assigneeId", "teamId", "departmentId", "classification")


@require_POST
@desk_page
def restoration(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Back from the recycle bin: the undo of a deletion."""
    wanted = ids_in(request.GET.getlist("selected"))
    binned = Ticket.objects.filter(portal=access.portal, pk__in=wanted)
    if access.department_ids is not None:
        binned = binned.filter(department_id__in=access.department_ids)
    ids = list(binned.values_list("pk", flat=True))
    if len(ids) != len(set(wanted)):
        raise NotFound
    restored = restore_tickets(access.portal, ticket_ids=ids, actor=access.actor)
    text = ngettext("%(count)d ticket restored", "%(count)d tickets restored", len(restored))
    return _done(text % {"count": len(restored)})


@require_POST
@desk_page
def ticket_status(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """A card of the board goes to another column: `stage` is its status."""
    found = find_ticket(access, ticket_id)
    before = values_before(access.portal, [found.pk], ["status"])
    update_ticket(found, values={"status": request.POST.get("stage", "")}, actor=access.actor)
    undo_url = reverse("desk_tickets_undo", args=[access.portal.pk, token_for_undo(access.actor, before)])
    label = find_ticket(access, ticket_id).status.label
    said = _("#%(number)s is now “%(status)s”") % {"number": found.number, "status": label}
    return with_toast(with_event(HttpResponse(status=204), "record-moved"), said, undo=undo_url)


@require_POST
@desk_page
def undo(request: HttpRequest, access: DeskAccess, token: str) -> HttpResponse:
    count = len(take_back(access.portal, token=token, actor=access.actor))
    if not count:
        return _done(_("Somebody has changed it since. It stays as it is."))
    return _done(ngettext("%(count)d ticket as before", "%(count)d tickets as before", count) % {"count": count})


def bulk_fields(access: DeskAccess) -> Sequence[tuple[str, Text, object]]:
    """(API name, label, choices) of what can be the same in many tickets."""
    if not access.rights.may_update:
        return []
    labels = {
        "status": _("Status"),
        "priority": _("Priority"),
        "assigneeId": _("Assignee"),
        "teamId": _("Team"),
        "classification": _("Classification"),
        "departmentId": _("Department"),
    }
    fields = [(name, labels[name], choices_of(access, name)) for name in BULK_FIELDS]
    return [field for field in fields if field[0] != "teamId" or len(field[2]) > 1]


def _done(text: str) -> HttpResponse:
    return with_toast(with_event(HttpResponse(status=204), "tickets-changed"), text)
