"""A million tickets over five years, ten thousand of them of one customer: their statistics, beside the least that the database must read for them.

The tickets come by one statement each for customers and tickets, past the actions; then the figures are counted anew, as after any such filling.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse

from bench.harness import Row, at_most, backend_pid, bench, milliseconds_of, percentile, stopwatch, work_stopwatch
from bench.world import make_person
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.customers.queries import contact_ids_of
from kakehashi.desk.portals.actions import create_department, create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statistics.queries import Customers, Departments, statistics
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.recounting import recount_figures, wrong_figures
from kakehashi.desk.tickets.tallies import kept_figures
from kakehashi.desk.tickets.tally_models import CustomerTally
from kakehashi.identity.people.models import Person
from kakehashi.ui.statistics.periods import Period

TIMES = 300
DEPARTMENTS = 5
PEOPLE = 200  # contacts of the large customer, who have a hundredth of all tickets
DAYS = 5 * 365


@dataclass(frozen=True, slots=True)
class Filled:
    portal: Portal
    account: Account
    administrator: Person
    n: int


@bench("statistics", n=1_000_000)
def desk_statistics(n: int) -> list[Row]:
    """What the pages ask for, as they ask for it, over each period; then the pages themselves, and what a change costs."""
    world = the_world(n)
    customer = Customers(contact_ids=contact_ids_of(world.account), account_ids=(world.account.pk,))
    rows = [counted_from_tickets(world)]
    for period in (Period.LAST_30_DAYS, Period.LAST_90_DAYS, Period.LAST_12_MONTHS, Period.ALL):
        rows += read(world, f"statistics of a customer, {period}", customer, period, 5)
    for period in (Period.LAST_90_DAYS, Period.LAST_12_MONTHS, Period.ALL):
        rows += read(world, f"statistics of all departments, {period}", Departments(), period, 40)
    here = [world.portal.pk]
    rows += pages(world, "account page with its statistics", reverse("desk_account", args=[*here, world.account.pk]))
    rows += pages(world, "statistics of an account", reverse("desk_account_statistics", args=[*here, world.account.pk]))
    rows += pages(world, "statistics of the departments", reverse("desk_statistics", args=here))
    return [*rows, *moving(world)]


def the_world(n: int) -> Filled:
    """Made once per database; with AGAIN=1 that of the last run is taken."""
    portal = Portal.objects.filter(name=f"Statistics {n}").first()
    if portal is None or Ticket.objects.filter(portal=portal).count() != n:
        return make_world(n)
    first = Account.objects.filter(portal=portal).order_by("pk")[0]
    return Filled(portal, first, portal.agents.order_by("pk")[0].person, n)


def make_world(n: int) -> Filled:
    """Says how long it took."""
    administrator = make_person(f"Statistics {n}")
    portal = create_portal(name=f"Statistics {n}", administrator=administrator)
    for number in range(1, DEPARTMENTS):
        create_department(portal, name=f"Department {number}", actor=administrator.as_actor())
    with stopwatch() as seconds:
        account = add_customers(portal, n)
        add_tickets(portal, account, n)
        print(f"  {n:,} tickets in {seconds():.0f} s", flush=True)
    with stopwatch() as seconds:
        recount_figures(portal)
        print(f"  their figures counted anew in {seconds():.0f} s", flush=True)
    assert wrong_figures(portal) == 0
    with connection.cursor() as cursor:
        for model in (Account, Contact, Ticket, CustomerTally):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
        cursor.execute("VACUUM ANALYZE desk_departmenttally")
    return Filled(portal, account, administrator, n)


def add_customers(portal: Portal, n: int) -> Account:
    """An account for every 250 tickets and a contact for every 50; the first account has `PEOPLE` contacts of its own."""
    accounts, contacts = max(2, n // 250), max(PEOPLE * 2, n // 50)
    insert(
        Account,
        {"portal_id": str(portal.pk), "account_name": "'月見坂食品' || g", "name_normal": "'月見坂食品' || g"},
        f"generate_series(1, {accounts}) g",
    )
    first = Account.objects.filter(portal=portal).order_by("pk")[0]
    whose = f"CASE WHEN g <= {PEOPLE} THEN {first.pk} ELSE {first.pk} + 1 + g % {accounts - 1} END"
    names = {"last_name": "'相沢'", "first_name": "'美咲 ' || g", "name_normal": "'相沢美咲 ' || g"}
    emails = {"email": "'m' || g || '@statistics.example'", "email_normal": "'m' || g || '@statistics.example'"}
    insert(
        Contact,
        {"portal_id": str(portal.pk), "account_id": whose, **names, **emails},
        f"generate_series(1, {contacts}) g",
    )
    return first


def add_tickets(portal: Portal, account: Account, n: int) -> None:
    """One in a hundred is of the large customer's; of the last weeks some are open, a few of these overdue."""
    departments = list(portal.departments.values_list("pk", flat=True))
    statuses = dict(portal.statuses.values_list("name", "pk"))
    contacts = Contact.objects.filter(portal=portal).order_by("pk")
    first, count = contacts[0].pk, contacts.count()
    source = f"""
        (SELECT g, now() - ({n} - g) * interval '{DAYS * 86_400 / n} seconds' AS at,
            {first} + CASE WHEN g % 100 = 0 THEN g / 100 % {PEOPLE} ELSE {PEOPLE} + g * 7 % {count - PEOPLE} END AS contact,
            g > {n} - {n // 50} AND g % 3 = 0 AS is_open FROM generate_series(1, {n}) g) t
        JOIN desk_contact c ON c.id = t.contact
    """
    columns = {
        "portal_id": str(portal.pk), "number": "100 + g", "department_id": f"(ARRAY{departments})[1 + g % {len(departments)}]",
        "subject": "'ロガー ' || g || ' が切断される'", "contact_id": "contact", "account_id": "c.account_id",
        "status_id": f"CASE WHEN is_open THEN {statuses['Open']} ELSE {statuses['Closed']} END",
        "priority": "(ARRAY['High', 'Medium', 'Low'])[1 + g % 3]", "channel": "(ARRAY['Email', 'Web', 'Phone'])[1 + g % 3]",
        "created_at": "at", "modified_at": "at", "last_activity_at": "at", "due_at": "at + interval '9 days'",
        "first_responded_at": "at + interval '2 hours'", "first_response_seconds": "600 + g % 7200",
        "first_response_working_seconds": "300 + g % 3600", "response_count": "1 + g % 4", "response_seconds": "9000", "response_working_seconds": "5000",
        "closed_at": "CASE WHEN is_open THEN NULL ELSE at + interval '2 days' END",
        "resolution_seconds": "CASE WHEN is_open THEN NULL ELSE 172800 END",
        "resolution_working_seconds": "CASE WHEN is_open THEN NULL ELSE 57600 + g % 999 END",
        "rating": "CASE WHEN is_open THEN '' ELSE (ARRAY['good', 'okay', 'bad', '', ''])[1 + g % 5] END",
    }  # fmt: skip
    insert(Ticket, columns, source)
    Portal.objects.filter(pk=portal.pk).update(next_ticket_number=n + 200)


