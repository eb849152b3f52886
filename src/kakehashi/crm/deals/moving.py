"""Moving a deal: from the board by mouse or keyboard, from the bar of stages on its page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound, StaleVersion
from kakehashi.core.ids import version_in
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.record_form.forms import RecordForm
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_editable, names_for, values_of
from kakehashi.ui.htmx import with_event, with_toast

from .actions import move_deal, take_move_back
from .stages import STAGE, Stage, stage_named, stages_of


@require_POST
@crm_page
def stage(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """Moves the deal; where the org asks for more there (a closing date, a reason for loss), 422 with a dialog for it."""
    record, module = _movable(access, module_name, record_id)
    target = _chosen(request, module)
    asked = [name for name in request.POST.getlist("asked") if name in module.fields]
    form = _form(access, module, record, asked, request) if asked else None
    if form and not form.is_valid():
        return _ask(request, record, target, form)
    try:
        moved = move_deal(record, stage=target.value, values=form.cleaned_data if form else {}, actor=access.actor)
    except InvalidValues as refused:
        missing = [name for name in refused.by_field if name in module.fields]
        if not missing:  # hidden from this person: only the words can say what is wrong
            raise
        if form:
            form.refuse(refused.by_field)
        form = form or _form(access, module, record, missing)
        return _ask(request, record, target, form)
    return _moved(access, module, moved, target)


@require_POST
@crm_page
def returning(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """The undo of a move."""
    record, _module = _movable(access, module_name, record_id)
    version = version_in(request.GET.get("version", ""))
    if not version:
        raise NotFound
    try:
        take_move_back(record, version=version, actor=access.actor)
    except StaleVersion:
        answer = with_toast(HttpResponse(status=204), _("Somebody changed this deal since; it stays as it is now."))
    else:
        answer = HttpResponse(status=204)
    return with_event(with_event(answer, "record-changed"), "record-moved")


def _movable(access: CrmAccess, module_name: str, record_id: int) -> tuple[Record, ModuleSchema]:
    record = find_editable(access, module_name, record_id)
    module = access.schema[module_name]
    if not stages_of(module):
        raise NotFound
    if module.fields[STAGE].is_read_only:
        raise NotAllowed
    return record, module


def _chosen(request: HttpRequest, module: ModuleSchema) -> Stage:
    value = request.POST.get("stage", "")
    found = stage_named(module, value)
    if found is None or found.is_retired:
        raise InvalidValues({STAGE: _("Choose a stage.")})
    return found


def _form(
    access: CrmAccess, module: ModuleSchema, record: Record, asked: list[str], request: HttpRequest | None = None
) -> RecordForm:
    data = request.POST if request else None
    names = names_for([record], module, access)
    values = values_of(record, module)
    return RecordForm(module, data=data, values=values, names=names, people=members_of(access), only=asked)


def _ask(request: HttpRequest, record: Record, target: Stage, form: RecordForm) -> HttpResponse:
    context: dict[str, Any] = {
        "record": record,
        "stage": target,
        "form": form,
        "asked": list(form.fields),
        "move_url": reverse("crm_deal_stage", args=[record.org_id, form.module.api_name, record.pk]),
    }
    return render(request, "crm/deals/templates/asking.html", context, status=422)


def _moved(access: CrmAccess, module: ModuleSchema, record: Record, target: Stage) -> HttpResponse:
    undo = reverse("crm_deal_stage_return", args=[access.org.pk, module.api_name, record.pk])
    said = _("“%(name)s” was moved to “%(stage)s”.") % {"name": record.name, "stage": target.label}
    answer = with_toast(HttpResponse(status=204), said, undo=f"{undo}?version={record.version}")
    for event in ("record-changed", "record-moved", "close-dialog"):
        answer = with_event(answer, event)
    return answer
