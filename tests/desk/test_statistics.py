"""Statistics of customers and departments: the right tickets, the right averages, and every number leads to its tickets."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.core.filters.definition import from_text
from kakehashi.desk.conversations.actions import receive_message, send_reply
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.statistics.links import links_to_list
from kakehashi.desk.statistics.queries import Customers, Departments, Whose, by_department, statistics
from kakehashi.desk.statistics.spread import with_spread
from kakehashi.desk.ticket_views.queries import chosen_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.actions import close_ticket, mark_as_spam, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.statistics.figures import Report
from kakehashi.ui.statistics.periods import Basis, Period, Step, steps_of, window_of
from kakehashi.ui.statistics.showing import received_plot, show_report, show_spread, times_plot
from tests.makers.desk import MAKER, make_account, make_contact, make_ticket

from .conftest import People

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)  # Thursday, noon in Tokyo
HOUR = timedelta(hours=1)


def tokyo(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC) - 9 * HOUR


@pytest.fixture
def account(portal: Portal) -> Account:
    return make_account(portal)


@pytest.fixture
def contact(portal: Portal, account: Account) -> Contact:
    return make_contact(portal, account=account)


@pytest.fixture
def abroad(portal: Portal) -> Department:
    return create_department(portal, name="Abroad", actor=MAKER)


@pytest.fixture
def some(portal: Portal, contact: Contact, account: Account, abroad: Department) -> list[Ticket]:
    """Seven tickets of all kinds: the contact's, the account's, for another account, long ago, this week, abroad, and spam."""
    other, channel = make_account(portal, name="みどり商店"), {"channel": "Phone"}
    made = [
        ticket_at(portal, tokyo(2025, 10, 31), contact=contact),
        ticket_at(portal, tokyo(2025, 12, 1, 0), contact=contact, values=channel),
        ticket_at(portal, tokyo(2026, 10, 28, 0), contact=contact, account=other),
        ticket_at(portal, tokyo(2026, 11, 1, 8), contact=make_contact(portal), account=account),
        ticket_at(portal, tokyo(2026, 11, 23), contact=contact, department=abroad, values={"priority": "High"}),
        ticket_at(portal, tokyo(2026, 11, 25), contact=contact, values={"dueDate": tokyo(2026, 11, 25, 20)}),
        ticket_at(portal, tokyo(2026, 11, 25), contact=contact),
    ]
    with clock.frozen_at(tokyo(2026, 11, 24, 15)):
        send_reply(made[4], html="<p>Yes</p>", to=["a@b.example"], actor=MAKER)
        close_ticket(made[4], actor=MAKER)
        rate_ticket(made[4], rating="good", actor=MAKER)
        update_ticket(made[3], values={"status": "On Hold", "isEscalated": True}, actor=MAKER)
        rate_ticket(made[2], rating="bad", actor=MAKER)
    mark_as_spam(portal, ticket_ids=[made[6].pk], actor=MAKER)
    return made


def ticket_at(portal: Portal, at: datetime, **options: object) -> Ticket:
    with clock.frozen_at(at):
        return make_ticket(portal, **options)


def whole(account: Account, contact: Contact) -> Customers:
    return Customers(contact_ids=(contact.pk,), account_ids=(account.pk,))


@pytest.mark.spec("N1")
def test_a_customers_figures(portal: Portal, account: Account, contact: Contact, some: list[Ticket]) -> None:
    with clock.frozen_at(NOW):
        found = statistics(portal, whole(account, contact), period=Period.LAST_90_DAYS).summary
    assert (found.total, found.open, found.closed, found.on_hold) == (4, 3, 1, 1)
    assert (found.overdue, found.escalated, found.high_priority, found.spam) == (1, 1, 1, 1)
    assert (found.good, found.okay, found.bad, found.percent("good")) == (1, 0, 1, 50)
    assert (found.first_response_seconds, found.resolution_seconds) == (27 * 3600, 27 * 3600)
    assert found.channels == (("Web", 4),)


@pytest.mark.parametrize(
    ("period", "count"),
    [("this_week", 2), ("this_month", 3), ("last_30_days", 4), ("last_90_days", 4), ("last_12_months", 5), ("all", 6)],
)
def test_each_period_holds_the_tickets_received_in_it_where_the_portal_is(
    portal: Portal, account: Account, contact: Contact, some: list[Ticket], period: str, count: int
) -> None:
    with clock.frozen_at(NOW):
        customers = statistics(portal, whole(account, contact), period=Period(period))
        departments = statistics(portal, Departments(), period=Period(period))
    assert customers.summary.total == departments.summary.total == count
    assert sum(point.summary.total for point in customers.points) == count
    assert [p.summary.total for p in customers.points] == [p.summary.total for p in departments.points]


def test_days_and_months_know_the_same_of_a_customer(
    portal: Portal, account: Account, contact: Contact, some: list[Ticket]
) -> None:
    """Days are counted from the tickets, months from what is kept; within one month both must agree in everything."""
    with clock.frozen_at(tokyo(2026, 11, 30, 23)):
        days = statistics(portal, whole(account, contact), period=Period.THIS_MONTH)
        year = statistics(portal, whole(account, contact), period=Period.LAST_12_MONTHS)
    assert year.points[-1].summary == replace(days.summary, overdue=None)


@pytest.mark.spec("N1")
@pytest.mark.parametrize("period", [Period.LAST_90_DAYS, Period.LAST_12_MONTHS, Period.ALL])
def test_chosen_tickets_count_as_those_of_a_customer_do_and_each_once(
    portal: Portal, account: Account, contact: Contact, some: list[Ticket], period: Period
) -> None:
    """A deal's tickets are its customer's and those that were linked to it, whoever's they are."""
    chosen = tuple(ticket.pk for ticket in some)
    own = whole(account, contact)
    reports = []
    with clock.frozen_at(NOW):
        for whose in (own, Customers(ticket_ids=chosen), replace(own, ticket_ids=chosen)):
            report = statistics(portal, whose, period=period)
            reports.append(with_spread(report, portal, whose))
        stranger = make_ticket(portal, contact=make_contact(portal, lastName="島"))
        more = statistics(portal, replace(own, ticket_ids=(*chosen, stranger.pk)), period=period)
        unseen = statistics(portal, replace(own, ticket_ids=(stranger.pk,)), period=period, department_ids=[])
    assert reports[0].summary.total
    assert reports[0] == reports[1] == reports[2]
    assert more.summary.total == reports[0].summary.total + 1
    assert sum(point.summary.total for point in more.points) == more.summary.total
    assert unseen.summary.total == 0


