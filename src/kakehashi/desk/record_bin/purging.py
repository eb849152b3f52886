"""The page on which records in the recycle bin are deleted for good: what there is first, then typed words."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import Text
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.record_merging.kinds import PAGES, kind_named
from kakehashi.desk.records.writing import Kind
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

from .actions import purge_records
from .choosing import chosen_ids
from .queries import binned, merged_into
from .ties import ties_of

_NAMES_SHOWN = 10


@require_http_methods(["GET", "POST"])
@desk_page
def records_purging(request: HttpRequest, access: DeskAccess, record_kind: str) -> HttpResponse:
    """What would be erased, with counts; POST with the typed words does it. A selection that is posted first is shown."""
    access.require("may_erase_customers")
    kind = kind_named(record_kind)
    records = list(binned(access.portal, kind).filter(pk__in=chosen_ids(request)).order_by("-deleted_at", "-pk"))
    ids = [record.pk for record in records]
    if request.method == "POST" and "typed" not in request.POST:
        query = urlencode({"selected": ids}, doseq=True)
        return redirect(f"{reverse('desk_records_purging', args=[access.portal.pk, kind.name])}?{query}")
    words, typed = pgettext("typed to confirm", "delete for good"), request.POST.get("typed", "").strip()
    if request.method == "GET" or typed != words or not records:
        return _show(request, access, kind, records, words=words, typed=typed)
    gone = purge_records(kind, access.portal, ids=ids, actor=access.actor)
    said = ngettext("%(count)d record was erased.", "%(count)d records were erased.", len(gone))
    add_toast(request, said % {"count": len(gone)})
    return redirect("desk_record_bin", access.portal.pk, kind.name)


def _show(
    request: HttpRequest, access: DeskAccess, kind: Kind[Any], records: Sequence[Any], *, words: str, typed: str
) -> HttpResponse:
    is_sent = request.method == "POST"
    context = {
        "access": access,
        "kind": kind.name,
        "plural": PAGES[kind.name].plural,
        "records": records,
        "names": [record.name for record in records[:_NAMES_SHOWN]],
        "lines": _lines(access, kind, [record.pk for record in records]),
        "words": words,
        "typed": typed,
        "is_wrong": is_sent and bool(records),
        "bin_url": reverse("desk_record_bin", args=[access.portal.pk, kind.name]),
    }
    return render_page(
        request,
        "desk/record_bin/templates/purging.html",
        context,
        workspace=workspace_of(access),
        active=PAGES[kind.name].tab,
        status=422 if is_sent else 200,
    )


def _lines(access: DeskAccess, kind: Kind[Any], ids: Sequence[int]) -> list[tuple[Text, int]]:
    """What goes along, and what stays and loses something: (words, how many)."""
    ties = sum(ties_of(kind, access.portal, ids).values(), Counter[str]())
    counts = [
        (PAGES[kind.name].plural, len(ids)),
        (_("Merged into them before"), len(merged_into(kind, access.portal, ids))),
        (_("Targets and business hours of their own, which go with them"), ties["promise"]),
        (_("Tickets that name them; they stay and name nobody in their place"), ties["ticket"]),
        (_("Contacts of theirs; they stay, without an account"), ties["contact"]),
    ]
    return [(words, count) for words, count in counts if count]
