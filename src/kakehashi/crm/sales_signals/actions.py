"""Telling people, and what they do with it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.orgs.models import Membership

from .models import Signal


@transaction.atomic
def raise_signals(signals: Sequence[Signal]) -> None:
    """Tell people of events; who was told of one already is not told again."""
    if not signals:
        return
    Signal.objects.bulk_create(signals, ignore_conflicts=True)
    _count_unseen({(signal.org_id, signal.person_id) for signal in signals})


@transaction.atomic
def see_signals(org_id: int, person_id: int) -> None:
    """The bell was opened: its number starts anew."""
    unseen = Signal.objects.filter(org_id=org_id, person_id=person_id, seen_at=None)
    if unseen.update(seen_at=clock.now()):
        _count_unseen({(org_id, person_id)})


@transaction.atomic
def read_signals(signals: QuerySet[Signal]) -> int:
    """Mark them read; answers how many were not."""
    return _mark(signals.filter(read_at=None), read_at=clock.now(), seen_at=clock.now())


@transaction.atomic
def unread_signals(signals: QuerySet[Signal]) -> int:
    """Take "read" back."""
    return _mark(signals.filter(read_at__isnull=False), read_at=None)


def _mark(signals: QuerySet[Signal], **values: object) -> int:
    chosen = list(signals.values_list("pk", "org_id", "person_id"))
    count = Signal.objects.filter(pk__in=[pk for pk, _org, _person in chosen]).update(**values)
    _count_unseen({(org_id, person_id) for _pk, org_id, person_id in chosen})
    return count


def _count_unseen(people: Iterable[tuple[int, int]]) -> None:
    """The number on the bell is kept with the membership, which every page reads anyway; open pages are told of it."""
    facts = []
    for org_id, person_id in sorted(people):
        unseen = Signal.objects.filter(org=OuterRef("org"), person=OuterRef("person"), seen_at=None)
        count = unseen.order_by().values("org").annotate(count=Count("pk")).values("count")
        Membership.objects.filter(org_id=org_id, person_id=person_id).update(
            unseen_signals=Coalesce(Subquery(count, output_field=IntegerField()), 0)
        )
        facts.append(Fact(f"org:{org_id}", "crm.signals.changed", "crm.signals", person_id))
    write_facts(facts, SYSTEM)