def test_averages_count_the_time_that_is_asked_for(portal: Portal, contact: Contact, some: list[Ticket]) -> None:
    whose = Customers(contact_ids=(contact.pk,))
    with clock.frozen_at(NOW):
        working = statistics(portal, whose, basis=Basis.WORKING).summary
        real = statistics(portal, whose, basis=Basis.REAL).summary
    assert real.resolution_seconds == 27 * 3600
    assert working.resolution_seconds is not None
    assert working.resolution_seconds < 27 * 3600


def test_every_answer_counts_in_the_average_of_answers(portal: Portal, contact: Contact) -> None:
    begin = tokyo(2026, 11, 24, 10)
    ticket = ticket_at(portal, begin, contact=contact)
    for hours, is_ours in ((1, True), (3, False), (6, True)):
        with clock.frozen_at(begin + hours * HOUR):
            if is_ours:
                send_reply(ticket, html="<p>Yes</p>", to=["a@b.example"], actor=MAKER)
            else:
                receive_message(ticket, sender="a@b.example", html="<p>Still</p>", actor=MAKER)
    with clock.frozen_at(NOW):
        found = statistics(portal, Customers(contact_ids=(contact.pk,))).summary
    assert (found.first_response_seconds, found.response_seconds, found.answers) == (3600, 2 * 3600, 2)


