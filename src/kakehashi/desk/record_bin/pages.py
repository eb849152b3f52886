"""The recycle bin of contacts, accounts and products, and deleting and restoring several at once."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.record_merging.kinds import KINDS, PAGES, kind_named
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.records.writing import Kind, remove, restore
from kakehashi.ui.htmx import is_fragment, with_toast
from kakehashi.ui.recycle_bin.leaving import Leaving, leaving_of
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter
from kakehashi.ui.toasts import add_toast

from .choosing import chosen_ids
from .keeping import keeping_context
from .queries import binned
from .ties import ties_of, words_of_ties

_HERE = "desk/record_bin/templates"
_ROWS = 50
Line = tuple[DeskRecord, Leaving]


@require_GET
@desk_page
def record_bin(request: HttpRequest, access: DeskAccess, record_kind: str) -> HttpResponse:
    """What was deleted, the latest first, and when it goes for good."""
    access.require("may_edit_customers")
    kind = kind_named(record_kind)
    text = request.GET.get("q", "").strip()
    rows = binned(access.portal, kind)
    if text:
        rows = found_by(rows, access.portal, text)
    page = Paginator(rows.order_by("-deleted_at", "-id"), _ROWS).get_page(request.GET.get("page"))
    keeping = keeping_context(access)
    context = keeping | {
        "access": access,
        "record_kind": kind.name,
        "page": page,
        "lines": _lines(access, kind, page.object_list, keeping["days"]),
        "text": text,
        "filters": _filters(access, kind),
        "record_page": PAGES[kind.name].page,
    }
    if is_fragment(request):
        return render(request, f"{_HERE}/bin_card.html", context)
    return render_page(
        request, f"{_HERE}/bin.html", context, workspace=workspace_of(access), active=PAGES[kind.name].tab
    )


@require_POST
@desk_page
def records_restoration(request: HttpRequest, access: DeskAccess, record_kind: str) -> HttpResponse:
    kind = kind_named(record_kind)
    back = restore(kind, access.portal, chosen_ids(request), access.actor)
    said = ngettext("%(count)d record is back.", "%(count)d records are back.", len(back)) % {"count": len(back)}
    if is_fragment(request):  # the way back of a deletion
        answer = with_toast(HttpResponse(status=204), said)
        answer.headers["HX-Refresh"] = "true"
        return answer
    add_toast(request, said)
    return redirect("desk_record_bin", access.portal.pk, kind.name)


@require_POST
@desk_page
def records_deletion(request: HttpRequest, access: DeskAccess, record_kind: str) -> HttpResponse:
    """The chosen ones of a list."""
    kind = kind_named(record_kind)
    gone = remove(kind, access.portal, chosen_ids(request), access.actor)
    if gone:
        said = ngettext(
            "%(count)d record is in the recycle bin.", "%(count)d records are in the recycle bin.", len(gone)
        )
        back = reverse("desk_records_restoration", args=[access.portal.pk, kind.name])
        query = urlencode({"selected": [record.pk for record in gone]}, doseq=True)
        add_toast(request, said % {"count": len(gone)}, undo=f"{back}?{query}")
    return redirect(PAGES[kind.name].list, access.portal.pk)


def _lines(access: DeskAccess, kind: Kind[Any], records: Iterable[DeskRecord], days: int | None) -> list[Line]:
    records = list(records)
    ties = ties_of(kind, access.portal, [record.pk for record in records])
    return [(record, leaving_of(record.deleted_at, days, words_of_ties(ties.get(record.pk, {})))) for record in records]


def _filters(access: DeskAccess, chosen: Kind[Any]) -> list[Filter]:
    return [
        Filter(
            str(PAGES[name].plural),
            reverse("desk_record_bin", args=[access.portal.pk, name]),
            binned(access.portal, kind).count(),
            is_current=kind is chosen,
        )
        for name, kind in KINDS.items()
    ]
