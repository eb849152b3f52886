"""Changing many tickets: at once with a way back, or with a page that shows how far it is and what became of each."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.ticket_views.pages import choice_of
from kakehashi.desk.ticket_views.queries import chosen_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.fields import LABELS
from kakehashi.desk.tickets.list_pages import BULK_FIELDS
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import visible_tickets
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.shell.workspace import render_page

from .actions import MOST_TICKETS, may_undo, start_change, undo_change
from .models import BulkChange, BulkKind, BulkRow, RowState
from .queries import figures_of

_HERE = "desk/bulk_changes/templates"


@require_POST
@desk_page
def start(request: HttpRequest, access: DeskAccess, deed: str) -> HttpResponse:
    """Change the chosen tickets, or with `everything` all of the list that `query` describes."""
    if deed not in BulkKind.values:
        raise NotFound
    values: dict[str, Any] = {}
    if deed == BulkKind.UPDATE:
        name = request.POST.get("field", "")
        if name not in BULK_FIELDS:
            raise NotFound
        values = {name: request.POST.get("value", "")}
    if deed in (BulkKind.TAG, BulkKind.UNTAG):
        values = {"tag": request.POST.get("value", "")}
    ids = _chosen(request, access, is_binned=deed == BulkKind.RESTORE)
    change = start_change(access, kind=BulkKind(deed), ticket_ids=ids, values=values)
    return _answer(access, change)


@require_POST
@desk_page
def undo(request: HttpRequest, access: DeskAccess, change_id: int) -> HttpResponse:
    """Take it back, as far as nobody went on from there."""
    done = _find(access, change_id)
    if done.started_by_id != access.person.pk:
        raise NotFound
    back = undo_change(access, done)
    if not is_fragment(request):
        return redirect("desk_bulk_change", access.portal.pk, back.pk)
    response = with_event(HttpResponse(status=204), "tickets-changed")
    figures = figures_of(back)
    if back.finished_at is None or figures["skipped"]:
        response.headers["HX-Redirect"] = _address(access, back)
        return response
    count = figures["changed"]
    said = ngettext("%(count)d ticket as before", "%(count)d tickets as before", count) % {"count": count}
    return with_toast(response, said)


@require_GET
@desk_page
def change(request: HttpRequest, access: DeskAccess, change_id: int) -> HttpResponse:
    """How far it is; when it is over, what became of the tickets."""
    found = _find(access, change_id)
    left_out = BulkRow.objects.filter(change=found, state=RowState.SKIPPED).order_by("id")
    page = Paginator(left_out, 50).get_page(request.GET.get("page", "1"))
    seen = Ticket.objects.filter(portal=access.portal, pk__in=[row.ticket_id for row in page])
    if access.department_ids is not None:
        seen = seen.filter(department_id__in=access.department_ids)
    named = {ticket.pk: ticket for ticket in seen.defer("description_html")}
    context = {
        "access": access,
        "change": found,
        "sentence": sentence_of(access, found),
        "figures": figures_of(found),
        "left_out": [(row, named.get(row.ticket_id)) for row in page],
        "page": page,
        "may_undo": may_undo(found) and found.started_by_id == access.person.pk,
    }
    if is_fragment(request):
        return render(request, f"{_HERE}/account.html", context)
    return render_page(request, f"{_HERE}/change.html", context, workspace=workspace_of(access), active="tickets")


@require_GET
@desk_page
def changes(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """One's own, for an administrator everybody's."""
    access.require("may_update")
    page = Paginator(_own(access).order_by("-pk"), 30).get_page(request.GET.get("page", "1"))
    lines = [(one, sentence_of(access, one)) for one in page]
    context = {"access": access, "lines": lines, "page": page}
    return render_page(request, f"{_HERE}/changes.html", context, workspace=workspace_of(access), active="tickets")


def sentence_of(access: DeskAccess, change: BulkChange) -> str:
    """What it did, in a few words."""
    if change.undoes_id:
        return _("Taking back: %(deed)s") % {"deed": sentence_of(access, change.undoes)} if change.undoes else ""
    if change.kind != BulkKind.UPDATE:
        return {
            "close": _("Close tickets"),
            "delete": _("Delete tickets"),
            "restore": _("Restore tickets"),
            "tag": _("Add a tag"),
            "untag": _("Remove a tag"),
        }[change.kind]
    labels = ", ".join(str(LABELS.get(name, name)) for name in change.values)
    return _("Change %(field)s of tickets") % {"field": labels}


def _answer(access: DeskAccess, change: BulkChange) -> HttpResponse:
    """Few: a toast with the way back. Many, or some refused: the page that says so."""
    figures = figures_of(change)
    response = with_event(HttpResponse(status=204), "tickets-changed")
    if change.finished_at is None or figures["skipped"]:
        response.headers["HX-Redirect"] = _address(access, change)
        return response
    count = figures["changed"]
    undo_url = reverse("desk_bulk_undo", args=[access.portal.pk, change.pk]) if count else ""
    return with_toast(response, _said(change, count), undo=undo_url)


def _said(change: BulkChange, count: int) -> str:
    if change.kind == BulkKind.CLOSE:
        return ngettext("%(count)d ticket closed", "%(count)d tickets closed", count) % {"count": count}
    if change.kind == BulkKind.DELETE:
        return ngettext("%(count)d ticket deleted", "%(count)d tickets deleted", count) % {"count": count}
    if change.kind == BulkKind.RESTORE:
        return ngettext("%(count)d ticket restored", "%(count)d tickets restored", count) % {"count": count}
    return ngettext("%(count)d ticket updated", "%(count)d tickets updated", count) % {"count": count}


def _chosen(request: HttpRequest, access: DeskAccess, *, is_binned: bool = False) -> list[int]:
    if is_binned:
        wanted = ids_in(request.POST.getlist("selected"))
        binned = Ticket.objects.filter(portal=access.portal, deleted_at__isnull=False, merged_into=None, pk__in=wanted)
        if access.department_ids is not None:
            binned = binned.filter(department_id__in=access.department_ids)
        return list(binned.order_by("pk").values_list("pk", flat=True))
    if request.POST.get("everything"):
        choice = choice_of(access, QueryDict(request.POST.get("query", "")))
        rows = chosen_tickets(access, subjects_of(access.portal), choice.filter, choice.text)
    else:
        wanted = ids_in(request.POST.getlist("selected"))
        rows = visible_tickets(access).filter(pk__in=wanted)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_TICKETS + 1])


def _own(access: DeskAccess) -> Any:
    rows = BulkChange.objects.filter(portal=access.portal).select_related("undoes")
    return rows if access.rights.may_administer else rows.filter(started_by=access.person)


def _find(access: DeskAccess, change_id: int) -> BulkChange:
    found: BulkChange | None = _own(access).filter(pk=change_id).first()
    if found is None:
        raise NotFound
    return found


def _address(access: DeskAccess, change: BulkChange) -> str:
    return reverse("desk_bulk_change", args=[access.portal.pk, change.pk])
