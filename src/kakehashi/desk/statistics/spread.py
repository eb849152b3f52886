"""How the times of answers and solutions spread: averages hide the one customer who waited for a week (spec N2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from kakehashi.core.among import as_bigints
from kakehashi.core.planning import planned_once
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.kept import IN_DEPARTMENTS, IS_OF_OTHERS
from kakehashi.desk.tickets.queries import with_contacts_of
from kakehashi.ui.statistics.figures import BUCKETS, Bucket, Report, Spread
from kakehashi.ui.statistics.periods import Basis

from .queries import Customers

_LATEST = 1_000


def with_spread(
    report: Report, portal: Portal, whose: Customers, department_ids: Sequence[int] | None = None
) -> Report:
    """The report with the spread of its customers' tickets; one query.

    Of somebody with many tickets it reaches back as far as the day of the latest thousandth (of the account's own, where an account is
    asked for), so that its numbers are those of a list since that day.
    """
    first, zone = report.window.first, ZoneInfo(portal.time_zone)
    parameters: dict[str, Any] = {
        "portal": portal.pk,
        "contacts": as_bigints(with_contacts_of(portal, whose.contact_ids, whose.emails)),
        "accounts": as_bigints(whose.account_ids),
        "tickets": list(whose.ticket_ids),
        "zone": portal.time_zone,
        "since": datetime.combine(first, time.min, zone) if first else None,
        "departments": department_ids,
        "most": _LATEST,
    }
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_statement("account" if whose.account_ids else "contact", report.basis), parameters)
        since, *counts = cursor.fetchone()
    day = since.astimezone(zone).date() if since else None
    answers, solutions = tuple(counts[: len(BUCKETS)]), tuple(counts[len(BUCKETS) :])
    return replace(report, spread=Spread(answers, solutions, day if day != first else None))


def _statement(kind: str, basis: Basis) -> str:
    first, solved = (_seconds(name, basis) for name in ("first_response", "resolution"))
    counts = ", ".join(
        f"count(*) FILTER (WHERE {_within(one, bucket)})" for one in ("first", "solved") for bucket in BUCKETS
    )
    live = f"portal_id = %(portal)s AND deleted_at IS NULL AND {IN_DEPARTMENTS}"
    times, since = f"{first} AS first, {solved} AS solved", "coalesce((SELECT since FROM reach), '-infinity')"
    return f"""
        WITH latest AS MATERIALIZED (
            SELECT received.* FROM unnest(%({kind}s)s::bigint[]) AS whose(id) CROSS JOIN LATERAL (
                SELECT created_at, {times} FROM desk_ticket
                WHERE {live} AND {kind}_id = whose.id AND created_at >= coalesce(%(since)s::timestamptz, '-infinity')
                ORDER BY created_at DESC FETCH FIRST %(most)s ROWS WITH TIES) received
            ORDER BY created_at DESC FETCH FIRST %(most)s ROWS WITH TIES
        ), reach AS MATERIALIZED (
            SELECT min(created_at) AS edge, CASE WHEN count(*) < %(most)s THEN %(since)s::timestamptz ELSE
                greatest(%(since)s, date_trunc('day', min(created_at) AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s) END AS since
            FROM latest
        )
        SELECT (SELECT since FROM reach), {counts} FROM (
            SELECT first, solved FROM latest
            UNION ALL
            SELECT {times} FROM desk_ticket WHERE {live} AND {kind}_id = ANY(%({kind}s)s::bigint[])
                AND created_at >= {since} AND created_at < (SELECT edge FROM reach)
            {_OTHER_CONTACTS.format(times, live, since) if kind == "account" else ""}
            UNION ALL
            SELECT {times} FROM desk_ticket
            WHERE {live} AND created_at >= {since} AND id = ANY(%(tickets)s::bigint[]) AND {IS_OF_OTHERS}) received
    """  # noqa: S608 - our own names


# Tickets that an account's contacts have elsewhere.
_OTHER_CONTACTS = """
            UNION ALL
            SELECT {} FROM desk_ticket WHERE {} AND created_at >= {} AND contact_id = ANY(%(contacts)s::bigint[])
                AND (account_id IS NULL OR account_id <> ALL(%(accounts)s::bigint[]))"""


def _seconds(name: str, basis: Basis) -> str:
    """Tickets from before business hours were counted have real times only."""
    return f"coalesce({name}_working_seconds, {name}_seconds)" if basis == Basis.WORKING else f"{name}_seconds"


def _within(name: str, bucket: Bucket) -> str:
    end = f" AND {name} < {bucket.below * 3600}" if bucket.below else ""
    return f"{name} >= {bucket.least * 3600}{end}"
