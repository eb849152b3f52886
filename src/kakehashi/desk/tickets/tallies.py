"""Moves the kept counts and sums along with the tickets, in the same transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from kakehashi.desk.portals.models import Portal

from .figures import FIGURES, Place, figures_of, place_of
from .models import Ticket

Standing = tuple[Place, Counter[str]]
Tallies = defaultdict[tuple[Any, ...], Counter[str]]


@contextmanager
def kept_figures(portal: Portal, tickets: Sequence[Ticket]) -> Iterator[None]:
    """Change the (locked) tickets inside; what that does to the figures is written on leaving. New tickets have no id yet."""
    zone = ZoneInfo(portal.time_zone)
    before = [(place_of(ticket, zone), figures_of(ticket)) for ticket in tickets if ticket.pk]
    yield
    after = [(place_of(ticket, zone), figures_of(ticket)) for ticket in tickets]
    move_figures(portal, before, after)


def move_figures(portal: Portal, before: Sequence[Standing], after: Sequence[Standing]) -> None:
    """One statement, rows in order of key so that two writers never lock each other out."""
    by_customer: Tallies = defaultdict(Counter)
    by_product: Tallies = defaultdict(Counter)
    by_department: Tallies = defaultdict(Counter)
    for standings, add in ((before, False), (after, True)):
        for place, figures in standings:
            tallies = [by_customer[key] for key in place.customer_keys()]
            tallies += [by_product[key] for key in place.product_keys()]
            tallies += [by_department[key] for key in place.department_keys()]
            for tally in tallies:
                tally.update(figures) if add else tally.subtract(figures)
    customers, departments = _columns(by_customer, 4), _columns(by_department, 4)
    products = _columns(by_product, 3)
    if not any((*customers, *products, *departments)):
        return
    with connection.cursor() as cursor:
        if any(products):
            cursor.execute(
                _ADD_PRODUCTS, [portal.pk, portal.pk, *customers, portal.pk, *products, portal.pk, *departments]
            )
        else:
            cursor.execute(_ADD, [portal.pk, portal.pk, *customers, portal.pk, *departments])


def _columns(tallies: Mapping[tuple[Any, ...], Counter[str]], keys: int) -> list[list[Any]]:
    """What changes, as one list for each column."""
    rows = sorted((key, figures) for key, figures in tallies.items() if any(figures.values()))
    return [[key[at] for key, _ in rows] for at in range(keys)] + [
        [figures[name] for _, figures in rows] for name in FIGURES
    ]


_NAMES = ", ".join(FIGURES)


def _upsert(table: str, keys: Mapping[str, str]) -> str:
    names = ", ".join(keys)
    arrays = ", ".join([f"%s::{kind}[]" for kind in keys.values()] + ["%s::bigint[]"] * len(FIGURES))
    sums = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in FIGURES)
    return (
        f"INSERT INTO {table} (portal_id, {names}, {_NAMES}) SELECT %s, moved.* FROM calm, unnest({arrays}) AS moved "  # noqa: S608 - our own names
        f"ON CONFLICT (portal_id, {names}) DO UPDATE SET {sums}"
    )


_CUSTOMER_KEYS = {"account_id": "bigint", "contact_id": "bigint", "department_id": "bigint", "month": "date"}
_PRODUCT_KEYS = {"product_id": "bigint", "department_id": "bigint", "day": "date"}
_DEPARTMENT_KEYS = {"department_id": "bigint", "grain": "varchar", "since": "date", "shard": "smallint"}
# A recount (recounting.py) keeps writers waiting here, so that what they add is added to what it counted.
_CALM = """calm AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(hashtextextended('desk:figures:' || %s, 0)) IS NULL AS got)"""
_CUSTOMERS = f"customers AS ({_upsert('desk_customertally', _CUSTOMER_KEYS)})"
_PRODUCTS = f"products AS ({_upsert('desk_producttally', _PRODUCT_KEYS)})"
_ADD = f"WITH {_CALM}, {_CUSTOMERS} {_upsert('desk_departmenttally', _DEPARTMENT_KEYS)}"
_ADD_PRODUCTS = f"WITH {_CALM}, {_CUSTOMERS}, {_PRODUCTS} {_upsert('desk_departmenttally', _DEPARTMENT_KEYS)}"
