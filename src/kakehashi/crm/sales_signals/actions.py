"""Telling people, and what they do with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.orgs.models import Membership

from .habits import as_wanted
from .models import RINGS, Signal


@transaction.atomic
def raise_signals(signals: Sequence[Signal], absorbed: Mapping[str, Collection[str]] | None = None) -> None:
    """Tell people of events, as far as they want to hear of them; who was told of one already is not told again. `absorbed` are
    threads by the one that they went into.
    """
    wanted = as_wanted(signals, absorbed or {})
    if not wanted:
        return
    Signal.objects.bulk_create(wanted, ignore_conflicts=True)
    _count_unseen({(signal.org_id, signal.person_id) for signal in wanted})


@transaction.atomic
def hush_signals(org_id: int, source: str) -> None:
    """What they come from has ended: out of sight, not away."""
    mark_signals(Signal.objects.filter(org_id=org_id, source=source, hidden_at=None), hidden_at=clock.now())


@transaction.atomic
def unhush_signals(org_id: int, source: str) -> None:
    mark_signals(Signal.objects.filter(org_id=org_id, source=source, hidden_at__isnull=False), hidden_at=None)


@transaction.atomic
def see_signals(org_id: int, person_id: int) -> None:
    """The bell was opened: its number starts anew."""
    unseen = Signal.objects.filter(RINGS, org_id=org_id, person_id=person_id)
    if unseen.update(seen_at=clock.now()):
        _count_unseen({(org_id, person_id)})


@transaction.atomic
def read_signals(signals: QuerySet[Signal]) -> tuple[int, datetime]:
    """Mark them read; answers how many were not, and the moment, by which this is taken back."""
    now = clock.now()
    return mark_signals(signals.filter(read_at=None), read_at=now, seen_at=now), now


@transaction.atomic
def unread_signals(signals: QuerySet[Signal]) -> int:
    """Take "read" back."""
    return mark_signals(signals.filter(read_at__isnull=False), read_at=None)


def mark_signals(signals: QuerySet[Signal], **values: object) -> int:
    """In the caller's transaction; bells and open pages hear of it."""
    chosen = list(signals.values_list("pk", "org_id", "person_id"))
    count = Signal.objects.filter(pk__in=[pk for pk, _org, _person in chosen]).update(**values)
    _count_unseen({(org_id, person_id) for _pk, org_id, person_id in chosen})
    return count


def _count_unseen(people: Iterable[tuple[int, int]]) -> None:
    """The number on the bell is kept with the membership, which every page reads anyway; open pages are told of it."""
    facts = []
    for org_id, person_id in sorted(people):
        unseen = Signal.objects.filter(RINGS, org=OuterRef("org"), person=OuterRef("person"))
        count = unseen.order_by().values("org").annotate(count=Count("pk")).values("count")
        Membership.objects.filter(org_id=org_id, person_id=person_id).update(
            unseen_signals=Coalesce(Subquery(count, output_field=IntegerField()), 0)
        )
        facts.append(Fact(f"org:{org_id}", "crm.signals.changed", "crm.signals", person_id))
    write_facts(facts, SYSTEM)
