"""Settings > Deals > stages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.crm.deals.stages import MODULE, STAGE, Stage, all_stages, stages_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.htmx import with_toast
from kakehashi.ui.toasts import add_toast

from .actions import add_stage, change_stage, offer_stage, order_stages, retire_stage
from .forms import TYPES, RetirementForm, StageForm

_TEMPLATES = "crm/deal_stages/templates"
_MOST_COUNTED = 10_000


@require_GET
@crm_page
def stages(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("customise_modules")
    known = all_stages(_module(access))
    context = {
        "stages": [_row(access, stage) for stage in known.values() if not stage.is_retired],
        "retired": [_row(access, stage) for stage in known.values() if stage.is_retired],
        "new_url": reverse("crm_stage_new", args=[access.org.pk]),
        "order_url": reverse("crm_stage_order", args=[access.org.pk]),
    }
    return render_settings(request, access, f"{_TEMPLATES}/stages.html", "stages", context)


@require_http_methods(["GET", "POST"])
@crm_page
def new(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("customise_modules")
    form = StageForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_stage(access.org, **form.cleaned_data, actor=access.actor)
        except InvalidValues as refused:
            _refuse(form, refused)
        else:
            add_toast(request, _("“%(name)s” was added.") % {"name": made.label})
            return redirect("crm_stages", access.org.pk)
    return _show(request, access, "stage.html", {"form": form})


@require_http_methods(["GET", "POST"])
@crm_page
def stage(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """`?stage=` says which."""
    access.require("customise_modules")
    chosen = _chosen(request, access)
    form = StageForm(chosen, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_stage(access.org, chosen.value, **form.cleaned_data, actor=access.actor)
        except InvalidValues as refused:
            _refuse(form, refused)
        else:
            add_toast(request, _("Saved."))
            return redirect("crm_stages", access.org.pk)
    return _show(request, access, "stage.html", {"form": form, "stage": chosen})


@require_http_methods(["GET", "POST"])
@crm_page
def retirement(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What becomes of the deals of a stage that is not offered any more."""
    access.require("customise_modules")
    chosen = _chosen(request, access)
    others = [other for other in stages_of(_module(access)) if other.value != chosen.value]
    alike = sorted(others, key=lambda other: other.type != chosen.type)
    form = RetirementForm(alike, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            retire_stage(access.org, chosen.value, replacement=form.cleaned_data["replacement"], actor=access.actor)
        except InvalidValues as refused:
            _refuse(form, refused)
        else:
            add_toast(
                request, _("“%(name)s” is not offered any more; its deals are being moved.") % {"name": chosen.label}
            )
            return redirect("crm_stages", access.org.pk)
    context = {"form": form, "stage": chosen, "count": _count(access, chosen), "most_counted": _MOST_COUNTED}
    return _show(request, access, "retirement.html", context)


@require_POST
@crm_page
def offer(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("customise_modules")
    chosen = _chosen(request, access)
    offer_stage(access.org, chosen.value, actor=access.actor)
    add_toast(request, _("“%(name)s” is offered again.") % {"name": chosen.label})
    return redirect("crm_stages", access.org.pk)


@require_POST
@crm_page
def order(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("customise_modules")
    order_stages(access.org, request.POST.getlist("order"), actor=access.actor)
    return with_toast(HttpResponse(status=204), _("The order was saved."))


def _show(request: HttpRequest, access: CrmAccess, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context["stages_url"] = reverse("crm_stages", args=[access.org.pk])
    return render_settings(request, access, f"{_TEMPLATES}/{template}", "stages", context, status=status)


def _module(access: CrmAccess) -> ModuleSchema:
    """As it is, not as the profile of whoever customises it may see it."""
    return schema_of(access.org)[MODULE]


def _chosen(request: HttpRequest, access: CrmAccess) -> Stage:
    found = all_stages(_module(access)).get(request.GET.get("stage", ""))
    if found is None:
        raise NotFound
    return found


def _refuse(form: Any, refused: InvalidValues) -> None:
    for name, sentence in refused.by_field.items():
        form.add_error(name, str(sentence))


def _count(access: CrmAccess, stage: Stage) -> int:
    module = _module(access)
    rows = Record.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at=None)
    return rows.filter(values__contains={STAGE: stage.value}).values("pk")[: _MOST_COUNTED + 1].count()


def _row(access: CrmAccess, stage: Stage) -> dict[str, Any]:
    query = urlencode({"stage": stage.value})
    addresses = {
        name: f"{reverse(f'crm_stage{suffix}', args=[access.org.pk])}?{query}"
        for name, suffix in (("edit_url", ""), ("retire_url", "_retirement"), ("offer_url", "_offer"))
    }
    return {"stage": stage, "type": dict(TYPES)[stage.type.value], **addresses}
