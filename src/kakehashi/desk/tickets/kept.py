"""Which of the kept rows belong to a set of customers or to departments: parts of statements, and their parameters."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from kakehashi.core.among import as_bigints
from kakehashi.desk.portals.models import Portal

from .figures import FIGURES
from .tally_models import CustomerTally

_NAMES = ", ".join(FIGURES)
_LAST = 2**62
IN_DEPARTMENTS = "(%(departments)s::bigint[] IS NULL OR department_id = ANY(%(departments)s::bigint[]))"
IS_OF_OTHERS = """(account_id IS NULL OR account_id <> ALL(%(accounts)s::bigint[]))
    AND (contact_id IS NULL OR contact_id <> ALL(%(contacts)s::bigint[]))"""
_SINCE = "(%(since)s::date IS NULL OR {} >= %(since)s::date)"

# Each ticket once: the accounts' own rows, and those of the contacts for other accounts, between the ones that are counted already.
# OFFSET 0 has the database look up contact by contact, which it would not think cheap, whatever it guesses of the gaps.
MONTHS_OF_CUSTOMERS = f"""
    SELECT month AS since, {_NAMES} FROM desk_customertally
    WHERE portal_id = %(portal)s AND account_id = ANY(%(accounts)s::bigint[]) AND contact_id = {CustomerTally.EVERYBODY}
        AND {IN_DEPARTMENTS} AND {_SINCE.format("month")}
    UNION ALL
    SELECT kept.* FROM unnest(%(contacts)s::bigint[]) AS contact(id)
    CROSS JOIN unnest(%(after)s::bigint[], %(before)s::bigint[]) AS gap(low, high)
    CROSS JOIN LATERAL (
        SELECT month AS since, {_NAMES} FROM desk_customertally
        WHERE portal_id = %(portal)s AND contact_id = contact.id AND contact_id > 0 AND account_id > gap.low AND account_id < gap.high
            AND {IN_DEPARTMENTS} AND {_SINCE.format("month")} OFFSET 0) kept
"""  # noqa: S608 - our own names
ROWS_OF_PRODUCTS = f"""
    SELECT day AS since, {_NAMES} FROM desk_producttally
    WHERE portal_id = %(portal)s AND product_id = ANY(%(products)s::bigint[]) AND {IN_DEPARTMENTS} AND {_SINCE.format("day")}
"""  # noqa: S608 - our own names
ROWS_OF_DEPARTMENTS = f"""
    SELECT since, {_NAMES} FROM desk_departmenttally
    WHERE portal_id = %(portal)s AND grain = %(grain)s AND {IN_DEPARTMENTS} AND {_SINCE.format("since")}
"""  # noqa: S608 - our own names


def whose_rows(
    portal: Portal,
    contacts: Sequence[int],
    accounts: Sequence[int],
    departments: Sequence[int] | None,
    since: date | None = None,
) -> dict[str, Any]:
    """Parameters of `MONTHS_OF_CUSTOMERS`; departments None are all of them, `since` None is from the beginning."""
    bounds = sorted(set(accounts))
    return {
        "portal": portal.pk, "contacts": as_bigints(contacts), "accounts": as_bigints(bounds), "departments": departments, "since": since,
        "after": as_bigints([-1, *bounds]), "before": as_bigints([*bounds, _LAST]),
    }  # fmt: skip
