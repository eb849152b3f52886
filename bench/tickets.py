"""The ticket block of a customer with a tenth of all tickets, beside the bare query for its 25 rows."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.harness import Row, at_most, bench, milliseconds_of, percentile
from bench.sync import fill, join
from bench.world import make_org
from kakehashi.core import clock
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.tickets.models import Status, Ticket
from kakehashi.desk.tickets.tallies import kept_figures
from kakehashi.identity.people.models import Person

TIMES = 200


@bench("block", n=100_000)
def ticket_block(n: int) -> list[Row]:
    """Server time of the whole block, through the CRM page's own address, signed in, rights checked."""
    org, actor = make_org("Ticket block")
    fill(org, actor, 100)
    portal = join(org, actor)
    run_until_idle()
    customer = Contact.objects.get(portal=portal, email="hanako.1@bench.example")
    others = list(Contact.objects.filter(portal=portal).exclude(pk=customer.pk))
    for start in range(0, n, 5_000):
        add_tickets(
            portal,
            [customer if at % 10 == 0 else others[at % len(others)] for at in range(start, min(n, start + 5_000))],
            start,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_ticket")
    record = Record.objects.get(org=org, values__Email=customer.email)
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    url = reverse("record_tickets", args=[org.pk, "Contacts", record.pk])
    assert "ロガー" in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    measured = milliseconds_of(lambda: client.get(url, HTTP_HX_REQUEST="true"), times=TIMES)
    bare = milliseconds_of(lambda: bare_query(portal, customer), times=TIMES)
    return [
        at_most("ticket block on a contact, p50", n, percentile(measured, 0.5), percentile(bare, 0.5), 40),
        at_most("ticket block on a contact, p99", n, percentile(measured, 0.99), percentile(bare, 0.99), 40),
    ]


def add_tickets(portal: Portal, contacts: list[Contact], first: int) -> None:
    department = Department.objects.filter(portal=portal)[0]
    statuses = list(Status.objects.filter(portal=portal).order_by("position"))
    tickets = [
        make_ticket(portal, department, contact, statuses[-1] if number % 5 else statuses[0], first + number)
        for number, contact in enumerate(contacts)
    ]
    with kept_figures(portal, tickets):
        Ticket.objects.bulk_create(tickets, batch_size=1_000)


def make_ticket(portal: Portal, department: Department, contact: Contact, status: Status, number: int) -> Ticket:
    opened = clock.now() - timedelta(minutes=number)
    return Ticket(
        portal=portal,
        number=number + 101,
        department=department,
        subject=f"ロガー {number} が切断される",
        contact=contact,
        account_id=contact.account_id,
        status=status,
        priority=("High", "Medium", "Low")[number % 3],
        created_at=opened,
        modified_at=opened,
        last_activity_at=opened,
        due_at=opened + timedelta(days=2),
        closed_at=opened if status.type == "Closed" else None,
        search=["ロガ", "ガー"],
    )


def bare_query(portal: Portal, contact: Contact) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, subject, last_activity_at FROM desk_ticket WHERE portal_id = %s AND contact_id = %s "
            "AND deleted_at IS NULL ORDER BY last_activity_at DESC, id DESC LIMIT 25",
            [portal.pk, contact.pk],
        )
        cursor.fetchall()
