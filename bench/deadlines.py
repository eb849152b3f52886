"""The sweep over 100,000 open tickets, beside the bare reading of what is due and the bare writing of as many rows and events."""

from datetime import timedelta

from django.db import connection, transaction

from bench.harness import Row, at_most, backend_pid, bench, work_stopwatch
from bench.world import make_person
from kakehashi.core import clock
from kakehashi.desk.overdue.actions import tell_overdue
from kakehashi.desk.overdue.models import Breach
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Status, Ticket

NEIGHBOURS = 100


@bench("deadlines", n=100_000)
def deadline_sweep(n: int) -> list[Row]:
    """At worst all of them have become overdue since the last sweep; as a rule none, and then it must cost next to nothing.

    In seconds of CPU, ours and PostgreSQL's together, so that a crowded machine does not count.
    """
    administrator = make_person("Deadline sweep")
    portal = create_portal(name="Deadline sweep", administrator=administrator)
    for number in range(NEIGHBOURS):
        create_portal(name=f"Neighbour {number} of the sweep", administrator=administrator)
    tell_overdue()  # what other measurements have left
    add_open_tickets(portal, n)
    backend = backend_pid()
    with work_stopwatch(backend) as seconds:
        bare(portal)
        limit = seconds()
    with work_stopwatch(backend) as seconds:
        told = tell_overdue()
        first = seconds()
    assert told == Breach.objects.filter(portal=portal).count() == n
    with work_stopwatch(backend) as seconds:
        assert tell_overdue() == 0
        again = seconds()
    with work_stopwatch(backend) as seconds:
        bare_reading(portal)
        reading = seconds()
    return [
        at_most("sweep: all open tickets became overdue", n, first, limit, 5, "s"),
        at_most("sweep: all are overdue, nothing is new", n, again, reading, 5, "s"),
    ]


def add_open_tickets(portal: Portal, n: int) -> None:
    department, status = portal.departments.all()[0], Status.objects.filter(portal=portal).order_by("position")[0]
    now = clock.now()
    for start in range(0, n, 5_000):
        Ticket.objects.bulk_create(
            Ticket(
                portal=portal,
                number=101 + number,
                department=department,
                subject=f"ロガー {number} が切断される",
                status=status,
                created_at=now - timedelta(days=9),
                modified_at=now,
                last_activity_at=now,
                due_at=now - timedelta(seconds=number),
            )
            for number in range(start, min(n, start + 5_000))
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE desk_ticket")


def bare_reading(portal: Portal) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, due_at FROM desk_ticket WHERE portal_id = %s AND deleted_at IS NULL AND closed_at IS NULL "
            "AND due_at <= %s ORDER BY due_at, id",
            [portal.pk, clock.now()],
        )
        return len(cursor.fetchall())


@transaction.atomic
def bare(portal: Portal) -> None:
    """One statement that reads what is due and writes a row and an event for each, into tables without a reference, then undone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bare_breach (ticket_id bigint, due_at timestamptz, UNIQUE (ticket_id, due_at))"
        )
        cursor.execute("CREATE TEMPORARY TABLE bare_event (LIKE core_event INCLUDING ALL)")
        cursor.execute(
            "WITH due AS (INSERT INTO bare_breach SELECT id, due_at FROM desk_ticket WHERE portal_id = %s AND deleted_at IS NULL "
            "AND closed_at IS NULL AND due_at <= %s RETURNING *) "
            "INSERT INTO bare_event (tenant, topic, kind, subject_id, origin, person_name, data, at) "
            "SELECT 'portal:1', 'desk.ticket.overdue', 'desk.ticket', ticket_id, 'system', 'Kakehashi', "
            "jsonb_build_object('due_at', due_at), now() FROM due",
            [portal.pk, clock.now()],
        )
    transaction.set_rollback(True)
