"""Finding duplicates, comparing records side by side, merging them, and taking that back."""

from collections.abc import Mapping, Sequence

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
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import deletable_records, editable_records, find_record, values_of, visible_records
from kakehashi.ui.htmx import is_fragment, with_toast

from .actions import NeedsTwoRecords, merge_records
from .candidates import find_candidates
from .comparing import Contest
from .models import Merge
from .queries import find_merge
from .undoing import Parted, fields_changed_since, unmerge

_TEMPLATES = "crm/merging/templates"
_MOST_AT_ONCE = 200


@require_http_methods(["GET", "POST"])
@crm_page
def compare(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """The chosen records side by side. POST from a list leads here; POST of the form merges."""
    module = access.schema[module_name]
    access.require("edit_records", module)
    access.require("delete_records", module)
    sent = request.POST if request.method == "POST" else request.GET
    ids = _chosen(sent)
    if request.method == "POST" and "survivor" not in request.POST:
        address = reverse("crm_merge_new", args=[access.org.pk, module.api_name])
        return redirect(f"{address}?{urlencode({'selected': ids}, doseq=True)}")
    records, left_out = _mergeable(access, module, ids)
    if len(records) < 2:
        return _show_too_few(request, access, module, left_out)
    if request.method == "POST":
        return _merge(request, access, module, records)
    return _show(request, Contest(access, module, records), left_out=left_out)


@require_GET
@crm_page
def similar(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """Who could be the same as this record, and why."""
    record = find_record(access, module_name, record_id)
    module = access.schema[module_name]
    access.require("edit_records", module)
    access.require("delete_records", module)
    found = find_candidates(access, module, values_of(record, module), except_id=record.pk)
    context = {
        "record": record,
        "module": module,
        "record_url": _record_url(access, module, record.pk),
        "merge_url": reverse("crm_merge_new", args=[access.org.pk, module.api_name]),
        "candidates": [(one, _listed(one.evidence), _record_url(access, module, one.record.pk)) for one in found],
        "choices_url": reverse("crm_choices", args=[access.org.pk, module.api_name]),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/similar.html", context)


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, merge_id: int) -> HttpResponse:
    """What was merged, and what taking it back would do."""
    merge, survivor = find_merge(access, merge_id)
    module = access.schema.by_id[merge.module_id]
    kept = [] if merge.undone_at else fields_changed_since(merge, survivor)
    context = {
        "merge": merge,
        "survivor": survivor,
        "module": module,
        "survivor_url": _record_url(access, module, survivor.pk),
        "losers": [row.record for row in merge.losers.select_related("record").order_by("pk")],
        "relations": merge.moved_lookups.count(),
        "kept": _listed([module.fields[name].label for name in kept if name in module.fields]),
        "undo_url": reverse("crm_merge_undoing", args=[access.org.pk, merge.pk]),
        "may_undo": access.may("edit_records", module) and access.may("delete_records", module),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/show.html", context)


@require_POST
@crm_page
def undoing(request: HttpRequest, access: CrmAccess, merge_id: int) -> HttpResponse:
    """Everybody as they were, as far as nobody changed it since."""
    merge, survivor = find_merge(access, merge_id)
    module = access.schema.by_id[merge.module_id]
    access.require("edit_records", module)
    access.require("delete_records", module)
    if not editable_records(access, module).filter(pk=survivor.pk).exists():
        raise NotFound
    try:
        parted = unmerge(schema_of(access.org), merge, actor=access.actor)
    except ProductError as refused:
        return _refuse(request, access, merge, refused)
    messages.success(request, _parted_sentence(parted, module))
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(_record_url(access, module, survivor.pk))


def _merge(request: HttpRequest, access: CrmAccess, module: ModuleSchema, records: Sequence[Record]) -> HttpResponse:
    contest = Contest(access, module, records, request.POST)
    try:
        merge = merge_records(
            whole := schema_of(access.org),
            whole.by_id[module.id],
            survivor_id=contest.survivor.id,
            versions=_versions(request.POST, records),
            values=contest.values(),
            actor=access.actor,
        )
    except InvalidValues as refused:
        return _show(request, contest, refusals=refused.by_field, status=422)
    except StaleVersion:
        return _show(request, contest, is_stale=True, status=409)
    said = ngettext(
        "%(count)d record was merged into “%(name)s”.",
        "%(count)d records were merged into “%(name)s”.",
        len(records) - 1,
    )
    survivor = Record.objects.get(pk=merge.survivor_id)
    undo = reverse("crm_merge_undoing", args=[access.org.pk, merge.pk])
    messages.success(request, said % {"count": len(records) - 1, "name": survivor.name}, extra_tags=undo)
    return redirect(_record_url(access, module, survivor.pk))


def _mergeable(access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> tuple[list[Record], list[str]]:
    """Those of the chosen that this person may change and remove, and the names of the others."""
    removable = deletable_records(access, module).filter(pk__in=ids).values("pk")
    allowed = editable_records(access, module).filter(pk__in=ids).filter(pk__in=removable)
    records = list(allowed.select_related("owner").order_by("pk"))
    others = visible_records(access, module).filter(pk__in=ids).exclude(pk__in=[record.pk for record in records])
    return records, list(others.values_list("name", flat=True))


def _versions(sent: QueryDict, records: Sequence[Record]) -> dict[int, int]:
    """As the form was opened with; one that it does not name never fits."""
    texts = {record.pk: sent.get(f"version-{record.pk}", "") for record in records}
    return {pk: version_in(text) for pk, text in texts.items()}


def _chosen(sent: QueryDict) -> list[int]:
    texts = sent.getlist("selected")[:_MOST_AT_ONCE]
    return ids_in(texts)


def _show(
    request: HttpRequest,
    contest: Contest,
    *,
    refusals: Mapping[str, Text] | None = None,
    left_out: Sequence[str] = (),
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    refusals = refusals or {}
    access, module = contest.access, contest.module
    comparison = contest.comparison(refusals)
    shown = {row.name for row in (*comparison.rows, *comparison.same)}
    context = {
        "module": module,
        "comparison": comparison,
        "count": len(contest.records),
        "is_stale": is_stale,
        "left_out": _listed(left_out),
        "refusals": [sentence for name, sentence in refusals.items() if name not in shown],
        "has_refusals": bool(refusals),
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/compare.html", context, status=status)


def _show_too_few(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, left_out: Sequence[str]
) -> HttpResponse:
    context = {
        "module": module,
        "left_out": _listed(left_out),
        "sentence": NeedsTwoRecords.message,
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/too_few.html", context, status=422)


def _refuse(request: HttpRequest, access: CrmAccess, merge: Merge, refused: ProductError) -> HttpResponse:
    if is_fragment(request):
        return with_toast(HttpResponse(status=204), _sentence(refused))
    messages.error(request, str(_sentence(refused)))
    return redirect("crm_merge", access.org.pk, merge.pk)


def _sentence(refused: ProductError) -> Text:
    return (
        " ".join(str(one) for one in refused.by_field.values())
        if isinstance(refused, InvalidValues)
        else refused.message
    )


def _parted_sentence(parted: Parted, module: ModuleSchema) -> str:
    said = [_("The merge was taken back.")]
    if labels := [module.fields[name].label for name in parted.kept if name in module.fields]:
        said.append(_("Changed since, so left as it is: %(fields)s.") % {"fields": _listed(labels)})
    if parted.stuck:
        sentence = ngettext(
            "%(count)d related record was changed since and stays.",
            "%(count)d related records were changed since and stay.",
            parted.stuck,
        )
        said.append(sentence % {"count": parted.stuck})
    return " ".join(said)


def _listed(names: Sequence[Text]) -> str:
    return pgettext("between things", ", ").join(str(name) for name in names)


def _record_url(access: CrmAccess, module: ModuleSchema, record_id: int) -> str:
    return reverse("crm_record", args=[access.org.pk, module.api_name, record_id])
