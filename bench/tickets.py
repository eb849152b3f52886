"""The ticket block and the statistics on CRM records whose customer has a hundredth of a million tickets, beside the bare query for its rows.

The tickets are those of `bench/statistics.py`; a CRM org is joined to their portal, and the large customer is linked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from bench.harness import Row, at_most, bench, milliseconds_of, percentile
from bench.statistics import Filled, the_world
from bench.world import make_org
from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sync.models import Link
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.core.keyset import place_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Membership, Org
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import add_agent
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

TIMES = 300
QUERY_GOAL, GOAL = 5, 40


@bench("block", n=1_000_000)
def ticket_block(n: int) -> list[Row]:
    """Server time of the whole block, through the CRM page's own address, signed in, rights checked; and of its own query alone."""
    world = the_world(n)
    org, person = the_org(world)
    client = Client()
    client.force_login(person)
    account = Record.objects.get(org=org, module__api_name="Accounts")
    contact = Record.objects.filter(org=org, module__api_name="Contacts").order_by("pk")[0]
    rare = as_text(filter_of(Condition("rating", "any_of", ("bad",)), Condition("priority", "any_of", ("Low",))))
    here = reverse("record_tickets", args=[org.pk, "Accounts", account.pk])
    cases = [
        ("block of an account", here),
        ("block of an account, open", f"{here}?tickets=open"),
        ("block of an account, overdue", f"{here}?tickets=overdue"),
        ("block of an account, escalated (none)", f"{here}?tickets=escalated"),
        ("block of an account, a page deep within", f"{here}?{urlencode({'tickets_after': place_within(world)})}"),
        ("block of an account, due soonest", f"{here}?tickets_sort=due"),
        ("block of an account, oldest", f"{here}?tickets_sort=created"),
        ("block of an account, own filter", f"{here}?{urlencode({'tickets_filter': rare})}"),
        ("block of a contact", reverse("record_tickets", args=[org.pk, "Contacts", contact.pk])),
    ]
    rows = [row for name, url in cases for row in measure(world, client, name, url, "CROSS JOIN LATERAL")]
    for module, record in (("Accounts", account), ("Contacts", contact)):
        url = reverse("record_statistics", args=[org.pk, module, record.pk])
        rows += measure(world, client, f"statistics in the CRM, {module}", url, "desk_customertally")
    return rows


def the_org(world: Filled) -> tuple[Org, Person]:
    """Joined once per database."""
    if (joined := connection_of_portal(world.portal.pk)) is not None:
        org = Org.objects.get(pk=joined.org_id)
        return org, Membership.objects.filter(org=org).order_by("pk")[0].person
    org, actor = make_org("Ticket block")
    person = Person.objects.get(pk=actor.person_id or 0)
    add_agent(world.portal, person=person, role="administrator", actor=world.administrator.as_actor())
    joined = connect(org_id=org.pk, portal_id=world.portal.pk, modules=("accounts", "contacts"), actor=actor)
    [account] = add_records(org, "Accounts", [{"Account_Name": world.account.account_name}], actor)
    people = list(Contact.objects.filter(account=world.account).order_by("pk"))
    values = [{"Last_Name": one.last_name, "Email": one.email, "Account_Name": account} for one in people]
    contacts = add_records(org, "Contacts", values, actor)
    now = clock.now()
    pairs = [("accounts", account, world.account.pk)]
    pairs += [("contacts", record, one.pk) for record, one in zip(contacts, people, strict=True)]
    Link.objects.bulk_create(
        Link(connection=joined, module=module, crm_id=crm_id, desk_id=desk_id, made_at=now, agreed_at=now)
        for module, crm_id, desk_id in pairs
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return org, person


def add_records(org: Org, module: str, values: list[dict[str, Any]], actor: Actor) -> list[int]:
    results = write_records(schema_of(org)[module], drafts=[RecordDraft(one) for one in values], actor=actor)
    return [result.record.pk for result in results if result.record]


def place_within(world: Filled) -> str:
    """Of a page in the middle of the customer's tickets."""
    count = Ticket.objects.filter(account=world.account).count()
    row = Ticket.objects.filter(account=world.account).order_by("-last_activity_at", "-id")[count // 2]
    return place_of(row, "last_activity_at")


def measure(world: Filled, client: Client, name: str, url: str, mark: str) -> list[Row]:
    """`mark` is a word of the statement whose time is told alone; the bare limit is the query for the rows of a page."""

    def show() -> None:
        assert client.get(url, HTTP_HX_REQUEST="true").status_code == 200

    show()
    own: list[float] = []
    with each_timed(mark, own.append):
        measured = milliseconds_of(show, times=TIMES)
    limit = milliseconds_of(lambda: bare_query(world), times=TIMES)
    own.sort()
    rows = [
        at_most(f"{name}, p{share}", world.n, percentile(measured, share / 100), percentile(limit, share / 100), GOAL)
        for share in (50, 99)
    ]
    return (
        [*rows, at_most(f"{name}, its query, p99", world.n, percentile(own, 0.99), percentile(limit, 0.99), QUERY_GOAL)]
        if own
        else rows
    )


@contextmanager
def each_timed(mark: str, tell: Callable[[float], object]) -> Iterator[None]:
    """Tells the milliseconds of each statement that holds a word."""

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if mark in sql:
                tell((time.perf_counter() - started) * 1000)

    with connection.execute_wrapper(timed):
        yield


def bare_query(world: Filled) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, subject, last_activity_at FROM desk_ticket WHERE portal_id = %s AND account_id = %s "
            "AND deleted_at IS NULL ORDER BY last_activity_at DESC, id DESC LIMIT 11",
            [world.portal.pk, world.account.pk],
        )
        cursor.fetchall()
