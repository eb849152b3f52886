"""What the pages of contacts, accounts and products have in common: details, possible duplicates, what can be done, history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.errors import NotFound
from kakehashi.desk.history.queries import timeline_of
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.record_merging.candidates import find_candidates
from kakehashi.desk.record_merging.kinds import PAGES, kind_of
from kakehashi.desk.record_merging.queries import survivor_of
from kakehashi.desk.records.models import DeskRecord
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

_HISTORY_STEP = 100
_LONGEST_HISTORY = 2_000
_CANDIDATES_SHOWN = 3


def elsewhere(request: HttpRequest, access: DeskAccess, record: Any) -> HttpResponse | None:
    """Where a merged record lives on; None for any other. Raises `NotFound` for an erased one."""
    if record.erased_at:
        raise NotFound
    if record.merged_into_id is None:
        return None
    today: Any = survivor_of(record)
    if not is_fragment(request):
        add_toast(request, _("“%(name)s” was merged into this.") % {"name": record.name})
    return redirect(PAGES[kind_of(record).name].url(access.portal.pk, today.pk))


def record_context(request: HttpRequest, access: DeskAccess, record: Any) -> dict[str, Any]:
    kind = kind_of(record)
    length = _history_length(request)
    days = timeline_of(f"desk.{kind.name}", record.pk, limit=length)
    shown = sum(len(day.entries) for day in days)
    return {
        "access": access,
        "record": record,
        "kind": kind.name,
        "fields": [(f, f.shown(getattr(record, f.column))) for f in kind.fields if f.type != "account"],
        "days": days,
        "longer_history": length + _HISTORY_STEP if length <= shown < _LONGEST_HISTORY else 0,
        "live": f"desk.{kind.name}:{record.pk}",
        **_deeds(access, record, kind.name),
        **_duplicates(access, record),
    }


def show_record(request: HttpRequest, access: DeskAccess, kind: str, context: dict[str, Any]) -> HttpResponse:
    if is_fragment(request):
        return render(request, "desk/customers/templates/record_body.html", context)
    return render_page(
        request,
        "desk/customers/templates/record.html",
        context,
        workspace=workspace_of(access),
        active=PAGES[kind].tab,
    )


def _deeds(access: DeskAccess, record: DeskRecord, kind: str) -> dict[str, str]:
    """Addresses of what this person may do with it now; "" for what they may not."""
    here = [access.portal.pk, record.pk]
    may_edit, is_there = access.rights.may_edit_customers, record.deleted_at is None
    may_merge = access.rights.may_merge_customers and is_there
    return {
        "edit_url": reverse(f"desk_{kind}_edit", args=here) if may_edit and is_there else "",
        "deletion_url": reverse(f"desk_{kind}_deletion", args=here) if may_edit and is_there else "",
        "restoration_url": reverse(f"desk_{kind}_restoration", args=here) if may_edit and not is_there else "",
        "erasure_url": reverse("desk_erasure_new", args=here)
        if kind == "contact" and access.rights.may_erase_customers
        else "",
        "duplicates_url": reverse("desk_duplicates", args=[access.portal.pk, kind, record.pk]) if may_merge else "",
    }


def _duplicates(access: DeskAccess, record: DeskRecord) -> dict[str, Any]:
    """Only what is likely: people of the same name in two companies are no news."""
    if record.deleted_at:
        return {"candidates": [], "candidate_count": 0}
    likely = [one for one in find_candidates(record) if one.is_likely]
    pages = PAGES[kind_of(record).name]
    shown = [(one, pages.url(access.portal.pk, one.record.pk)) for one in likely[:_CANDIDATES_SHOWN]]
    return {"candidates": shown, "candidate_count": len(likely)}


def _history_length(request: HttpRequest) -> int:
    asked = request.GET.get("history", "")
    return min(int(asked), _LONGEST_HISTORY) if asked.isdecimal() and len(asked) < 6 else _HISTORY_STEP
