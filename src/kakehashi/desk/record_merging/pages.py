"""Finding duplicates, comparing records side by side, merging them, and taking that back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound, ProductError, StaleVersion, Text
from kakehashi.core.ids import ids_in, version_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.records.writing import Kind
from kakehashi.ui.htmx import is_fragment, with_toast
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

from .actions import MOST_RECORDS, NeedsTwoRecords, merge_records
from .candidates import find_candidates
from .comparing import Contest
from .images import DEPARTMENTS
from .kinds import KINDS, PAGES, kind_named
from .models import RecordMerge
from .queries import find_merge
from .undoing import Parted, fields_changed_since, unmerge

_HERE = "desk/record_merging/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def compare(request: HttpRequest, access: DeskAccess, record_kind: str) -> HttpResponse:
    """The chosen records side by side. POST from a list leads here; POST of the form merges."""
    access.require("may_merge_customers")
    kind = kind_named(record_kind)
    sent = request.POST if request.method == "POST" else request.GET
    ids = _chosen(sent)
    if request.method == "POST" and "survivor" not in request.POST:
        address = reverse("desk_record_merge_new", args=[access.portal.pk, kind.name])
        return redirect(f"{address}?{urlencode({'selected': ids}, doseq=True)}")
    rows = kind.rows().filter(portal=access.portal, pk__in=ids, deleted_at__isnull=True)
    records = list(rows.defer("search").order_by("pk"))
    if len(records) < 2:
        return _show_too_few(request, access, kind)
    if request.method == "POST":
        return _merge(request, access, kind, records)
    return _show(request, Contest(access, kind, records))


@require_GET
@desk_page
def duplicates(request: HttpRequest, access: DeskAccess, record_kind: str, desk_record_id: int) -> HttpResponse:
    """Who could be the same as this record, and why."""
    access.require("may_merge_customers")
    kind = kind_named(record_kind)
    record = (
        kind.rows().filter(portal=access.portal, pk=desk_record_id, deleted_at__isnull=True).defer("search").first()
    )
    if record is None:
        raise NotFound
    pages = PAGES[kind.name]
    found = find_candidates(record)
    context = {
        "record": record,
        "record_url": pages.url(access.portal.pk, record.pk),
        "merge_url": reverse("desk_record_merge_new", args=[access.portal.pk, kind.name]),
        "candidates": [(one, _listed(one.evidence), pages.url(access.portal.pk, one.record.pk)) for one in found],
        "options_url": reverse(f"desk_{kind.name}_options", args=[access.portal.pk]),
    }
    return _page(request, access, kind, "duplicates.html", context)


@require_GET
@desk_page
def merge_page(request: HttpRequest, access: DeskAccess, record_merge_id: int) -> HttpResponse:
    """What was merged, and what taking it back would do."""
    merge, survivor, losers = find_merge(access.portal, record_merge_id)
    kind = KINDS[merge.kind]
    kept = [] if merge.undone_at or survivor.deleted_at else fields_changed_since(merge)
    context = {
        "merge": merge,
        "survivor": survivor,
        "losers": losers,
        "moved": merge.moved.count(),
        "survivor_url": PAGES[kind.name].url(access.portal.pk, survivor.pk),
        "kept": _listed(_labels(kind, kept)),
        "undo_url": reverse("desk_record_unmerging", args=[access.portal.pk, merge.pk]),
        "may_undo": access.rights.may_merge_customers,
    }
    return _page(request, access, kind, "merge.html", context)


@require_POST
@desk_page
def unmerging(request: HttpRequest, access: DeskAccess, record_merge_id: int) -> HttpResponse:
    """Everybody as they were, as far as nobody changed it since."""
    access.require("may_merge_customers")
    merge, survivor, _losers = find_merge(access.portal, record_merge_id)
    try:
        parted = unmerge(access.portal, merge.pk, actor=access.actor)
    except ProductError as refused:
        return _refuse(request, access, merge, refused)
    add_toast(request, _parted_sentence(parted))
    url = PAGES[merge.kind].url(access.portal.pk, survivor.pk)
    if is_fragment(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return redirect(url)


def _merge(request: HttpRequest, access: DeskAccess, kind: Kind[Any], records: Sequence[Any]) -> HttpResponse:
    contest = Contest(access, kind, records, request.POST)
    try:
        merge = merge_records(
            access.portal,
            kind,
            survivor_id=contest.survivor.id,
            versions=_versions(request.POST, records),
            values=contest.values(),
            keeps_addresses=contest.keeps_addresses,
            actor=access.actor,
        )
    except InvalidValues as invalid:
        return _show(request, contest, refusals=invalid.by_field, status=422)
    except StaleVersion:
        return _show(request, contest, is_stale=True, status=409)
    said = ngettext(
        "%(count)d record was merged into “%(name)s”.",
        "%(count)d records were merged into “%(name)s”.",
        len(records) - 1,
    )
    survivor = kind.rows().get(pk=merge.survivor_id)
    undo = reverse("desk_record_unmerging", args=[access.portal.pk, merge.pk])
    add_toast(request, said % {"count": len(records) - 1, "name": survivor.name}, undo=undo)
    return redirect(PAGES[kind.name].url(access.portal.pk, survivor.pk))


def _versions(sent: QueryDict, records: Sequence[Any]) -> dict[int, int]:
    """As the form was opened with; one that it does not name never fits."""
    texts = {record.pk: sent.get(f"version-{record.pk}", "") for record in records}
    return {pk: version_in(text) for pk, text in texts.items()}


def _chosen(sent: QueryDict) -> list[int]:
    texts = sent.getlist("selected")[:MOST_RECORDS]
    return ids_in(texts)


def _show(
    request: HttpRequest,
    contest: Contest,
    *,
    refusals: Mapping[str, Text] | None = None,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    refusals = refusals or {}
    comparison = contest.comparison(refusals)
    shown = {row.name for row in (*comparison.rows, *comparison.same)}
    context = {
        "comparison": comparison,
        "count": len(contest.records),
        "is_stale": is_stale,
        "refusals": [sentence for name, sentence in refusals.items() if name not in shown],
        "has_refusals": bool(refusals),
        "has_addresses": contest.has_addresses,
        "keeps_addresses": contest.keeps_addresses,
    }
    return _page(request, contest.access, contest.kind, "compare.html", context, status=status)


def _show_too_few(request: HttpRequest, access: DeskAccess, kind: Kind[Any]) -> HttpResponse:
    return _page(request, access, kind, "too_few.html", {"sentence": NeedsTwoRecords.message}, status=422)


def _page(
    request: HttpRequest,
    access: DeskAccess,
    kind: Kind[Any],
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    pages = PAGES[kind.name]
    frame = {"access": access, "plural": pages.plural, "list_url": reverse(pages.list, args=[access.portal.pk])}
    return render_page(
        request,
        f"{_HERE}/{template}",
        {**frame, **context},
        workspace=workspace_of(access),
        active=pages.tab,
        status=status,
    )


def _refuse(request: HttpRequest, access: DeskAccess, merge: RecordMerge, refused: ProductError) -> HttpResponse:
    if is_fragment(request):
        return with_toast(HttpResponse(status=204), refused.message)
    messages.error(request, str(refused.message))
    return redirect("desk_record_merge", access.portal.pk, merge.pk)


def _parted_sentence(parted: Parted) -> str:
    said = [_("The merge was taken back.")]
    if labels := _labels(KINDS[parted.merge.kind], parted.kept):
        said.append(_("Changed since, so left as it is: %(fields)s.") % {"fields": _listed(labels)})
    return " ".join(said)


def _labels(kind: Kind[Any], names: Sequence[str]) -> list[Text]:
    labels: dict[str, Text] = {field.api_name: field.label for field in kind.fields}
    labels |= {"cf": _("Custom fields"), DEPARTMENTS: _("Departments")}
    return [labels[name] for name in names if name in labels]


def _listed(names: Sequence[Text]) -> str:
    return pgettext("between things", ", ").join(str(name) for name in names)
