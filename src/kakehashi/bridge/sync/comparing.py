"""The comparison of both sides: finds what no event told of, says so, and has it looked at (lessons D2–D5: events get lost).

A record is compared by rehearsing a look at it (`planning.py`). Where the look would leave no trace the two are in step, and nothing is
written at all; where it would, the record is marked, and the loop does what it always does. What differed although no event was on its way
is kept as a row of the run: its report.
"""

import logging
from collections.abc import Collection, Sequence

from django.db import OperationalError

from kakehashi.bridge.sides.records import SideName, side_named

from .links import links_of, live_ids
from .mapping import ModulePair
from .marking import Mark, mark
from .models import Dirty, Link
from .naming import Key
from .outcome_models import PlanRow
from .planning import rehearse
from .unread import unread_changes
from .workbench import Workbench

logger = logging.getLogger(__name__)
AT_ONCE = 500  # those who are gone may be any number


def compare_records(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> None:
    """The next live records of one side, none at its end; and with them those that ought to stand between them by their links and do not.

    In the caller's transaction.
    """
    paired = live_ids(bench.connection, module.name, "desk", ids) if side == "desk" else ()  # seen from the CRM already
    wanted = [*(one for one in ids if one not in paired), *_gone(bench, module, side, ids)]
    for start in range(0, len(wanted), AT_ONCE):
        _compare(bench, module, side, wanted[start : start + AT_ONCE])


def _compare(bench: Workbench, module: ModulePair, side: SideName, wanted: Sequence[int]) -> None:
    try:
        told = rehearse(bench, module, side, wanted)
    except OperationalError:
        raise
    except Exception:
        logger.warning("Connection %s: %s cannot be rehearsed", bench.connection.pk, module.name, exc_info=True)
        mark(bench.connection.pk, [Mark(module.name, side, record_id) for record_id in wanted])
        return
    differing = [row for row in told.rows if _home(row) in told.traces and row.kind != PlanRow.Kind.SKIP]
    PlanRow.objects.bulk_create(_not_on_their_way(bench, module, differing))
    mark(bench.connection.pk, [Mark(module.name, *home) for home in told.traces])


def _gone(bench: Workbench, module: ModulePair, side: SideName, ids: Sequence[int]) -> list[int]:
    """A scan shows what lives. Whose link lives and who does not was deleted, and nobody told (a deletion travels by tombstone: this is one)."""
    run = bench.run
    if run is None:
        return []
    links = links_of(bench.connection, module.name).exclude(state=Link.State.DEAD)
    if side == "desk":  # pairs were asked for from the CRM's side
        links = links.filter(crm_id=None)
    links = links.filter(**{f"{side}_id__gt": run.after_id})
    if ids:
        links = links.filter(**{f"{side}_id__lte": ids[-1]}).exclude(**{f"{side}_id__among": ids})
    return [one for one in links.values_list(f"{side}_id", flat=True) if one is not None]


def _not_on_their_way(bench: Workbench, module: ModulePair, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Without those that are to be looked at in any case, and those that wait for a person and would wait again."""
    if not rows:
        return []
    ends = {end for row in rows for end in _ends(row)}
    known, held = _marked(bench, module, ends) | unread_changes(bench.connection), _held(bench, module, ends)
    return [
        row
        for row in rows
        if not known.intersection(_ends(row)) and not (row.kind == PlanRow.Kind.HOLD and held.intersection(_ends(row)))
    ]


def _marked(bench: Workbench, module: ModulePair, ends: Collection[Key]) -> set[Key]:
    ids = {record_id for _module, _side, record_id in ends}
    rows = Dirty.objects.filter(connection=bench.connection, module=module.name, record_id__among=ids)
    return {(module.name, side_named(side), one) for side, one in rows.values_list("side", "record_id")}


def _held(bench: Workbench, module: ModulePair, ends: Collection[Key]) -> set[Key]:
    """Those who are held, and would be again."""
    ids = {record_id for _module, _side, record_id in ends}
    held = links_of(bench.connection, module.name).filter(state=Link.State.HELD)
    lonely = [*held.filter(crm_id__among=ids), *held.filter(crm_id=None, desk_id__among=ids)]
    return {(module.name, *link.home) for link in lonely}


def _home(row: PlanRow) -> tuple[SideName, int]:
    side = side_named(row.side)
    return side, (row.desk_id if side == "desk" else row.crm_id) or 0


def _ends(row: PlanRow) -> list[Key]:
    both: list[tuple[SideName, int | None]] = [("crm", row.crm_id), ("desk", row.desk_id)]
    return [(row.module, side, one) for side, one in both if one is not None]
