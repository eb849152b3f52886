"""What becomes of one record in a mass action, and the records of a batch, held while it is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from kakehashi.core.actors import Actor
from kakehashi.core.fields.reasons import Reason
from kakehashi.crm.records.models import Record

from .models import MassAction, MassRowState

NOT_YOURS = Reason(gettext_noop("You may not change this record."))
GONE = Reason(gettext_noop("The record was deleted meanwhile."))
CHANGED_SINCE = Reason(gettext_noop("Somebody changed it since."))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record."""

    record_id: int
    state: MassRowState
    before: Mapping[str, Any] | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def actor_of(action: MassAction) -> Actor:
    """The person who started it, with the action as origin, so that timelines can say so."""
    return Actor(action.started_by_id, action.started_by_name, f"mass_action:{action.pk}")


def locked(records: QuerySet[Record], ids: Sequence[int]) -> dict[int, Record]:
    """Held until the batch is written, so that nobody's change slips between our look and our writing."""
    found: Iterable[Record] = records.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return {record.pk: record for record in found}


def refused(ids: Sequence[int], allowed: Mapping[int, Record]) -> list[Outcome]:
    return [Outcome(pk, MassRowState.SKIPPED, reasons={"": NOT_YOURS}) for pk in ids if pk not in allowed]


def missing(ids: Sequence[int], found: Mapping[int, Record]) -> list[Outcome]:
    return [Outcome(pk, MassRowState.SKIPPED, reasons={"": GONE}) for pk in ids if pk not in found]
