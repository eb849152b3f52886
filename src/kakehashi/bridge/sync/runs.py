"""Walking over everything: the first sync, and the comparison that mends what events missed. Both only mark; the loop does the rest."""

from collections.abc import Mapping

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.core import clock

from .marking import Mark, mark
from .models import Dirty, Run
from .workbench import Workbench, open_workbench

SCAN_SIZE = 500
_FULL_SPEED_SECONDS = 2.0


def start_run(connection: Connection, kind: Run.Kind) -> Run:
    """Begin a walk, or answer the one in progress. What commits from now on is marked by the log's subscriber: there is no gap."""
    running = Run.objects.filter(connection=connection, finished_at=None).first()
    if running:
        return running
    bench, now = open_workbench(connection), clock.now()
    return Run.objects.create(
        connection=connection,
        kind=kind,
        module=bench.modules[0].name if bench.modules else "",
        progress={module.name: {"total": bench.crm.count(module.crm), "seen": 0} for module in bench.modules},
        started_at=now,
        moved_at=now,
    )


def compare_everything() -> None:
    """After a restore no position in the log is worth anything: look at every pair of every connection."""
    for connection in Connection.objects.exclude(state=State.DISABLED):
        start_run(connection, Run.Kind.COMPARE)


def advance(bench: Workbench, *, room: bool) -> bool:
    """Mark the next records of the run in progress, if there is room for them. True while the run goes on."""
    run = bench.run
    if run is None:
        return False
    if not room:
        return True
    if not run.module:
        return _finish_when_quiet(bench, run)
    module = next(one for one in bench.modules if one.name == run.module)
    ids = bench.crm.scan(module.crm, after_id=run.after_id, limit=SCAN_SIZE)
    with transaction.atomic():
        mark(bench.connection.pk, [Mark(module.name, "crm", record_id) for record_id in ids])
        _move(bench, run, ids[-1] if ids else None, len(ids))
    return True


def _move(bench: Workbench, run: Run, last_id: int | None, count: int) -> None:
    """To the last record marked, or to the next module where there was none."""
    if last_id is None:
        names = [module.name for module in bench.modules]
        following = names[names.index(next(name for name in names if name == run.module)) + 1 :]
        run.module, run.after_id = (following[0] if following else ""), 0
    else:
        run.after_id = last_id
        _tell_progress(run, count)
    run.save(update_fields=["module", "after_id", "progress", "rate", "moved_at"])


def _tell_progress(run: Run, count: int) -> None:
    now = clock.now()
    seconds = max((now - run.moved_at).total_seconds(), 0.001)
    run.rate = count / seconds if not run.rate else 0.8 * run.rate + 0.2 * count / seconds
    run.moved_at = now
    state: Mapping[str, int] = run.progress.get(run.module, {"total": 0, "seen": 0})
    seen = state["seen"] + count
    run.progress[run.module] = {"total": max(state["total"], seen), "seen": seen}


def _finish_when_quiet(bench: Workbench, run: Run) -> bool:
    if Dirty.objects.filter(connection=bench.connection, attempts=0).exists():
        return True
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return False