def insert(model: type[models.Model], columns: Mapping[str, str], source: str) -> None:
    """Columns that are not named get what the model gives them."""
    rest = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.null and not field.primary_key
    }
    names = ", ".join([*columns, *rest])
    values = ", ".join([*(value.replace("%", "%%") for value in columns.values()), *["%s"] * len(rest)])
    statement = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {source.replace('%', '%%')}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(rest.values()))


def counted_from_tickets(world: Filled) -> Row:
    """What reading cost if nothing were kept."""
    counted = "count(*), sum(first_response_seconds), sum(resolution_seconds), count(*) FILTER (WHERE rating = 'good')"
    statement = f"SELECT date_trunc('month', created_at), {counted} FROM desk_ticket WHERE portal_id = %s AND account_id = %s GROUP BY 1"
    taken = milliseconds_of(asking(statement, [world.portal.pk, world.account.pk]), times=20)
    return Row("the customer's figures, were nothing kept, p50", world.n, percentile(taken, 0.5), "ms", None, "")


def read(world: Filled, name: str, whose: Customers | Departments, period: Period, goal: float) -> list[Row]:
    """The bare limit is one statement that reads the rows that are kept, in one column. CPU is ours and PostgreSQL's together."""

    def ask() -> None:
        statistics(world.portal, whose, period=period)

    ask()
    measured = milliseconds_of(ask, times=TIMES)
    limit = milliseconds_of(asking(*bare(world, whose, period)), times=TIMES)
    return [
        at_most(f"{name}, p50", world.n, percentile(measured, 0.5), percentile(limit, 0.5), goal),
        at_most(f"{name}, p99", world.n, percentile(measured, 0.99), percentile(limit, 0.99), goal),
        at_most(f"{name}, CPU of one", world.n, cpu_of(ask), None, goal),
    ]


