"""Converting leads, and taking that back."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, ProductError, StaleVersion, Text
from kakehashi.core.ids import ids_in, version_in
from kakehashi.crm.list_views.cells import Cell, row_cells
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import editable_records, names_for
from kakehashi.ui.htmx import is_fragment, with_toast

from .actions import ACCOUNTS, CONTACTS, DEALS, LEADS, LeadIsConverted, convert_lead
from .converting import NEW, Converting
from .models import Conversion
from .queries import find_conversion
from .undoing import Reverted, revert, untouched

_TEMPLATES = "crm/leads/templates"
_MOST_AT_ONCE = 50


@require_http_methods(["GET", "POST"])
@crm_page
def convert(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Where the chosen leads go. POST from a list leads here; POST of the form converts."""
    access.require("edit_records", access.schema[LEADS])
    sent = request.POST if request.method == "POST" else request.GET
    leads = _chosen(access, sent)
    if request.method == "POST" and "convert" not in request.POST:
        query = urlencode({"selected": [lead.pk for lead in leads]}, doseq=True)
        return redirect(f"{reverse('crm_convert', args=[access.org.pk])}?{query}")
    if not leads:
        return _show_nothing(request, access)
    if request.method == "POST":
        return _convert(request, access, leads)
    return _show(request, Converting(access, leads))


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, conversion_id: int) -> HttpResponse:
    """What a lead became, and what taking that back would do."""
    conversion = find_conversion(access, conversion_id)
    module = access.schema[LEADS]
    context = {
        "conversion": conversion,
        "module": module,
        "parts": _parts(access, conversion),
        "going": [] if conversion.undone_at else untouched(conversion),
        "facts": _facts(access, module, conversion.lead),
        "made": [int(pk) for pk in conversion.deeds.get("made", {})],
        "list_url": reverse("crm_list", args=[access.org.pk, LEADS]),
        "lead_url": reverse("crm_record", args=[access.org.pk, LEADS, conversion.lead_id]),
        "undo_url": reverse("crm_conversion_undoing", args=[access.org.pk, conversion.pk]),
        "may_undo": access.may("edit_records", module),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/converted.html", context)


@require_POST
@crm_page
def undoing(request: HttpRequest, access: CrmAccess, conversion_id: int) -> HttpResponse:
    """The lead comes back."""
    conversion = find_conversion(access, conversion_id)
    access.require("edit_records", access.schema[LEADS])
    lead_url = reverse("crm_record", args=[access.org.pk, LEADS, conversion.lead_id])
    try:
        reverted = revert(schema_of(access.org), conversion, actor=access.actor)
    except ProductError as refused:
        if is_fragment(request):
            return with_toast(HttpResponse(status=204), _sentence(refused))
        messages.error(request, str(_sentence(refused)))
        return redirect("crm_conversion", access.org.pk, conversion.pk)
    messages.success(request, _reverted_sentence(reverted))
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": lead_url})
    return redirect(lead_url)


def _convert(request: HttpRequest, access: CrmAccess, leads: Sequence[Record]) -> HttpResponse:
    converting = Converting(access, leads, request.POST)
    for target in converting.targets:
        if target.chosen == NEW:
            access.require("create_records", target.module)
    if not converting.is_valid():
        return _show(request, converting, status=422)
    lead = leads[0]
    try:
        with transaction.atomic():
            done: list[Conversion] = []
            for lead in leads:
                plan = converting.plan_for(
                    lead, done[0].account_id if done else None, done[0].deal_id if done else None
                )
                version = _version(request.POST, lead)
                done.append(
                    convert_lead(schema_of(access.org), lead.pk, version=version, plan=plan, actor=access.actor)
                )
    except InvalidValues as refused:
        converting.refuse(refused, lead)
        return _show(request, converting, status=422)
    except (StaleVersion, LeadIsConverted) as refused:
        return _show(request, converting, notice=refused.message, status=409)
    return _land(request, access, leads, done)


def _land(request: HttpRequest, access: CrmAccess, leads: Sequence[Record], done: Sequence[Conversion]) -> HttpResponse:
    """On what the person wants to see next: the deal, else the contact; of several leads the deal or the account."""
    first = done[0]
    said = _("The lead “%(name)s” was converted.") if len(done) == 1 else _("%(count)d leads were converted.")
    undo = reverse("crm_conversion_undoing", args=[access.org.pk, first.pk]) if len(done) == 1 else ""
    messages.success(request, said % {"name": leads[0].name, "count": len(done)}, extra_tags=undo)
    if first.deal_id:
        return redirect("crm_record", access.org.pk, DEALS, first.deal_id)
    if len(done) > 1 and first.account_id:
        return redirect("crm_record", access.org.pk, ACCOUNTS, first.account_id)
    return redirect("crm_record", access.org.pk, CONTACTS, first.contact_id)


def _chosen(access: CrmAccess, sent: QueryDict) -> list[Record]:
    texts = sent.getlist("selected")[:_MOST_AT_ONCE]
    ids = ids_in(texts)
    return list(editable_records(access, access.schema[LEADS]).filter(pk__in=ids).order_by("pk"))


def _version(sent: QueryDict, lead: Record) -> int:
    text = sent.get(f"version-{lead.pk}", "")
    return version_in(text)


def _show(request: HttpRequest, converting: Converting, *, notice: Text = "", status: int = 200) -> HttpResponse:
    access = converting.access
    module = access.schema[LEADS]
    context = {
        "converting": converting,
        "module": module,
        "notice": notice,
        "has_refusals": any(target.refusals for target in converting.targets),
        "is_mixed": len(converting.companies) > 1,
        "choices": {
            name: reverse("crm_choices", args=[access.org.pk, name])
            for name in (ACCOUNTS, CONTACTS, DEALS)
            if name in access.schema
        },
        "list_url": reverse("crm_list", args=[access.org.pk, LEADS]),
        "carry_to": request.POST.get("carry_to", CONTACTS),
    }
    return render_module_page(request, access, module, f"{_TEMPLATES}/convert.html", context, status=status)


def _show_nothing(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    module = access.schema[LEADS]
    context = {"module": module, "list_url": reverse("crm_list", args=[access.org.pk, LEADS])}
    return render_module_page(request, access, module, f"{_TEMPLATES}/nothing.html", context, status=422)


def _facts(access: CrmAccess, module: ModuleSchema, lead: Record) -> list[Cell]:
    """What is known of the lead itself, as it was."""
    cells = row_cells(access.org.pk, lead, module, names_for([lead], module, access), module.fields)
    return [cell for cell in cells if cell.text]


def _parts(access: CrmAccess, conversion: Conversion) -> list[dict[str, object]]:
    found = {CONTACTS: conversion.contact, ACCOUNTS: conversion.account, DEALS: conversion.deal}
    return [
        {
            "module": access.schema[name],
            "record": record,
            "url": reverse("crm_record", args=[access.org.pk, name, record.pk]),
        }
        for name, record in found.items()
        if record and name in access.schema
    ]


def _sentence(refused: ProductError) -> Text:
    return (
        " ".join(str(one) for one in refused.by_field.values())
        if isinstance(refused, InvalidValues)
        else refused.message
    )


def _reverted_sentence(reverted: Reverted) -> str:
    said = [_("The lead is back.")]
    if reverted.removed:
        said.append(_("Moved to the recycle bin: %(names)s.") % {"names": _listed(reverted.removed)})
    if reverted.kept:
        said.append(_("In use by now, so kept: %(names)s.") % {"names": _listed(reverted.kept)})
    return " ".join(said)


def _listed(records: Sequence[Record]) -> str:
    return pgettext("between things", ", ").join(record.name for record in records)
