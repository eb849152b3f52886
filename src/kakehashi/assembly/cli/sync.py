"""`kakehashi sync …`: what the pages of the Desk integration do, from the command line; `--json` for programs."""

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, Literal

import typer

from .django_ready import database_in_use, load_django

COMMAND_LINE = "kakehashi sync"
_LINES_AT_ONCE = 500
sync = typer.Typer(no_args_is_help=True, help="Look at the sync between CRM and Desk, and steer it.")
Org = Annotated[int, typer.Option("--org", help="The number of the CRM organisation, as in its pages' addresses.")]
Side = Literal["crm", "desk"]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(sync, name="sync")


@sync.command()
def health(org: Org, as_json: AsJson = False) -> None:
    """How the records stand, by module and side; the counters of a line add up to its total."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.sync_health.counting import counts_of

        modules = [
            {"module": one.module, "side": one.side, "total": one.total}
            | {standing.value: count for standing, count in one.cells}
            for one in counts_of(connection)
        ]
        _answer({"state": connection.state, "modules": modules}, as_json)


@sync.command()
def plan(org: Org, as_json: AsJson = False) -> None:
    """What the latest plan says, counted by what would happen."""
    with database_in_use():
        connection = _connection(org)
        from django.db.models import Count

        from kakehashi.bridge.sync.approving import latest_plan
        from kakehashi.bridge.sync.outcome_models import PlanRow

        run = latest_plan(connection)
        if run is None:
            raise typer.BadParameter("This connection was set up without a plan.")
        rows = PlanRow.objects.filter(run=run).values_list("module", "kind").annotate(Count("id"))
        counts = {f"{module} {kind}": count for module, kind, count in rows.order_by("module", "kind")}
        _answer({"is_finished": run.finished_at is not None, **counts}, as_json)


@sync.command()
def approve(org: Org) -> None:
    """Approve the plan as it stands, and begin the first sync."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.sync.approving import approve_plan

        approve_plan(connection, actor=_actor())
        print("Approved. The first sync begins as soon as a worker runs.")


@sync.command()
def pause(org: Org) -> None:
    """Stop carrying changes across; they are kept."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.connection.actions import pause as pause_connection

        pause_connection(connection, actor=_actor())
        print("The sync is paused.")


@sync.command()
def resume(org: Org) -> None:
    """Carry across what was kept, and go on."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.connection.actions import resume as resume_connection

        resume_connection(connection, actor=_actor())
        print("The sync goes on.")


@sync.command()
def compare(org: Org) -> None:
    """Look at every pair again, and mend what differs without a reason."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.sync.models import Run
        from kakehashi.bridge.sync_health.comparison import start_comparison

        run = start_comparison(connection, Run.Occasion.PERSON, by_name=COMMAND_LINE)
        print(f"Run {run.pk} begins as soon as a worker runs.")


@sync.command()
def explain(
    org: Org,
    module: Annotated[str, typer.Argument(help="accounts, contacts or products")],
    record: Annotated[int, typer.Argument(help="The number of the record.")],
    side: Annotated[Side, typer.Option("--side", help="Whose record it is: crm or desk.")] = "crm",
    as_json: AsJson = False,
) -> None:
    """Why a record is synced as it is, or not; and its lines of the journal, the oldest first."""
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.sync.outcome_models import JournalRow
        from kakehashi.bridge.sync_health.explaining import explain as explain_record

        told = explain_record(connection, module, side, record)
        of_record = {f"{told.case.side}_id": record}
        rows = JournalRow.objects.filter(connection=connection, module=module, **of_record).order_by("pk")
        lines = [
            {"line": row.pk, "at": row.at.isoformat(timespec="seconds"), "kind": row.kind, "side": row.side}
            | {"why": row.rule, "by": row.by_name, "changes": row.changes, "is_undone": row.undone_at is not None}
            for row in rows
        ]
        standing = told.standing.value if told.standing else "none"
        _answer(
            {"record": record, "name": told.name, "standing": standing, "why": told.sentences, "lines": lines}, as_json
        )


@sync.command()
def undo(
    org: Org,
    run: Annotated[int, typer.Argument(help="The number of the run; 0 with --since.")] = 0,
    since: Annotated[datetime | None, typer.Option(help="Everything since this moment, in UTC.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only the plan is told.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take back what a run did, or everything since a moment. Tells first what that would do."""
    if not run and since is None:
        raise typer.BadParameter("Name a run, or a moment with --since.")
    with database_in_use():
        connection = _connection(org)
        from kakehashi.bridge.sync.outcome_models import JournalRow
        from kakehashi.bridge.sync.undo_plan import newer_lines, plan_undo
        from kakehashi.bridge.sync.undoing import undo as take_back

        lines = JournalRow.objects.filter(connection=connection).order_by("-pk")
        lines = lines.filter(run=run) if run else lines
        lines = lines.filter(at__gte=since.replace(tzinfo=UTC)) if since else lines
        taken, refused = 0, Counter[str]()
        after = newer_lines()
        remaining = lines.iterator()
        while rows := list(islice(remaining, _LINES_AT_ONCE)):  # a first sync may have written a hundred thousand
            done = take_back(connection, rows, actor=_actor()) if yes else plan_undo(connection, rows, after=after)
            taken += sum(1 for one in done if one.does_something)
            refused.update(str(one.refusal) for one in done if not one.does_something)
        _answer({"is_done": yes, "taken_back": taken, "left": dict(refused)}, as_json)


def _connection(org: int) -> Any:
    load_django()
    from kakehashi.bridge.connection.queries import living_connection

    connection = living_connection(org)
    if connection is None:
        raise typer.BadParameter(f"Organisation {org} is not connected to a Desk.")
    return connection


def _actor() -> Any:
    """Whoever may run this on the machine may do it; the journal says that it came from here."""
    from kakehashi.core.actors import Actor

    return Actor(person_id=None, name=COMMAND_LINE, origin="command line")


def _answer(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if isinstance(value, list):
            for one in value:
                print(
                    "  " + (one if isinstance(one, str) else ", ".join(f"{key}: {part}" for key, part in one.items()))
                )
        else:
            print(f"{name.replace('_', ' ')}: {value}")
