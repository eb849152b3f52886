"""Reading a person's signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess

from .kinds import SignalKind, kind_named
from .models import Signal

BELL_SIGNALS = 20


@dataclass(frozen=True, slots=True)
class ShownSignal:
    signal: Signal
    kind: SignalKind
    sentence: Text
    url: str


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """What is new of one customer, newest first."""

    heading: str
    signals: Sequence[ShownSignal]


def signals_of(access: CrmAccess) -> QuerySet[Signal]:
    """Everything this person was told in this org, newest first."""
    return (
        Signal.objects.filter(org_id=access.org.pk, person_id=access.person.pk)
        .select_related("record")
        .defer("record__search", "record__values")
        .order_by("-pk")
    )


def grouped(signals: Sequence[Signal]) -> list[SignalGroup]:
    """By customer; the customer with the newest signal stands first."""
    shown = [one for signal in signals if (one := _shown(signal))]
    order: dict[int, int] = {}
    for one in shown:
        order.setdefault(one.signal.record_id or 0, len(order))
    ranked = sorted(shown, key=lambda one: order[one.signal.record_id or 0])
    return [
        SignalGroup(record.name if record else "", list(group))
        for record, group in groupby(ranked, key=lambda one: one.signal.record)
    ]


def _shown(signal: Signal) -> ShownSignal | None:
    kind = kind_named(signal.kind)
    return ShownSignal(signal, kind, kind.sentence(signal), kind.url(signal)) if kind else None
