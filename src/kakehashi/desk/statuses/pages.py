"""Settings > Tickets > statuses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.tickets.models import Status, StatusType, Ticket
from kakehashi.ui.htmx import with_toast
from kakehashi.ui.toasts import add_toast

from .actions import add_status, change_status, may_be_removed, order_statuses, retire_status
from .forms import ReplacementForm, StatusForm
from .queries import offered_statuses

_HERE = "desk/statuses/templates"
_MOST_COUNTED = 10_000
TONES = {"Open": "blue", "On Hold": "amber", "Closed": "green"}


@require_GET
@desk_page
def statuses(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    known = list(offered_statuses(access.portal))
    rows = [(one, TONES[one.type], one.type == StatusType.ON_HOLD, may_be_removed(known, one)) for one in known]
    return settings_page(request, access, "statuses", f"{_HERE}/statuses.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def status(request: HttpRequest, access: DeskAccess, status_id: int | None = None) -> HttpResponse:
    """The form of one status, a new one without an id."""
    access.require("may_administer")
    found = _find(access, status_id) if status_id else None
    form = StatusForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(access, found, form):
        add_toast(request, _("Saved"))
        return redirect("desk_statuses", access.portal.pk)
    return _show(request, access, "status.html", {"form": form, "status": found})


@require_http_methods(["GET", "POST"])
@desk_page
def retirement(request: HttpRequest, access: DeskAccess, status_id: int) -> HttpResponse:
    """What becomes of the tickets of a status that is removed."""
    access.require("may_administer")
    found = _find(access, status_id)
    others = [one for one in offered_statuses(access.portal) if one.pk != found.pk]
    form = ReplacementForm(sorted(others, key=lambda one: one.type != found.type), request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = next(one for one in others if str(one.pk) == form.cleaned_data["replacement"])
        retire_status(found, replacement=chosen, actor=access.actor)
        add_toast(request, _("“%(name)s” was removed; its tickets are being moved.") % {"name": found.label})
        return redirect("desk_statuses", access.portal.pk)
    held = Ticket.objects.filter(portal=access.portal, status=found, deleted_at=None)
    count = held.values("pk")[: _MOST_COUNTED + 1].count()
    context = {"form": form, "status": found, "count": count, "most_counted": _MOST_COUNTED}
    return _show(request, access, "retirement.html", context)


@require_POST
@desk_page
def order(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    ids = ids_in(request.POST.getlist("order"))
    order_statuses(access.portal, ids=ids, actor=access.actor)
    return with_toast(HttpResponse(status=204), _("The order was saved."))


def _save(access: DeskAccess, found: Status | None, form: StatusForm) -> bool:
    name, kind = form.cleaned_data["name"], form.cleaned_data["type"]
    try:
        if found is None:
            add_status(access.portal, name=name, kind=kind, actor=access.actor)
        else:
            change_status(found, name=name, kind=kind, actor=access.actor)
    except InvalidValues as invalid:
        for field, sentence in invalid.by_field.items():
            form.add_error(field, str(sentence))
        return False
    return True


def _find(access: DeskAccess, status_id: int) -> Status:
    found = offered_statuses(access.portal).filter(pk=status_id).first()
    if found is None:
        raise NotFound
    found.portal = access.portal
    return found


def _show(request: HttpRequest, access: DeskAccess, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return settings_page(request, access, "statuses", f"{_HERE}/{template}", context, status=status)
