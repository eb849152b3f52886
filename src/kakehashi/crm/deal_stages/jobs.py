"""Deals follow a change of their stages in the background, a batch per transaction; run again after a kill, a job goes on where it was."""

from collections.abc import Iterator, Mapping
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.core.jobs import RETRY, jobs
from kakehashi.crm.deals.stages import MODULE, STAGE
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record

BATCH = 500


@jobs.task(name="crm.replace_stage_in_deals", retry=RETRY)
def replace_stage_in_deals(org_id: int, stage: str, replacement: str, person_id: int | None, name: str) -> None:
    module = _deals(org_id)
    _write_each(module, {STAGE: stage}, {STAGE: replacement}, Actor(person_id, name))


@jobs.task(name="crm.follow_stage_in_deals", retry=RETRY)
def follow_stage_in_deals(org_id: int, stage: str, probability: int, person_id: int | None, name: str) -> None:
    """The deals of a stage that had its former probability take its present one; those with their own keep theirs."""
    module = _deals(org_id)
    known = {STAGE: stage, "Probability": str(probability)}
    _write_each(module, known, {"Probability": None}, Actor(person_id, name))


def _deals(org_id: int) -> ModuleSchema:
    return schema_of(Org.objects.get(pk=org_id))[MODULE]


def _write_each(module: ModuleSchema, held: Mapping[str, Any], values: Mapping[str, Any], actor: Actor) -> None:
    for ids in _batches(module, held):
        write_records(module, drafts=[RecordDraft(values, record_id=record_id) for record_id in ids], actor=actor)


def _batches(module: ModuleSchema, held: Mapping[str, Any]) -> Iterator[list[int]]:
    """Those that hold these values, in the order of their ids, so that what refuses to change is passed once."""
    last = 0
    while True:
        rows = Record.objects.filter(
            org_id=module.org_id, module_id=module.id, deleted_at=None, pk__gt=last, values__contains=dict(held)
        )
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]
