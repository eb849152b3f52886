"""Taking back what the sync did, line by line of the journal (design §6, invariant 8: undo(apply(x)) = x). What that would do is told first, by
`undo_plan.py`.

What is taken back stays taken back: both sides are as they were, and the sync remembers that they agreed to differ until somebody changes
one of them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import OTHER, Patch
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError
from kakehashi.core.events.subscribers import claim

from .marking import Mark, mark
from .models import Link
from .outcome_models import JournalRow
from .undo_plan import CHANGED_SINCE, Place, Undo, places_of, plan_one
from .values import Stored, keep, revive
from .workbench import open_workbench

UNDONE = "undone"
_PATIENCE_SECONDS = 5.0


class SyncIsBusy(ProductError):
    code = "sync_is_busy"
    status = 409
    message = _("The sync is at work. Try again in a moment, or pause it first.")


def undo(connection: Connection, rows: Sequence[JournalRow], *, actor: Actor, only: str = "") -> list[Undo]:
    """Take these lines back, or just one field of them (`only`); the newest first, each by itself. Answers what was done. Raises `SyncIsBusy`."""
    done = []
    with _at_rest(connection):
        bench = open_workbench(connection)
        for row in sorted(rows, key=lambda row: -row.pk):
            for place in places_of(
                bench, [row], only=only
            ):  # read anew: the line before may have been about the same record
                planned = plan_one(place)
                done.append(_take_back(place, planned, actor) if planned.does_something else planned)
    return done


def _take_back(place: Place, planned: Undo, actor: Actor) -> Undo:
    if place.row.kind == JournalRow.Kind.CREATED:
        return _remove(place, planned, actor)
    if place.row.kind == JournalRow.Kind.LINKED:
        return _unlink(place, planned, actor)
    return _write_back(place, planned, actor)


def _write_back(place: Place, planned: Undo, actor: Actor) -> Undo:
    record, link, side = place.record, place.link, place.side
    if record is None or link is None:
        return planned
    values = {
        place.pairs[name].name_on(side): revive(then, place.pairs[name].type_on(side))
        for name, (_now, then) in planned.changes.items()
    }
    is_lost = place.row.kind == JournalRow.Kind.LOST
    if not is_lost:  # before the write: after a crash in between, the value that still stands is no news to the sync
        _agree_to_differ(place, link, {name: then for name, (_now, then) in planned.changes.items()})
    patch = Patch(record.id, record.version, values)
    [outcome] = place.bench.side(side).patch(place.module.name_on(side), [patch], place.bench.actor)
    if outcome.record is None or outcome.state not in ("updated", "unchanged"):
        mark(place.bench.connection.pk, [Mark(place.module.name, side, record.id)])
        return Undo(place.row, refusal=outcome.reason or CHANGED_SINCE)
    stored = outcome.record.values
    with transaction.atomic():
        if is_lost:  # it counts as a change of today, and travels like one
            mark(place.bench.connection.pk, [Mark(place.module.name, side, record.id)])
        else:
            now = {name: keep(stored.get(place.pairs[name].name_on(side))) for name in planned.changes}
            _agree_to_differ(place, link, now)
        _note(place, {name: [now, then] for name, (now, then) in planned.changes.items()}, actor)
    return planned


def _agree_to_differ(place: Place, link: Link, values: Mapping[str, Stored]) -> None:
    """The bases: these values on the line's side, and on the other what stands there."""
    source = OTHER[place.side]
    other_id = link.crm_id if source == "crm" else link.desk_id
    there = place.module.name_on(source)
    other = place.bench.side(source).fetch(there, [other_id]).get(other_id) if other_id is not None else None
    bases = {"crm": link.crm_base, "desk": link.desk_base}
    bases[place.side].update(values)
    if other is not None:
        bases[source].update({name: keep(other.values.get(place.pairs[name].name_on(source))) for name in values})
    link.save(update_fields=["crm_base", "desk_base"])


def _remove(place: Place, planned: Undo, actor: Actor) -> Undo:
    """Into the recycle bin; whom it was made for is left apart, and remembers it, in case a person wants it after all."""
    record, link, side = place.record, place.link, place.side
    if record is None or link is None:
        return planned
    with transaction.atomic():  # first what we remember: a deletion that nobody remembers would travel
        link.state, link.evidence = Link.State.APART, {"reason": UNDONE, "former": record.id}
        link.crm_base, link.desk_base = {}, {}
        setattr(link, f"{side}_id", None)
        link.save()
        link.conflicts.all().delete()
        _note(place, {}, actor)
    place.bench.side(side).remove(place.module.name_on(side), [record.id], place.bench.actor)
    return planned


def _unlink(place: Place, planned: Undo, actor: Actor) -> Undo:
    link = place.link
    if link is None:
        return planned
    now, desk_id = clock.now(), link.desk_id
    with transaction.atomic():
        link.state, link.desk_id, link.evidence = Link.State.APART, None, {"reason": UNDONE}
        link.crm_base, link.desk_base = {}, {}
        link.save()
        link.conflicts.all().delete()
        Link.objects.create(
            connection=place.bench.connection,
            module=link.module,
            desk_id=desk_id,
            state=Link.State.APART,
            evidence={"reason": UNDONE},
            made_at=now,
            agreed_at=now,
        )
        _note(place, {}, actor)
    return planned


def _note(place: Place, changes: Mapping[str, list[Stored]], actor: Actor) -> None:
    """The line is marked once all of it is taken back, and a line of its own says who took what back."""
    row, now = place.row, clock.now()
    if not place.only or place.undone | changes.keys() >= row.changes.keys():
        JournalRow.objects.filter(pk=row.pk).update(undone_at=now)
    JournalRow.objects.create(
        connection=place.bench.connection,
        module=row.module,
        crm_id=row.crm_id,
        desk_id=row.desk_id,
        side=row.side,
        kind=JournalRow.Kind.UNDONE,
        changes=dict(changes),
        by_name=actor.name,
        at=now,
        undoes=row.pk,
    )


@contextmanager
def _at_rest(connection: Connection) -> Iterator[None]:
    """While the sync is not at work on this connection. Raises `SyncIsBusy` after a few seconds."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with claim(connection.claim) as is_ours:
            if is_ours:
                yield
                return
        if time.monotonic() > until:
            raise SyncIsBusy
        time.sleep(0.05)