def cpu_of(work: Callable[[], object]) -> float:
    """Milliseconds of one, ours and PostgreSQL's, which a crowded machine does not lengthen."""
    with work_stopwatch(backend_pid()) as seconds:
        for _ in range(100):
            work()
        return seconds() * 10


def bare(world: Filled, whose: Customers | Departments, period: Period) -> tuple[str, Sequence[Any]]:
    if isinstance(whose, Departments):
        grain = "day" if period == Period.LAST_90_DAYS else "month"
        return (
            "SELECT sum(total) FROM desk_departmenttally WHERE portal_id = %s AND grain = %s AND since >= %s",
            [world.portal.pk, grain, _since(period)],
        )
    if period in (Period.LAST_30_DAYS, Period.LAST_90_DAYS):
        return (
            "SELECT count(*) FROM desk_ticket WHERE portal_id = %s AND account_id = %s AND created_at >= %s",
            [world.portal.pk, world.account.pk, _since(period)],
        )
    return (
        "SELECT sum(total) FROM desk_customertally WHERE portal_id = %s AND account_id = %s AND contact_id = -1 AND month >= %s",
        [world.portal.pk, world.account.pk, _since(period)],
    )


def _since(period: Period) -> str:
    days = {Period.LAST_30_DAYS: 29, Period.LAST_90_DAYS: 89, Period.LAST_12_MONTHS: 350}.get(period, 9_999)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() - %s * interval '1 day')::date::text", [days])
        return str(cursor.fetchone()[0])


def asking(statement: str, parameters: Sequence[Any]) -> Callable[[], object]:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            cursor.fetchall()

    return ask


def pages(world: Filled, name: str, url: str) -> list[Row]:
    client = Client()
    client.force_login(world.administrator)

    def show() -> None:
        assert client.get(url).status_code == 200

    show()
    measured = milliseconds_of(show, times=60)
    rows = [at_most(f"{name}, p{share}", world.n, percentile(measured, share / 100), None, 100) for share in (50, 95)]
    return [*rows, at_most(f"{name}, CPU of one", world.n, cpu_of(show), None, 100)]


def moving(world: Filled) -> list[Row]:
    """What keeping the figures adds to a change of one ticket; the bare limit is the update of one row by its id."""
    ticket = Ticket.objects.select_related("status").filter(portal=world.portal, account=world.account).latest("pk")

    @transaction.atomic
    def move() -> None:
        with kept_figures(world.portal, [ticket]):
            ticket.rating = "good" if ticket.rating != "good" else "bad"

    @transaction.atomic
    def one_row() -> None:
        asking_nothing.execute("UPDATE desk_portal SET name = name WHERE id = %s", [world.portal.pk])

    name = "figures kept at a change of one ticket"
    with connection.cursor() as asking_nothing:
        measured = milliseconds_of(move, times=TIMES)
        limit = milliseconds_of(one_row, times=TIMES)
    return [
        at_most(f"{name}, p50", world.n, percentile(measured, 0.5), percentile(limit, 0.5), 5),
        at_most(f"{name}, CPU of one", world.n, cpu_of(move), None, 5),
    ]