def numbers_and_ways(portal: Portal, whose: Whose, period: Period) -> list[tuple[int, str]]:
    """Everything that statistics show with a link."""
    report = statistics(portal, whose, period=period)
    links = links_to_list(portal, whose, report.window, sees_bin=True)
    shown, summary = show_report(report, links), report.summary
    found = [(int(getattr(summary, name)), url) for name, url in shown.urls.items() if name != "main_channel"]
    rows = [*shown.state_rows, *shown.rating_rows, *shown.channel_rows]
    found += [(int(row.amount), row.url) for row in rows if row.url]
    plot = received_plot(report, links)
    found += [(int(value.amount), value.url) for one in plot.series for value in one.values if value.amount]
    return [*found, *spread_and_ways(portal, whose, report)]


def spread_and_ways(portal: Portal, whose: Whose, report: Report) -> list[tuple[int, str]]:
    """In both bases; nothing of departments."""
    found: list[tuple[int, str]] = []
    if not isinstance(whose, Customers):
        return found
    for basis in Basis:
        spread = with_spread(replace(report, basis=basis), portal, whose)
        shown = show_spread(spread, links_to_list(portal, whose, report.window))
        assert shown is not None
        found += [(int(row.amount), row.url) for row in [*shown.answers, *shown.solutions]]
    return found


def count_behind(access: DeskAccess, url: str) -> int:
    query = parse_qs(urlsplit(url).query, keep_blank_values=True)
    if "spam" in query:
        page = Client()
        page.force_login(access.person)
        return len(page.get(url).context["tickets"])
    return chosen_tickets(access, subjects_of(access.portal), from_text(query["filter"][0])).count()


@pytest.mark.spec("N2")
@pytest.mark.parametrize("period", list(Period))
def test_every_number_leads_to_as_many_tickets(
    portal: Portal, people: People, account: Account, contact: Contact, some: list[Ticket], period: Period
) -> None:
    access = people.administrator
    with clock.frozen_at(NOW):
        for whose in (
            whole(account, contact),
            Customers(contact_ids=(contact.pk,)),
            Departments(),
            Departments((some[4].department_id,)),
        ):
            for count, url in numbers_and_ways(portal, whose, period):
                assert count_behind(access, url) == count, url


@pytest.mark.spec("N2")
def test_points_of_the_averages_lead_to_the_tickets_that_they_count(
    portal: Portal, people: People, account: Account, contact: Contact, some: list[Ticket]
) -> None:
    whose = whole(account, contact)
    with clock.frozen_at(NOW):
        report = statistics(portal, whose, period=Period.LAST_30_DAYS)
        plot = times_plot(report, links_to_list(portal, whose, report.window))
        known = [value for one in plot.series for value in one.values if value.amount is not None]
        assert [count_behind(people.administrator, value.url) for value in known] == [1, 1]
    assert {dot.url for line in plot.lines for dot in line.dots} == {value.url for value in known}


