"""Which tickets are due and not told yet. Read from the index of due moments alone; a portal where nothing is due costs one probe."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import IS_OPEN, Ticket

from .models import Deadline

Place = tuple[datetime, int]
_START: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Batch:
    """`noted` holds ticket and due moment (ISO 8601) of what nobody had noted before; `last` is where to go on, None at the end."""

    noted: list[tuple[int, str]]
    last: Place | None


def portals_with_due(now: datetime) -> list[Portal]:
    """Those with anything overdue, told or not. Of each the first moment of its clocks is read, which is one probe of their index; asked whether
    anything is due, the database may look through every ticket that is due elsewhere.
    """
    firsts = {f"first_{deadline}": Subquery(_first_moment(deadline.column)) for deadline in Deadline}
    is_due = [Q(**{f"{first}__lte": now}) for first in firsts]
    return list(Portal.objects.alias(**firsts).filter(reduce(or_, is_due)).order_by("pk"))


def _first_moment(column: str) -> QuerySet[Ticket, datetime]:
    tickets = Ticket.objects.filter(IS_OPEN, portal=OuterRef("pk"), **{f"{column}__isnull": False})
    return tickets.order_by(column).values_list(column, flat=True)[:1]


def note_breaches(portal: Portal, deadline: Deadline, *, now: datetime, after: Place | None, limit: int) -> Batch:
    """Note the next that are due, by moment and id behind `after`, in the caller's transaction.

    What was noted is looked up ticket by ticket, whatever the database thinks of the size of that table: its statistics come later than a hundred thousand new rows.
    """
    after_moment, after_id = after or _START
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE.format(column=deadline.column),
            {
                "portal": portal.pk,
                "deadline": deadline.value,
                "now": now,
                "after": after_moment,
                "after_id": after_id,
                "limit": limit,
            },
        )
        moments, ids, last_moment, last_id = cursor.fetchone()
    return Batch(list(zip(ids or [], moments or [], strict=True)), (last_moment, last_id) if last_id else None)


NOTE = """
    WITH due AS MATERIALIZED (
        SELECT t.id, t.{column} AS moment FROM desk_ticket t
        WHERE t.portal_id = %(portal)s AND t.deleted_at IS NULL AND t.closed_at IS NULL
          AND t.{column} <= %(now)s AND (t.{column}, t.id) > (%(after)s, %(after_id)s)
          AND (SELECT b.due_at FROM desk_breach b
               WHERE b.ticket_id = t.id AND b.deadline = %(deadline)s AND b.due_at = t.{column}) IS NULL
        ORDER BY t.{column}, t.id LIMIT %(limit)s
    ), noted AS (
        INSERT INTO desk_breach (portal_id, ticket_id, deadline, due_at, at)
        SELECT %(portal)s, id, %(deadline)s, moment, %(now)s FROM due
        ON CONFLICT DO NOTHING RETURNING ticket_id, due_at
    ), last AS (SELECT moment, id FROM due ORDER BY moment DESC, id DESC LIMIT 1)
    SELECT array_agg(to_json(due_at)#>>'{{}}'), array_agg(ticket_id),
           (SELECT moment FROM last), (SELECT id FROM last) FROM noted
"""
