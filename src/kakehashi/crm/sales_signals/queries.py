"""Reading a person's signals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

from .kinds import SignalKind, Tell, Words, kind_named
from .models import Channel, Signal

BELL_SIGNALS = 20


@dataclass(frozen=True, slots=True)
class ShownSignal:
    signal: Signal
    kind: SignalKind
    words: Words


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """What is new of one customer, newest first."""

    record: Record | None
    signals: Sequence[ShownSignal]

    @property
    def heading(self) -> str:
        return self.record.name if self.record else ""


def signals_of(access: CrmAccess) -> QuerySet[Signal]:
    """Everything this person was told in this org, newest first."""
    every = shown_to(access.org.pk, access.person.pk)
    return every.select_related("record__module").defer("record__search", "record__values").order_by("-rung_at", "-pk")


def shown_to(org_id: int, person_id: int) -> QuerySet[Signal]:
    """The same, in no order and by themselves."""
    return Signal.objects.filter(org_id=org_id, person_id=person_id, hidden_at=None)


def bell_signals(access: CrmAccess) -> QuerySet[Signal]:
    """Those of them that hang below the bell."""
    return signals_of(access).filter(channel=Channel.BELL, snoozed_until=None)


def grouped(access: CrmAccess, signals: Sequence[Signal]) -> list[SignalGroup]:
    """By customer; the customer with the newest signal stands first."""
    shown = in_words(access, signals)
    order: dict[int, int] = {}
    for one in shown:
        order.setdefault(one.signal.record_id or 0, len(order))
    ranked = sorted(shown, key=lambda one: order[one.signal.record_id or 0])
    return [SignalGroup(record, list(group)) for record, group in groupby(ranked, key=lambda one: one.signal.record)]


def in_words(access: CrmAccess, signals: Sequence[Signal]) -> list[ShownSignal]:
    """In the same order; what nobody can put into words any more is left out."""
    kinds = {signal.kind: kind_named(signal.kind) for signal in signals}
    together: defaultdict[Tell, list[Signal]] = defaultdict(list)
    for signal in signals:
        if kind := kinds[signal.kind]:
            together[kind.tell].append(signal)
    words: dict[int, Words] = {}
    for tell, some in together.items():
        words |= tell(access, some)
    return [
        ShownSignal(signal, kind, words[signal.pk])
        for signal in signals
        if signal.pk in words and (kind := kinds[signal.kind])
    ]
