"""Walking over everything: the plan, the first sync, and the comparison that mends what events missed. The latter two only mark; the loop
does the rest.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.records import SideName, side_named
from kakehashi.core import clock

from .comparing import compare_records
from .links import links_of
from .mapping import ModulePair
from .marking import Mark, mark
from .models import Dirty, Link, Run, Side
from .outcome_models import PlanRow
from .planning import plan_records
from .workbench import Workbench, open_workbench

SCAN_SIZE = 500
_FULL_SPEED_SECONDS = 2.0


@transaction.atomic
def start_run(connection: Connection, kind: Run.Kind) -> Run:
    """Begin a walk, or answer the one in progress. What commits from now on is marked by the log's subscriber: there is no gap.

    A connection that waits for its plan to be approved is planned anew, whatever it was to be walked for.
    """
    if Connection.objects.filter(pk=connection.pk, state=State.PLANNED).exists():
        kind = Run.Kind.PLAN
        _forget_plan(connection)
    running = Run.objects.filter(connection=connection, finished_at=None).first()
    if running:
        return running
    bench, now = open_workbench(connection), clock.now()
    return Run.objects.create(
        connection=connection,
        kind=kind,
        module=bench.modules[0].name if bench.modules else "",
        progress={module.name: {"total": _total(bench, module), "seen": 0} for module in bench.modules},
        started_at=now,
        moved_at=now,
    )


def _forget_plan(connection: Connection) -> None:
    plans = Run.objects.filter(connection=connection, kind=Run.Kind.PLAN)
    plans.filter(finished_at=None).update(finished_at=clock.now())
    PlanRow.objects.filter(run__in=plans).delete()


def _total(bench: Workbench, module: ModulePair) -> int:
    crm = bench.crm.count(module.crm)
    return crm + bench.desk.count(module.desk) if bench.is_two_way(module) else crm


def compare_everything() -> None:
    """After a restore no position in the log is worth anything: look at every pair of every connection."""
    for connection in Connection.objects.exclude(state__in=[State.DISABLED, State.PLANNED]):
        begin_again(connection)


@transaction.atomic
def begin_again(connection: Connection) -> Run:
    """Walk from the first record on. A walk in progress ends here: it may have passed what changed since and nobody will ever hear of."""
    running = Run.objects.select_for_update().filter(connection=connection, finished_at=None).first()
    if running is None:
        return start_run(connection, Run.Kind.COMPARE)
    running.finished_at = clock.now()
    running.save(update_fields=["finished_at"])
    return start_run(connection, Run.Kind(running.kind))


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
    side = side_named(run.side)
    ids = _next_ids(bench, run, module, side)
    with transaction.atomic():
        if run.kind == Run.Kind.PLAN:
            run.counts = dict(Counter(run.counts) + plan_records(bench, module, side, ids))
        elif run.occasion:
            compare_records(bench, module, side, ids)
        else:
            seen = _seen(run, side, ids)
            mark(bench.connection.pk, [Mark(module.name, side, one) for one in ids if one not in seen])
        _move(bench, run, ids[-1] if ids else None, len(ids))
    return True


def _seen(run: Run, side: SideName, ids: Sequence[int]) -> frozenset[int]:
    """Those whose pair has been looked at, from either side, since this walk began."""
    pairs = links_of(run.connection, run.module).filter(state=Link.State.LIVE, agreed_at__gte=run.started_at)
    found = pairs.filter(**{f"{side}_id__among": ids}).values_list(f"{side}_id", flat=True)
    return frozenset(one for one in found if one is not None)


def _next_ids(bench: Workbench, run: Run, module: ModulePair, side: SideName) -> Sequence[int]:
    """Live records, in order. A plan tells of those, too, that are noted and gone by now: the sync would carry their deletion across."""
    ids = bench.side(side).scan(module.name_on(side), after_id=run.after_id, limit=SCAN_SIZE)
    if run.kind != Run.Kind.PLAN:
        return ids
    noted = Dirty.objects.filter(
        connection=bench.connection, module=module.name, side=side, record_id__gt=run.after_id
    ).order_by("record_id")
    return sorted({*ids, *noted.values_list("record_id", flat=True)[:SCAN_SIZE]})[:SCAN_SIZE]


def _move(bench: Workbench, run: Run, last_id: int | None, count: int) -> None:
    """To the last record marked, or to the next side or module where there was none."""
    if last_id is None:
        run.module, run.side = _following(bench, run)
        run.after_id = 0
    else:
        run.after_id = last_id
        _tell_progress(run, count)
    run.save(update_fields=["module", "side", "after_id", "progress", "counts", "rate", "moved_at"])


def _following(bench: Workbench, run: Run) -> tuple[str, str]:
    """Each module's CRM records, then its Desk records if it goes both ways: those that found a partner are linked by then."""
    stops = [
        (module.name, side)
        for module in bench.modules
        for side in (Side.CRM, Side.DESK)
        if side == Side.CRM or bench.is_two_way(module)
    ]
    place = stops.index(next(stop for stop in stops if stop == (run.module, run.side)))
    return stops[place + 1] if place + 1 < len(stops) else ("", Side.CRM)


def _tell_progress(run: Run, count: int) -> None:
    now = clock.now()
    seconds = max((now - run.moved_at).total_seconds(), 0.001)
    run.rate = count / seconds if not run.rate else 0.8 * run.rate + 0.2 * count / seconds
    run.moved_at = now
    state: Mapping[str, int] = run.progress.get(run.module, {"total": 0, "seen": 0})
    seen = state["seen"] + count
    run.progress[run.module] = {"total": max(state["total"], seen), "seen": seen}


def _finish_when_quiet(bench: Workbench, run: Run) -> bool:
    is_waiting = Dirty.objects.filter(connection=bench.connection, attempts=0).exists()
    if is_waiting and run.kind != Run.Kind.PLAN:
        return True
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return False
