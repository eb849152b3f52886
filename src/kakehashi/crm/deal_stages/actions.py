"""Changes of an org's own list of stages. What is stored in deals never changes its value by this, only by a job that tells of it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.deals.rules import REASON
from kakehashi.crm.deals.stages import MODULE, STAGE, Stage, StageType, all_stages, stages_of
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org

from .jobs import follow_stage_in_deals, replace_stage_in_deals

Entry = dict[str, Any]
_LAST = {
    StageType.OPEN: _("There has to be a stage for open deals."),
    StageType.WON: _("There has to be a stage for deals that are won."),
    StageType.LOST: _("There has to be a stage for deals that are lost."),
}


@transaction.atomic
def add_stage(org: Org, *, label: str, kind: StageType, probability: int, colour: str, actor: Actor) -> Stage:
    """A stage before the first one that is closed. Raises `InvalidValues` when there is one of that name."""
    field, module = _locked(org)
    if _is_taken(label, module):
        raise InvalidValues({"label": _("There is a stage of this name already.")})
    value = _free_value(label, module)
    entry = _entry({"value": value}, label, kind, probability, colour)
    entries = list(field.options["choices"])
    known = all_stages(module)
    closed = (at for at, other in enumerate(entries) if not known[other["value"]].is_open)
    entries.insert(next(closed, len(entries)) if kind == StageType.OPEN else len(entries), entry)
    return _keep(field, org, entries, "added", value, actor)


@transaction.atomic
def change_stage(
    org: Org, value: str, *, label: str, kind: StageType, probability: int, colour: str, actor: Actor
) -> Stage:
    """Other words, likelihood, type or colour. Deals that followed the stage's probability follow the new one. Raises `InvalidValues`."""
    field, module = _locked(org)
    before = _known(module, value)
    if _is_taken(label, module, besides=value):
        raise InvalidValues({"label": _("There is a stage of this name already.")})
    if before.type != kind and _is_last(before, module):
        raise InvalidValues({"kind": _LAST[before.type]})
    said = "" if label == str(before.label) else label  # a standard name nobody changed stays translated
    entries = [
        _entry(entry, said, kind, probability, colour) if entry["value"] == value else entry
        for entry in field.options["choices"]
    ]
    after = _keep(field, org, entries, "updated", value, actor)
    if (before.probability, before.type) != (after.probability, after.type):
        follow_stage_in_deals.defer(
            org_id=org.pk, stage=value, probability=before.probability, person_id=actor.person_id, name=actor.name
        )
    return after


@transaction.atomic
def order_stages(org: Org, values: Sequence[str], *, actor: Actor) -> None:
    """Into this order; stages that are not named keep their places behind them."""
    field, _module = _locked(org)
    places = {value: place for place, value in enumerate(values)}
    entries = sorted(field.options["choices"], key=lambda entry: places.get(entry["value"], len(places)))
    if entries != field.options["choices"]:
        _keep(field, org, entries, "ordered", entries[0]["value"], actor)


@transaction.atomic
def retire_stage(org: Org, value: str, *, replacement: str, actor: Actor) -> Stage:
    """Not offered any more; its deals move to the replacement, in the background. Raises `InvalidValues`."""
    field, module = _locked(org)
    stage, target = _known(module, value), _known(module, replacement)
    if _is_last(stage, module):
        raise InvalidValues({"replacement": _LAST[stage.type]})
    if target.is_retired or target == stage:
        raise InvalidValues({"replacement": _("Choose a stage that stays.")})
    if target.is_lost and not stage.is_lost and REASON in module.fields and module.fields[REASON].is_required:
        raise InvalidValues({"replacement": _("Lost deals need a reason here. Choose another stage.")})
    entries = [
        {**entry, "is_retired": True} if entry["value"] == value else entry for entry in field.options["choices"]
    ]
    retired = _keep(field, org, entries, "retired", value, actor)
    replace_stage_in_deals.defer(
        org_id=org.pk, stage=value, replacement=replacement, person_id=actor.person_id, name=actor.name
    )
    return retired


@transaction.atomic
def offer_stage(org: Org, value: str, *, actor: Actor) -> Stage:
    """A retired stage is offered again."""
    field, module = _locked(org)
    _known(module, value)
    entries = [
        {name: told for name, told in entry.items() if entry["value"] != value or name != "is_retired"}
        for entry in field.options["choices"]
    ]
    return _keep(field, org, entries, "offered", value, actor)


def _locked(org: Org) -> tuple[Field, ModuleSchema]:
    """The list as it stands in the database now, with its org locked: two administrators do not overwrite each other."""
    fresh = Org.objects.select_for_update().get(pk=org.pk)
    module = schema_of(fresh)[MODULE]
    return Field.objects.get(pk=module.fields[STAGE].id), module


def _keep(field: Field, org: Org, entries: Sequence[Entry], deed: str, value: str, actor: Actor) -> Stage:
    field.options = {**field.options, "choices": list(entries)}
    field.save(update_fields=["options"])
    bump_schema(org)
    stage = all_stages(schema_of(org)[MODULE])[value]
    data = {"stage": value, "label": str(stage.label), "type": stage.type, "probability": stage.probability}
    write_fact(Fact(org.tenant, f"crm.stage.{deed}", "crm.field", field.pk, data), actor)
    return stage


def _entry(before: Entry, label: str, kind: StageType, probability: int, colour: str) -> Entry:
    """Zoho's names: `probability`, `forecast_type`, `deal_category`. Won is certain, lost is over."""
    certain = {StageType.WON: 100, StageType.LOST: 0}
    return {
        **before,
        "label": label or before.get("label", ""),
        "probability": certain.get(kind, probability),
        "forecast_type": kind.value,
        "deal_category": kind.value,
        "colour": colour,
    }


def _known(module: ModuleSchema, value: str) -> Stage:
    stage = all_stages(module).get(value)
    if stage is None:
        raise NotFound
    return stage


def _is_last(stage: Stage, module: ModuleSchema) -> bool:
    return not [other for other in stages_of(module) if other.type == stage.type and other.value != stage.value]


def _is_taken(label: str, module: ModuleSchema, besides: str = "") -> bool:
    names = {str(stage.label).casefold() for stage in stages_of(module) if stage.value != besides}
    return label.casefold() in names


def _free_value(label: str, module: ModuleSchema) -> str:
    """What is stored is the name as it was typed first, as Zoho does it."""
    known, count, value = all_stages(module), 1, label
    while value in known:
        count += 1
        value = f"{label} {count}"
    return value
