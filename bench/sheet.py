"""A ticket in its sheet over a CRM record, with a long conversation, beside the bare queries for the words that it shows."""

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
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.spans import PART
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.tickets.models import Status, Ticket
from kakehashi.desk.tickets.tallies import kept_figures
from kakehashi.identity.people.models import Person

TIMES = 100
ROUNDS = 100  # of a customer's mail, our answer and a comment


@bench("sheet", n=100_000)
def ticket_sheet(n: int) -> list[Row]:
    """Server time of the whole sheet, signed in, rights checked; and of what a page asks for again when something was said."""
    org, actor = make_org("Sheet")
    fill(org, actor, 100)
    portal = join(org, actor).portal
    run_until_idle()
    customer = Contact.objects.get(portal=portal, email="hanako.1@bench.example")
    for start in range(0, n, 5_000):
        add_tickets(customer, min(5_000, n - start), start)
    ticket = Ticket.objects.filter(portal=portal, contact=customer, closed_at=None).earliest("id")
    talk(ticket, customer.email)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    record = Record.objects.get(org=org, values__Email=customer.email)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(Person.objects.get(pk=actor.person_id))
    address = [org.pk, "Contacts", record.pk, ticket.pk]
    rows = []
    for what, name in (("sheet of a ticket", "record_ticket"), ("its conversation again", "record_ticket_talk")):
        url = reverse(name, args=address)
        assert "電池かもしれません" in client.get(url).content.decode()
        measured = milliseconds_of(lambda url=url: client.get(url), times=TIMES)
        bare = milliseconds_of(lambda: bare_queries(ticket), times=TIMES)
        rows.append(at_most(f"{what}, p95", n, percentile(measured, 0.95), percentile(bare, 0.95), 100))
    return rows


def add_tickets(customer: Contact, count: int, first: int) -> None:
    """One in five is open."""
    portal, opened = customer.portal, clock.now()
    department = portal.departments.all()[0]
    statuses = list(Status.objects.filter(portal=portal).order_by("position"))
    tickets = [
        Ticket(
            portal=portal, number=number + 101, department=department, subject=f"ロガー {number} が切断される", contact=customer,
            account_id=customer.account_id, status=statuses[0 if number % 5 == 0 else -1], created_at=opened, modified_at=opened,
            last_activity_at=opened - timedelta(minutes=number), closed_at=opened if number % 5 else None,
        )
        for number in range(first, first + count)
    ]  # fmt: skip
    with kept_figures(portal, tickets):
        Ticket.objects.bulk_create(tickets, batch_size=1_000)


def talk(ticket: Ticket, address: str) -> None:
    from kakehashi.core.actors import Actor

    actor = Actor(None, "Bench", "demo")
    for number in range(ROUNDS):
        receive_message(ticket, sender=address, html=f"<p>{'確認しました。' * 20}{number}</p>", actor=actor)
        send_reply(ticket, html="<p>ありがとうございます。</p>", to=[address], actor=actor)
        add_comment(ticket, html="<p>電池かもしれません。</p>", actor=actor)


def bare_queries(ticket: Ticket) -> None:
    with connection.cursor() as cursor:
        for table in ("desk_message", "desk_comment"):
            cursor.execute(f"SELECT * FROM {table} WHERE ticket_id = %s ORDER BY at DESC LIMIT {PART}", [ticket.pk])
            cursor.fetchall()