@pytest.mark.spec("N2")
def test_a_spread_of_many_tickets_reaches_back_to_a_day_that_it_names(
    portal: Portal, people: People, account: Account, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.desk.statistics.spread._LATEST", 2)
    other = make_account(portal, name="みどり商店")
    for day, hour, own in (
        (2, 12, account), (3, 9, account), (3, 12, account), (3, 12, account), (3, 12, other), (4, 12, account)
    ):  # fmt: skip
        ticket = ticket_at(portal, tokyo(2026, 11, day, hour), contact=contact, account=own)
        with clock.frozen_at(tokyo(2026, 11, day, hour + 2)):
            close_ticket(ticket, actor=MAKER)
    whose = whole(account, contact)
    with clock.frozen_at(NOW):
        report = with_spread(statistics(portal, whose, basis=Basis.REAL), portal, whose)
        assert report.spread is not None
        assert report.spread.since == date(2026, 11, 3)
        assert report.spread.resolution == (0, 5, 0, 0, 0, 0, 0)
        for count, url in spread_and_ways(portal, whose, report):
            assert count_behind(people.administrator, url) == count
        url = reverse("desk_account_statistics", args=[portal.pk, account.pk])
        page = people.client_of("agent").get(url).content.decode()
    assert "Of the latest tickets, received since Nov 3, 2026." in page


def test_who_is_bound_to_a_department_sees_its_figures_only(
    portal: Portal, people: People, contact: Contact, account: Account, some: list[Ticket], abroad: Department
) -> None:
    people.agent.agent.departments.set([abroad])
    bound = find_access(people.agent.person, portal.pk)
    client = people.client_of("agent")
    with clock.frozen_at(NOW):
        seen = statistics(portal, whole(account, contact), department_ids=list(bound.department_ids or ()))
        page = client.get(reverse("desk_contact_statistics", args=[portal.pk, contact.pk])).content.decode()
        whole_desk = client.get(reverse("desk_statistics", args=[portal.pk])).content.decode()
        assert set(by_department(portal, period=Period.ALL, department_ids=[abroad.pk])) == {abroad.pk}
    assert seen.summary.total == 1
    assert "<strong>1</strong>" in page
    assert "<strong>1</strong>" in whole_desk
    other = f"{reverse('desk_statistics', args=[portal.pk])}?department={some[0].department_id}"
    assert client.get(other).status_code == 404


def test_the_pages_whole_as_fragments_and_for_strangers(
    portal: Portal, people: People, contact: Contact, account: Account, some: list[Ticket]
) -> None:
    agent, stranger = people.client_of("light_agent"), people.client_of("stranger")
    for url in (
        reverse("desk_contact_statistics", args=[portal.pk, contact.pk]),
        reverse("desk_account_statistics", args=[portal.pk, account.pk]),
        reverse("desk_statistics", args=[portal.pk]),
    ):
        page = agent.get(url)
        assert page.status_code == 200
        assert b"<html" in page.content
        assert b"k-chart" in page.content
        part = agent.get(url, headers=FRAGMENT)
        assert part.status_code == 200
        assert b"<html" not in part.content
        assert stranger.get(url).status_code == 404


def test_an_address_that_asks_for_nonsense_shows_the_last_twelve_months(portal: Portal, people: People) -> None:
    url = reverse("desk_statistics", args=[portal.pk])
    page = people.client_of("agent").get(f"{url}?period=ever&basis=lunar").content.decode()
    assert "Last 12 months" in page
    assert "No tickets were received in this period." in page
    assert people.client_of("agent").get(f"{url}?department=x").status_code == 404


def test_a_statistics_page_costs_the_same_for_many_tickets(
    portal: Portal, people: People, contact: Contact, account: Account
) -> None:
    url = reverse("desk_account_statistics", args=[portal.pk, account.pk])
    client = people.client_of("agent")
    make_ticket(portal, contact=contact)
    client.get(url)
    counts = []
    for _ in range(2):
        counts.append(_queries(client, url))
        for _number in range(5):
            make_ticket(portal, contact=make_contact(portal, account=account))
    assert counts[0] == counts[1] <= 13


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_spam_is_marked_on_the_ticket_and_can_be_taken_back(portal: Portal, people: People) -> None:
    ticket = make_ticket(portal)
    url = reverse("desk_ticket_spam", args=[portal.pk, ticket.pk])
    assert people.client_of("light_agent").post(url).status_code == 403
    answer = people.client_of("administrator").post(url)
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    ticket.refresh_from_db()
    assert ticket.is_spam
    assert ticket.deleted_at
    page = people.client_of("administrator").get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    assert "Spam" in page
    people.client_of("administrator").post(undo)
    ticket.refresh_from_db()
    assert not ticket.is_spam
    assert ticket.deleted_at is None


@given(st.sampled_from(list(Period)), st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 4000))
def test_steps_cover_a_window_without_gaps(period: Period, today: date, age: int) -> None:
    window = window_of(period, today)
    begun = [today - timedelta(days=age)]
    step, spans = steps_of(window, begun)
    assert spans[0].first == (window.first or begun[0])
    assert spans[-1].last == today
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(spans))
    assert all(span.first <= span.last for span in spans)
    assert len(spans) <= 31 or step == Step.YEAR
