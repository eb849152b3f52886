"""The part of `ensure` that both embedded sides share: by key first, then nobody else may hold a match key, then create."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from kakehashi.bridge.sides.records import Ensure, Outcome, SideRecord, Value

Find = Callable[[str, Sequence[Value]], Mapping[Value, tuple[int, ...]]]
Fetch = Callable[[Sequence[int]], Mapping[int, SideRecord]]
Create = Callable[[Sequence[Ensure]], Sequence[Outcome]]


@contextmanager
def one_at_a_time(tenant: str) -> Iterator[None]:
    """A transaction in which no other integration creates records of this tenant."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bridge:ensure:{tenant}"])
        yield


@contextmanager
def rehearsal() -> Iterator[None]:
    """A transaction that ends as if it had never been, its events and numbers included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ensure_all(
    items: Sequence[Ensure], *, known: Mapping[str, int], fetch: Fetch, find: Find, create: Create
) -> list[Outcome]:
    """Outcomes in the order of the items. Of two items that share a match key the first is created, the other is stale."""
    there = fetch([known[item.key] for item in items if item.key in known])
    outcomes: dict[int, Outcome] = {
        place: Outcome("found", there[known[item.key]]) for place, item in enumerate(items) if item.key in known
    }
    new = {place: item for place, item in enumerate(items) if place not in outcomes}
    holders = _holders(list(new.values()), find)
    claimed: set[tuple[str, Value]] = set()
    for place, item in new.items():
        others = {one for key in item.match_keys for one in holders.get(key, ())} - item.known
        if others or claimed & set(item.match_keys):
            outcomes[place] = Outcome("stale")
        claimed |= set(item.match_keys)
    free = [place for place in new if place not in outcomes]
    outcomes |= dict(zip(free, create([new[place] for place in free]), strict=True))
    return [outcomes[place] for place in range(len(items))]


def _holders(items: Sequence[Ensure], find: Find) -> Mapping[tuple[str, Value], tuple[int, ...]]:
    by_field: dict[str, set[Value]] = {}
    for item in items:
        for field, value in item.match_keys:
            by_field.setdefault(field, set()).add(value)
    return {
        (field, value): ids for field, values in by_field.items() for value, ids in find(field, list(values)).items()
    }
