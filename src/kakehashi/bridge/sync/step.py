"""The loop: pick dirty records, look at both sides, act, remember. One worker per connection at a time."""

import logging
from collections.abc import Sequence

from django.db import OperationalError
from django.db.models import Q
from django.utils import translation

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.core import clock
from kakehashi.core.events.subscribers import claim

from .acting import act
from .brake import must_stop, stop
from .mapping import ModulePair
from .models import Dirty, Run
from .outcome import park, save
from .runs import advance
from .subjects import DirtyRow, read_subjects
from .workbench import Workbench, open_workbench

logger = logging.getLogger(__name__)

BATCH_SIZE = 500


def pump_connections() -> bool:
    """Work one batch of every connection that has something to do. True while more waits."""
    waiting = [pump(connection) for connection in _busy_connections()]
    return any(waiting)


def pump(connection: Connection) -> bool:
    """One batch, unless another worker holds this connection. True when more may wait. Reasons of failures are kept in the portal's language."""
    with claim(connection.claim) as is_ours:
        if not is_ours:
            return False
        connection.refresh_from_db()
        bench = open_workbench(connection)
        with translation.override(bench.desk.language):
            return _one_batch(bench)


def _one_batch(bench: Workbench) -> bool:
    state, run = bench.connection.state, bench.run
    if state == State.PLANNED and run and run.kind == Run.Kind.PLAN:
        return advance(bench, room=True)
    if state != State.CONNECTED:
        return False
    module, rows = _pick(bench)
    if module:
        _work(bench, module, rows)
    is_scanning = advance(bench, room=len(rows) < BATCH_SIZE)
    return bool(rows) or is_scanning


def due() -> Q:
    """Dirty rows whose turn it is."""
    return Q(next_try_at=None) | Q(next_try_at__lte=clock.now())


def _busy_connections() -> Sequence[Connection]:
    dirty = Dirty.objects.filter(due()).values("connection")
    running = Run.objects.filter(finished_at=None).values("connection")
    wanted = Q(state=State.CONNECTED) & (Q(pk__in=dirty) | Q(pk__in=running))
    planned = Q(state=State.PLANNED, pk__in=running)
    return list(Connection.objects.filter(wanted | planned).order_by("pk"))


def _pick(bench: Workbench) -> tuple[ModulePair | None, Sequence[DirtyRow]]:
    """The oldest of the first module that has any: accounts before contacts, since references point that way."""
    for module in bench.modules:
        rows = Dirty.objects.filter(due(), connection=bench.connection, module=module.name).order_by("seq")
        picked = rows.values_list("pk", "side", "record_id", "seq", "attempts")[:BATCH_SIZE]
        if found := [DirtyRow(*row) for row in picked]:
            return module, found
    return None, []


def _work(bench: Workbench, module: ModulePair, rows: Sequence[DirtyRow]) -> None:
    """A batch that fails is halved until the one record that fails is alone; that one is parked and the others are done."""
    try:
        look_at(bench, module, rows)
    except OperationalError:
        raise
    except Exception as failure:
        if len(rows) == 1:
            logger.warning("Connection %s: %s %s", bench.connection.pk, module.name, rows[0].record_id, exc_info=True)
            park(rows, str(failure) or repr(failure))
            return
        middle = len(rows) // 2
        _work(bench, module, rows[:middle])
        _work(bench, module, rows[middle:])


def look_at(bench: Workbench, module: ModulePair, rows: Sequence[DirtyRow]) -> None:
    """The order is the proof (design §6): read both sides → decide → journal losers → write → bases → clear dirty, last."""
    subjects = read_subjects(bench, module, rows)
    if must_stop(bench, module, subjects):
        stop(bench)
        return
    batch = act(bench, module, subjects)
    known = {id(row) for subject in subjects for row in subject.rows}
    batch.findings.overlook([row for row in rows if id(row) not in known])
    save(bench, module, batch.findings, subjects)
