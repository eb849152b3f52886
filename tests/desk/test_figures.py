"""The kept figures stay what a recount would find, whatever happens to tickets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.core.errors import ProductError
from kakehashi.desk.business_hours.models import Calendar
from kakehashi.desk.conversations.actions import receive_message, send_reply
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.deadlines.jobs import follow_deadlines
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.record_merging.models import RecordMerge
from kakehashi.desk.record_merging.undoing import unmerge
from kakehashi.desk.ticket_merging.actions import merge_tickets, unmerge_tickets
from kakehashi.desk.ticket_merging.models import TicketMerge
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.tickets.actions import delete_tickets, mark_as_spam, restore_tickets, update_tickets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.recounting import recount_figures, wrong_figures
from kakehashi.desk.tickets.tally_models import CustomerTally, DepartmentTally, Grain
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 9, 29, 13, tzinfo=UTC)  # ten in the evening of Tokyo: months and days change at once
VALUES = {
    "status": ("Open", "On Hold", "Escalated", "Closed"),
    "priority": ("High", "Low", ""),
    "channel": ("Email", "Phone", "Web", "Chat"),
    "isEscalated": (True, False),
}


@dataclass
class History:
    """Deeds chosen by chance, on tickets of three contacts, two accounts and two departments."""

    portal: Portal
    chance: Random
    now: datetime = BEGIN
    tickets: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts = [make_account(self.portal), make_account(self.portal, name="みどり商店")]
        self.contacts = [make_contact(self.portal, account=self.accounts[0]) for _ in range(2)] + [
            make_contact(self.portal)
        ]
        self.products = [create_product(self.portal, values={"productName": name}, actor=MAKER) for name in "AB"]
        self.departments = [
            self.portal.departments.all()[0],
            create_department(self.portal, name="Abroad", actor=MAKER),
        ]

    def do(self, deed: Callable[["History"], object]) -> None:
        """What the product refuses changes nothing."""
        self.now += timedelta(hours=self.chance.choice((1, 5, 30, 400)))
        with clock.frozen_at(self.now), suppress(ProductError):
            deed(self)

    def some(self) -> Ticket:
        return Ticket.objects.get(pk=self.chance.choice(self.tickets))


def opened(history: History) -> None:
    chance = history.chance
    ticket = make_ticket(
        history.portal,
        department=chance.choice(history.departments),
        contact=chance.choice([*history.contacts, None]),
        account=chance.choice([*history.accounts, None]),
        description_html=chance.choice(("", "<p>Words</p>")),
        values={"channel": chance.choice(VALUES["channel"]), "priority": chance.choice(VALUES["priority"])},
    )
    history.tickets.append(ticket.pk)


def changed(history: History) -> None:
    name = history.chance.choice(list(VALUES))
    update_tickets(
        history.portal,
        ticket_ids={history.some().pk, history.some().pk},  # type: ignore[arg-type]  # a set is enough
        values={name: history.chance.choice(VALUES[name])},
        actor=MAKER,
    )


def moved(history: History) -> None:
    chance = history.chance
    values = chance.choice(
        (
            {"departmentId": chance.choice(history.departments).pk},
            {"productId": chance.choice([one.pk for one in history.products] + [None])},
            {"contactId": chance.choice([one.pk for one in history.contacts] + [None])},
            {"accountId": chance.choice([one.pk for one in history.accounts] + [None])},
        )
    )
    update_tickets(history.portal, ticket_ids=[history.some().pk], values=values, actor=MAKER)


def answered(history: History) -> None:
    send_reply(history.some(), html="<p>Yes</p>", to=["a@b.example"], actor=MAKER)


def wrote(history: History) -> None:
    receive_message(history.some(), sender="a@b.example", html="<p>Still</p>", actor=MAKER)


def rated(history: History) -> None:
    rate_ticket(history.some(), rating=history.chance.choice(("good", "okay", "bad")), actor=MAKER)


def binned(history: History) -> None:
    act = history.chance.choice((delete_tickets, mark_as_spam, restore_tickets))
    act(history.portal, ticket_ids=[history.some().pk], actor=MAKER)


def merged(history: History) -> None:
    first, second = history.some(), history.some()
    merge_tickets(history.portal, survivor_id=first.pk, ticket_ids=[first.pk, second.pk], actor=MAKER)


def unmerged(history: History) -> None:
    if merge := TicketMerge.objects.filter(portal=history.portal, undone_at=None).last():
        unmerge_tickets(merge, actor=MAKER)


def parted(history: History) -> None:
    ticket = history.some()
    messages = list(ticket.messages.values_list("pk", flat=True))
    made = split_ticket(ticket, message_ids=messages[:1], subject="Apart", actor=MAKER)
    history.tickets.append(made.pk)


def became_one(history: History) -> None:
    kind, records = history.chance.choice(((CONTACT, history.contacts), (ACCOUNT, history.accounts)))
    versions = dict(kind.rows().filter(pk__in=[one.pk for one in records[:2]]).values_list("pk", "version"))
    survivor = history.chance.choice(records[:2])
    merge_records(history.portal, kind, survivor_id=survivor.pk, versions=versions, values={}, actor=MAKER)


def came_apart(history: History) -> None:
    if merge := RecordMerge.objects.filter(portal=history.portal, undone_at=None).last():
        unmerge(history.portal, merge.pk, actor=MAKER)


def keeps_other_hours(history: History) -> None:
    hours = history.chance.choice(([[9 * 60, 18 * 60]], [[8 * 60, 12 * 60], [13 * 60, 20 * 60]]))
    Calendar.objects.filter(portal=history.portal).update(week=[hours] * 5 + [[], []])
    follow_deadlines(history.portal.pk)


DEEDS = (
    opened, changed, moved, answered, wrote, rated, binned, merged, unmerged, parted, became_one, came_apart, keeps_other_hours,
)  # fmt: skip


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(DEEDS), min_size=5, max_size=30))
def test_whatever_happens_the_figures_are_those_of_a_recount(chance: Random, deeds: list[Callable[..., None]]) -> None:
    history = History(make_portal(), chance)
    for deed in [opened, opened, opened, *deeds]:
        history.do(deed)
    assert wrong_figures(history.portal) == 0


def test_a_recount_mends_what_went_wrong_and_leaves_other_portals_alone() -> None:
    portal, other = make_portal(), make_portal(name="Second")
    for one in (portal, other):
        make_ticket(one, contact=make_contact(one, account=make_account(one)))
    CustomerTally.objects.update(total=7)
    DepartmentTally.objects.filter(grain=Grain.DAY).update(escalated=3)
    assert wrong_figures(portal) > 0
    recount_figures(portal)
    assert (wrong_figures(portal), wrong_figures(other) > 0) == (0, True)


def test_a_ticket_counts_in_the_month_of_the_portals_time_zone() -> None:
    portal = make_portal()
    with clock.frozen_at(datetime(2026, 9, 30, 15, 30, tzinfo=UTC)):
        make_ticket(portal, contact=make_contact(portal))
    assert CustomerTally.objects.get(portal=portal).month == date(2026, 10, 1)
    days = DepartmentTally.objects.filter(portal=portal).order_by("grain").values_list("grain", "since")
    assert list(days) == [("day", date(2026, 10, 1)), ("month", date(2026, 10, 1))]


def test_spam_lies_in_the_bin_and_is_counted_apart() -> None:
    portal = make_portal()
    ticket = make_ticket(portal, contact=make_contact(portal))
    mark_as_spam(portal, ticket_ids=[ticket.pk], actor=MAKER)
    tally = CustomerTally.objects.get(portal=portal)
    assert (tally.total, tally.spam) == (0, 1)
    restore_tickets(portal, ticket_ids=[ticket.pk], actor=MAKER)
    tally.refresh_from_db()
    assert (tally.total, tally.spam) == (1, 0)


def test_every_answer_of_ours_counts_and_what_closing_ended_does_not() -> None:
    portal = make_portal()
    with clock.frozen_at(BEGIN):
        ticket = make_ticket(portal, contact=make_contact(portal))
    for hours, is_ours in ((2, True), (10, False), (14, True), (20, False)):
        with clock.frozen_at(BEGIN + timedelta(hours=hours)):
            if is_ours:
                send_reply(ticket, html="<p>Yes</p>", to=["a@b.example"], actor=MAKER)
            else:
                receive_message(ticket, sender="a@b.example", html="<p>Still</p>", actor=MAKER)
    with clock.frozen_at(BEGIN + timedelta(hours=21)):
        update_tickets(portal, ticket_ids=[ticket.pk], values={"status": "Closed"}, actor=MAKER)
    tally = CustomerTally.objects.get(portal=portal, contact_id=ticket.contact_id)
    assert (tally.response_count, tally.response_seconds) == (2, 6 * 3600)


@pytest.mark.django_db(transaction=True)
def test_a_recount_while_others_write_loses_nothing_of_theirs() -> None:
    portal = make_portal()
    contact = make_contact(portal, account=make_account(portal))

    def write(_writer: int) -> None:
        try:
            for _ in range(8):
                rate_ticket(make_ticket(portal, contact=contact), rating="good", actor=MAKER)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, writer) for writer in range(3)]
        while not all(writer.done() for writer in writers):
            recount_figures(portal)
    assert [writer.exception() for writer in writers] == [None] * 3
    assert wrong_figures(portal) == 0
    assert CustomerTally.objects.get(portal=portal, contact_id=contact.pk).good == 24
