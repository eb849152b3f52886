"""Moves the kept counts and sums along with the tickets, in the same transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kakehashi.desk.portals.models import Portal

from .figures import FIGURES, TallyKey, figures_of, key_of
from .models import CustomerTally, DepartmentTally, Ticket


@contextmanager
def kept_figures(portal: Portal, tickets: Sequence[Ticket]) -> Iterator[None]:
    """Change the (locked) tickets inside; what that does to the figures is written on leaving. New tickets have no id yet."""
    before = [(key_of(ticket), figures_of(ticket)) for ticket in tickets if ticket.pk]
    yield
    after = [(key_of(ticket), figures_of(ticket)) for ticket in tickets]
    move_figures(portal, before, after)


def move_figures(
    portal: Portal, before: Sequence[tuple[TallyKey, Counter[str]]], after: Sequence[tuple[TallyKey, Counter[str]]]
) -> None:
    by_customer: defaultdict[tuple[int, ...], Counter[str]] = defaultdict(Counter)
    by_department: defaultdict[tuple[int, ...], Counter[str]] = defaultdict(Counter)
    for pairs, add in ((before, False), (after, True)):
        for key, figures in pairs:
            for tally in (
                by_customer[key.account_id, key.contact_id, key.department_id],
                by_department[key.department_id, key.shard],
            ):
                tally.update(figures) if add else tally.subtract(figures)
    _add(CustomerTally, ("account_id", "contact_id", "department_id"), portal, by_customer)
    _add(DepartmentTally, ("department_id", "shard"), portal, by_department)


def _add(
    model: type[CustomerTally | DepartmentTally],
    keys: tuple[str, ...],
    portal: Portal,
    tallies: dict[tuple[int, ...], Counter[str]],
) -> None:
    """One statement, rows in order of key so that two writers never lock each other out."""
    rows = [
        (portal.pk, *key, *(figures[name] for name in FIGURES))
        for key, figures in sorted(tallies.items())
        if any(figures.values())
    ]
    if not rows:
        return
    table = model._meta.db_table
    columns = ("portal_id", *keys, *FIGURES)
    places = ", ".join(["%s"] * len(columns))
    sums = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in FIGURES)
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([f'({places})'] * len(rows))} "  # noqa: S608 - our own names
        f"ON CONFLICT (portal_id, {', '.join(keys)}) DO UPDATE SET {sums}"
    )
    parameters: list[Any] = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
