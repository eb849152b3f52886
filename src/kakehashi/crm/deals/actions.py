"""Moving a deal from stage to stage, and back."""

from collections.abc import Mapping
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.core.errors import StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record

from .stages import STAGE


def move_deal(record: Record, *, stage: str, values: Mapping[str, Any], actor: Actor) -> Record:
    """To another stage, with `values` that the org asks for there. Raises `InvalidValues` naming the fields that are missing."""
    return update_record(record, values={**values, STAGE: stage}, actor=actor)


def take_move_back(record: Record, *, version: int, actor: Actor) -> Record:
    """Everything as it was before the move that made `version`. Raises `StaleVersion` when somebody changed the deal since."""
    moved = Event.objects.filter(kind="crm.record", subject_id=record.pk, tenant=f"org:{record.org_id}").order_by("-id")
    event = moved.first()
    changes = event.data.get("changes", {}) if event else {}
    if record.version != version or STAGE not in changes:
        raise StaleVersion
    computed = {"Expected_Revenue"}
    before = {name: old for name, (old, _new) in changes.items() if name not in computed}
    return update_record(record, values=before, actor=actor, version=version)
