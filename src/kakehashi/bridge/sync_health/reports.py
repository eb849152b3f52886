"""What comparisons found: kept for each run, with every record that differed although no event was on its way."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.outcome_models import PlanRow

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """`checked` and `repaired` are numbers of records."""

    run: Run
    checked: int
    repaired: int


def reported_runs(connection: Connection) -> QuerySet[Run]:
    """The latest first."""
    runs = Run.objects.filter(connection=connection, kind=Run.Kind.COMPARE).exclude(occasion="")
    return runs.order_by("-pk")


def recent_reports(connection: Connection) -> Sequence[Report]:
    """Those that are finished."""
    runs = reported_runs(connection).filter(finished_at__isnull=False).annotate(repaired=Count("rows"))
    return [report_of(run, run.repaired) for run in runs[:MOST_SHOWN]]


def report_of(run: Run, repaired: int) -> Report:
    return Report(run, sum(module["seen"] for module in run.progress.values()), repaired)


def repairs_of(run: Run) -> QuerySet[PlanRow]:
    return PlanRow.objects.filter(run=run).order_by("pk")
