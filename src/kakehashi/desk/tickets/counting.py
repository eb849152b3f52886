"""The kept figures as the database counts them from the tickets themselves: for a recount, and where days are asked that are not kept."""

from .figures import CHANNEL_FIGURES, FIGURES, OTHER_CHANNEL, SHARDS
from .models import Priority, StatusType
from .tally_models import CustomerTally

_LIVE = "t.deleted_at IS NULL"
_CHANNELS = ", ".join(f"'{channel}'" for channel in CHANNEL_FIGURES)
_COUNTS = {
    "total": _LIVE,
    "open": f"{_LIVE} AND t.closed_at IS NULL",
    "on_hold": f"{_LIVE} AND t.closed_at IS NULL AND s.type = '{StatusType.ON_HOLD.value}'",
    "closed": f"{_LIVE} AND t.closed_at IS NOT NULL",
    "escalated": f"{_LIVE} AND t.is_escalated",
    "high_priority": f"{_LIVE} AND t.priority = '{Priority.HIGH.value}'",
    "spam": "t.deleted_at IS NOT NULL AND t.is_spam",
    "first_response_count": f"{_LIVE} AND t.first_response_seconds IS NOT NULL",
    "resolution_count": f"{_LIVE} AND t.resolution_seconds IS NOT NULL",
    **{rating: f"{_LIVE} AND t.rating = '{rating}'" for rating in ("good", "okay", "bad")},
    **{figure: f"{_LIVE} AND t.channel = '{channel}'" for channel, figure in CHANNEL_FIGURES.items()},
    OTHER_CHANNEL: f"{_LIVE} AND t.channel NOT IN ({_CHANNELS})",
}
_SUMS = {
    "first_response_seconds": "t.first_response_seconds",
    "first_response_working_seconds": "coalesce(t.first_response_working_seconds, t.first_response_seconds)",
    "response_count": "t.response_count",
    "response_seconds": "t.response_seconds",
    "response_working_seconds": "t.response_working_seconds",
    "resolution_seconds": "t.resolution_seconds",
    "resolution_working_seconds": "coalesce(t.resolution_working_seconds, t.resolution_seconds)",
}
_TIMED = {  # a time counts with what it is the time of
    "first_response_working_seconds": " AND t.first_response_seconds IS NOT NULL",
    "resolution_working_seconds": " AND t.resolution_seconds IS NOT NULL",
}


def _figure(name: str) -> str:
    if name in _COUNTS:
        return f"count(*) FILTER (WHERE {_COUNTS[name]})"
    return f"coalesce(sum({_SUMS[name]}) FILTER (WHERE {_LIVE}{_TIMED.get(name, '')}), 0)::bigint"


COUNTED = ", ".join(_figure(name) for name in FIGURES)
FROM_TICKETS = "desk_ticket t JOIN desk_status s ON s.id = t.status_id JOIN desk_portal p ON p.id = t.portal_id"
DAY = "(t.created_at AT TIME ZONE p.time_zone)::date"
MONTH = f"date_trunc('month', {DAY})::date"
_IS_COUNTED = "(t.deleted_at IS NULL OR t.is_spam)"
_OF_PORTAL = f"t.portal_id = %(portal)s AND {_IS_COUNTED}"

# Rows as the tables have them, without their ids.
CUSTOMER_ROWS = f"""
    SELECT t.portal_id, t.account_id, {CustomerTally.EVERYBODY}::bigint AS contact_id, t.department_id, {MONTH} AS month, {COUNTED}
    FROM {FROM_TICKETS} WHERE {_OF_PORTAL} AND t.account_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT t.portal_id, coalesce(t.account_id, 0), t.contact_id, t.department_id, {MONTH}, {COUNTED}
    FROM {FROM_TICKETS} WHERE {_OF_PORTAL} AND t.contact_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - our own names
PRODUCT_ROWS = f"""
    SELECT t.portal_id, t.product_id, t.department_id, {DAY} AS day, {COUNTED}
    FROM {FROM_TICKETS} WHERE {_OF_PORTAL} AND t.product_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - our own names
DEPARTMENT_ROWS = f"""
    SELECT t.portal_id, t.department_id, grain.name AS grain, CASE grain.name WHEN 'day' THEN {DAY} ELSE {MONTH} END AS since,
        t.number % {SHARDS} AS shard, {COUNTED}
    FROM {FROM_TICKETS} CROSS JOIN (VALUES ('day'), ('month')) AS grain(name) WHERE {_OF_PORTAL} GROUP BY 1, 2, 3, 4, 5
""".replace(f"number % {SHARDS}", f"number %% {SHARDS}")  # noqa: S608 - our own names
