"""`doctor`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from kakehashi.assembly.doctor.finding import Finding
from kakehashi.assembly.environment import data_folder
from kakehashi.assembly.refusal import Refusal
from kakehashi.assembly.serve.ownership import owner_of

from .django_ready import database_in_use, load_django


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port you want to serve on.")] = 8000,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: a list of {name, state, says, do}.")] = False,
) -> None:
    """Check everything the product needs, and say what to do about what is wrong. Exit code 1 when something must be done."""
    findings = list(_examine(port))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        _print_table(findings)
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)


def _examine(port: int) -> Iterator[Finding]:
    from kakehashi.assembly.doctor.machine import examine_machine

    is_served = owner_of(data_folder()) is not None
    yield from examine_machine(port)
    try:
        with database_in_use():
            load_django()
            from kakehashi.assembly.doctor.database import examine_database

            yield from examine_database(is_served)
    except Refusal as refusal:
        yield Finding("PostgreSQL", "fail", refusal.what, refusal.do)


def _print_table(findings: list[Finding]) -> None:
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        print(f"{finding.state:<5} {finding.name:<{width}}  {finding.says}")
        if finding.do:
            print(f"{'':<5} {'':<{width}}  → {finding.do}")
    count = {state: sum(finding.state == state for finding in findings) for state in ("ok", "warn", "fail")}
    print(f"\n{count['ok']} well, {count['warn']} to look at, {count['fail']} to mend")
