"""The list of tickets, and what can be done to several at once."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import Text
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.identity.people.actions import remember_workspace
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.shell.workspace import render_page

from .actions import close_tickets, delete_tickets, restore_tickets, update_tickets
from .choices import choices_of
from .filters import filters_of
from .models import Ticket
from .queries import filtered, ordered, searched, visible_tickets
from .rows import line_of
from .statistics import desk_statistics
from .undo import take_back, token_for_undo, values_before

_PER_PAGE = 50


@require_GET
@desk_page
def home(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    return redirect("desk_tickets", access.portal.pk)


@require_GET
@desk_page
def tickets(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The list by filter, text, order and page; as a fragment when only the list is asked for."""
    context = _list_context(request, access)
    if is_fragment(request):
        return render(request, "desk/tickets/templates/list_card.html", context)
    remember_workspace(access.person, reverse("desk_home", args=[access.portal.pk]))
    return render_page(
        request, "desk/tickets/templates/list.html", context, workspace=workspace_of(access), active="tickets"
    )


@require_POST
@desk_page
def closure(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    ids = _selected(request, access)
    before = values_before(access.portal, ids, ["status"])
    close_tickets(access.portal, ticket_ids=ids, actor=access.actor)
    text = ngettext("%(count)d ticket closed", "%(count)d tickets closed", len(ids)) % {"count": len(ids)}
    return _done(text, undo=_undo_url(access, before))


@require_POST
@desk_page
def deletion(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    ids = _selected(request, access)
    delete_tickets(access.portal, ticket_ids=ids, actor=access.actor)
    text = ngettext("%(count)d ticket deleted", "%(count)d tickets deleted", len(ids)) % {"count": len(ids)}
    named = "&".join(f"selected={ticket_id}" for ticket_id in ids)
    return _done(text, undo=f"{reverse('desk_tickets_restoration', args=[access.portal.pk])}?{named}")


@require_POST
@desk_page
def restoration(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    ids = [int(number) for number in request.GET.getlist("selected") if number.isdecimal()]
    restored = restore_tickets(access.portal, ticket_ids=ids, actor=access.actor)
    text = ngettext("%(count)d ticket restored", "%(count)d tickets restored", len(restored))
    return _done(text % {"count": len(restored)})


@require_POST
@desk_page
def field_update(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """One field of several tickets: `field` is its API name, `value` what it becomes."""
    ids, name = _selected(request, access), request.POST.get("field", "")
    before = values_before(access.portal, ids, [name]) if name in _BULK_FIELDS else {}
    values = {name: request.POST.get("value", "")}
    update_tickets(access.portal, ticket_ids=ids, values=values, actor=access.actor)
    text = ngettext("%(count)d ticket updated", "%(count)d tickets updated", len(ids)) % {"count": len(ids)}
    return _done(text, undo=_undo_url(access, before))


@require_POST
@desk_page
def undo(request: HttpRequest, access: DeskAccess, token: str) -> HttpResponse:
    count = len(take_back(access.portal, token=token, actor=access.actor))
    return _done(ngettext("%(count)d ticket as before", "%(count)d tickets as before", count) % {"count": count})


_BULK_FIELDS = ("status", "priority", "assigneeId", "classification", "departmentId")


class _CountedPages(Paginator[Ticket]):
    """Where the kept figures know how many there are, nothing is counted."""

    def __init__(self, rows: QuerySet[Ticket], known_count: int | None) -> None:
        super().__init__(rows, _PER_PAGE)
        self._known_count = known_count

    @cached_property
    def count(self) -> int:
        return super().count if self._known_count is None else self._known_count


def _list_context(request: HttpRequest, access: DeskAccess) -> dict[str, object]:
    show, text = request.GET.get("show", "open"), request.GET.get("q", "").strip()
    statistics = desk_statistics(access)
    rows = filtered(visible_tickets(access), show, agent_id=access.agent.pk)
    known: int | None = statistics.counts().get(show, statistics.total)
    sort = request.GET.get("sort", "")
    if text:
        rows, known = searched(rows, text)
    if sort == "due":
        known = None
    page = _CountedPages(ordered(rows, sort), known).get_page(request.GET.get("page"))
    return {
        "access": access,
        "filters": filters_of(request, show, statistics),
        "page": page,
        "lines": _lines(page),
        "show": show,
        "text": text,
        "sort": sort,
        "is_filtered": bool(text) or show != "all",
        "bulk_fields": _bulk_fields(access),
        "live": "desk.ticket",
    }


def _lines(page: Page[Ticket]) -> list[object]:
    return [line_of(ticket) for ticket in page]


def _bulk_fields(access: DeskAccess) -> Sequence[tuple[str, Text, object]]:
    if not access.rights.may_update:
        return []
    labels = {
        "status": _("Status"),
        "priority": _("Priority"),
        "assigneeId": _("Assignee"),
        "classification": _("Classification"),
        "departmentId": _("Department"),
    }
    return [(name, labels[name], choices_of(access, name)) for name in _BULK_FIELDS]


def _selected(request: HttpRequest, access: DeskAccess) -> list[int]:
    """The chosen tickets, as far as this person sees them."""
    wanted = [int(number) for number in request.POST.getlist("selected") if number.isdecimal()]
    return list(visible_tickets(access).filter(id__in=wanted).values_list("id", flat=True))


def _undo_url(access: DeskAccess, before: dict[int, dict[str, object]]) -> str:
    return reverse("desk_tickets_undo", args=[access.portal.pk, token_for_undo(access.actor, before)]) if before else ""


def _done(text: str, *, undo: str = "") -> HttpResponse:
    return with_toast(with_event(HttpResponse(status=204), "tickets-changed"), text, undo=undo)
