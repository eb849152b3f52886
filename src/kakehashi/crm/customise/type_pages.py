"""What depends on the type of a field: changing it, the records in the way of a rule, trying a formula."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, StaleVersion
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.formula import read_formula
from kakehashi.crm.formulas.parsing import FormulaProblem
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.queries import names_for, visible_records

from .abilities import CONVERSIONS, conversion_refusal
from .field_pages import live_field, render_field_page
from .fields import (
    change_type,
)
from .forms import RESULTS
from .module_pages import PERMISSION, TEMPLATES, number_sent
from .queries import find_own_module, shown_value
from .standing import empty_records, repeated_ids

_SHOWN = 100


@require_http_methods(["GET", "POST"])
@crm_page
def change_of_type(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = live_field(module, field_id)
    refusal = ""
    if request.method == "POST":
        try:
            change_type(found, to=_type_named(request), version=number_sent(request, "version"), actor=access.actor)
        except InvalidValues as refused:
            refusal = str(refused.by_field["type"])
        except StaleVersion as stale:
            refusal = str(stale.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("crm_module", access.org.pk, module.api_name)
    offered = CONVERSIONS.get(FieldType(found.type), {})
    context = {
        "label": schema_of(access.org)[module_name].fields[found.api_name].label,
        "type_label": FieldType(found.type).label,
        "types": [
            {"key": kind.value, "label": kind.label, "refusal": conversion_refusal(found, kind)}
            for kind in FieldType
            if kind != found.type
        ],
        "chosen": next(iter(offered), ""),
        "refusal": refusal,
        "version": found.version,
    }
    return render_field_page(request, access, module, "field_type.html", context, status=422 if refusal else 200)


@require_GET
@crm_page
def obstacles(request: HttpRequest, access: CrmAccess, module_name: str, field_id: int) -> HttpResponse:
    """The records that stand in the way of a rule, those that this person may see."""
    access.require(PERMISSION)
    module = find_own_module(access.org, module_name)
    found = live_field(module, field_id)
    schema = schema_of(access.org)[module_name]
    label = schema.fields[found.api_name].label
    records = visible_records(access, schema)
    if request.GET.get("rule") == "required":
        heading = _("Records with nothing in “%(field)s”") % {"field": label}
        records = records.filter(pk__in=empty_records(found).values("pk"))
    else:
        heading = _("Records that share a value in “%(field)s”") % {"field": label}
        records = records.filter(pk__in=repeated_ids(found))
    shown = sorted(records[:_SHOWN], key=lambda one: (str(one.values.get(found.api_name, "")), one.name))
    names = names_for(shown, schema)
    rows = [
        (
            one.name,
            reverse("crm_record", args=[access.org.pk, module.api_name, one.pk]),
            shown_value(one.values.get(found.api_name), schema.fields[found.api_name], names),
        )
        for one in shown
    ]
    context = {"rows": rows, "count": records.count(), "heading": heading, "label": label}
    return render_field_page(request, access, module, "obstacles.html", context)


@require_POST
@crm_page
def formula(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """While an administrator types: what is wrong with a formula, or what it gives for the latest records."""
    access.require(PERMISSION)
    schema = schema_of(access.org)[module_name]
    text = request.POST.get("expression", "")
    template = f"{TEMPLATES}/formula_check.html"
    try:
        read = read_formula(text, schema.fields)
    except FormulaProblem as problem:
        at = problem.position
        context: dict[str, Any] = {"problem": problem.reason.sentence, "before": text[:at], "after": text[at : at + 20]}
        return render(request, template, context)
    like = FieldSchema(0, "", "", RESULTS[read.returns])
    latest = list(visible_records(access, schema).order_by("-modified_at", "-pk")[:3])
    names = names_for(latest, schema)
    decimals = min(number_sent(request, "decimals"), 6)
    samples = [(one.name, shown_value(read.result(one.values, decimals=decimals), like, names)) for one in latest]
    return render(request, template, {"returns": RESULTS[read.returns].label, "samples": samples})


def _type_named(request: HttpRequest) -> FieldType:
    name = request.POST.get("type", "")
    if name not in FieldType.values:
        raise InvalidValues({"type": _("Choose a type.")})
    return FieldType(name)
