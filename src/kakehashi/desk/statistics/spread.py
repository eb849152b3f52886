"""How the times of answers and solutions spread: averages hide the one customer who waited for a week (spec N2)."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.kept import IN_DEPARTMENTS
from kakehashi.desk.tickets.queries import with_contacts_of
from kakehashi.ui.statistics.figures import SPREAD_HOURS, Spread
from kakehashi.ui.statistics.periods import Basis, Window

from .queries import Customers

_LATEST = 1_000


def spread_of(
    portal: Portal, whose: Customers, window: Window, basis: Basis, department_ids: Sequence[int] | None = None
) -> Spread:
    """Of the latest thousand tickets that were received in the window; one query. Where an account is asked for, of the account's own."""
    column, ids = "account_id", list(whose.account_ids)
    if not ids:
        column, ids = "contact_id", with_contacts_of(portal, whose.contact_ids, whose.emails)
    since = datetime.combine(window.first, time.min, ZoneInfo(portal.time_zone)) if window.first else None
    parameters: dict[str, Any] = {
        "portal": portal.pk,
        "ids": ids,
        "since": since,
        "departments": department_ids,
        "latest": _LATEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(column, basis), parameters)
        counts = cursor.fetchone()
    half = len(SPREAD_HOURS) + 1
    return Spread(tuple(counts[:half]), tuple(counts[half:]))


def _statement(column: str, basis: Basis) -> str:
    first, solved = (_seconds(name, basis) for name in ("first_response", "resolution"))
    buckets = ", ".join([*_counts("first"), *_counts("solved")])
    return f"""
        SELECT {buckets} FROM (
            SELECT {first} AS first, {solved} AS solved FROM desk_ticket
            WHERE portal_id = %(portal)s AND {column} = ANY(%(ids)s::bigint[]) AND deleted_at IS NULL AND {IN_DEPARTMENTS}
                AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s::timestamptz)
            ORDER BY created_at DESC LIMIT %(latest)s) latest
    """  # noqa: S608 - our own names


def _seconds(name: str, basis: Basis) -> str:
    """Tickets from before business hours were counted have real times only."""
    return f"coalesce({name}_working_seconds, {name}_seconds)" if basis == Basis.WORKING else f"{name}_seconds"


def _counts(name: str) -> list[str]:
    bounds = [0, *(hours * 3600 for hours in SPREAD_HOURS)]
    within = [f"{name} >= {low} AND {name} < {high}" for low, high in pairwise(bounds)]
    return [f"count(*) FILTER (WHERE {one})" for one in [*within, f"{name} >= {bounds[-1]}"]]
