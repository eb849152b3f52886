"""Sorting all open tickets of a connection, batch by batch; it goes on where it was after any crash."""

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.directory import desk_side
from kakehashi.core import clock
from kakehashi.core.events.log import tell_pages
from kakehashi.core.events.subscribers import claim

from .models import TypeSorting
from .sorting import LIVE, sort_open, under_claim

_BATCH = 300


@transaction.atomic
def sort_anew(connection: Connection) -> TypeSorting:
    """From the first ticket on; the worker's loop wakes and does it."""
    values = {"after_id": 0, "started_at": clock.now(), "finished_at": None}
    sorting, _is_new = TypeSorting.objects.update_or_create(connection=connection, defaults=values)
    tell_pages(connection.portal_tenant, [f"{LIVE}:0"])
    return sorting


def sorting_of(connection: Connection) -> TypeSorting:
    """With the first look at the board it begins."""
    return TypeSorting.objects.filter(connection=connection).first() or sort_anew(connection)


def sort_on() -> bool:
    """A step of the worker's loop: one batch of one connection. True while more waits."""
    with claim("bridge:customer types") as is_ours:
        waiting = TypeSorting.objects.filter(finished_at=None).exclude(connection__state=State.DISABLED)
        sorting = waiting.select_related("connection").order_by("started_at").first() if is_ours else None
        if sorting is None:
            return False
        _sort_batch(sorting.connection)
        return True


@transaction.atomic
def _sort_batch(connection: Connection) -> None:
    under_claim(connection)
    sorting = TypeSorting.objects.select_for_update().get(connection=connection)
    found = desk_side(connection.portal_id).scan_open(after_id=sorting.after_id, limit=_BATCH)
    sort_open(connection, found)
    if found:
        sorting.after_id = found[-1].id
    if len(found) < _BATCH:
        sorting.finished_at = clock.now()
        tell_pages(connection.portal_tenant, [f"{LIVE}:0"])
    sorting.save(update_fields=["after_id", "finished_at"])
