"""Spec R3, T2, P4: the list of tickets on a record: filtered, sorted, paged, kept filters, and why it may be empty."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from kakehashi.bridge.connection.models import SeatlessSight, State
from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.tickets import Party, TicketFilter, TicketQuery, TicketSort
from kakehashi.bridge.ticket_panel.choice import BlockChoice, address_of
from kakehashi.bridge.ticket_panel.models import SavedFilter
from kakehashi.core import clock
from kakehashi.core.filters.definition import Condition, Filter, as_text, filter_of
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import add_agent, create_department
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record, make_stranger
from tests.makers.desk import MAKER, make_account, make_contact, make_seat, make_ticket

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
HIGH = filter_of(Condition("priority", "any_of", ("High",)))


@dataclass
class World:
    """A lead whose address a contact of the Desk has."""

    joined: Joined
    record: Record
    contact: Contact

    def client(self, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(person or self.joined.administrator.person)
        return client

    def url(
        self, name: str = "record_tickets", *more: object, record: Record | None = None, module: str = "Leads"
    ) -> str:
        return reverse(name, args=[self.joined.org.pk, module, (record or self.record).pk, *more])

    def text(self, person: Person | None = None, **asked: str) -> str:
        page = self.client(person).get(f"{self.url()}?{urlencode(asked)}", headers=FRAGMENT)
        assert page.status_code == 200
        return page.content.decode()

    def ticket(self, subject: str, **options: object) -> Ticket:
        return make_ticket(self.joined.portal, contact=self.contact, subject=subject, **options)

    def listed(self, party: Party | None = None, **query: object) -> list[str]:
        """Subjects as the side lists them, linked ones first."""
        side, party = desk_side(self.joined.portal.pk), party or Party(contact_ids=(self.contact.pk,))
        page = side.list_tickets(party, self.joined.administrator.actor, TicketQuery(**query))  # type: ignore[arg-type]
        return [row.subject for row in (*page.linked, *page.rows)]


@pytest.fixture
def world() -> World:
    joined = make_joined()
    TicketModule.objects.create(connection=joined.connection, module="Leads")
    contact = make_contact(joined.portal, email="misaki@tsukimizaka.example")
    return World(joined, make_record(joined.org, "Leads", Email="misaki@tsukimizaka.example"), contact)


@pytest.mark.spec("R3", "T2")
@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", {"open", "late", "urgent", "escalated", "done", "mine"}),
        ("open", {"open", "late", "urgent", "escalated", "mine"}),
        ("overdue", {"late"}),
        ("closed", {"done"}),
        ("escalated", {"escalated"}),
        ("high_priority", {"urgent"}),
        ("mine", {"mine"}),
    ],
)
def test_each_pill_shows_what_it_counts(world: World, show: TicketFilter, expected: set[str]) -> None:
    agent = world.joined.portal.agents.get()
    world.ticket("open")
    world.ticket("late", values={"dueDate": clock.now() - timedelta(hours=1)})
    world.ticket("urgent", values={"priority": "High"})
    world.ticket("escalated", values={"isEscalated": True})
    close_ticket(world.ticket("done"), actor=MAKER)
    world.ticket("mine", values={"assigneeId": agent.pk})
    side = desk_side(world.joined.portal.pk)
    page = side.list_tickets(
        Party(contact_ids=(world.contact.pk,)), world.joined.administrator.actor, TicketQuery(show=show)
    )
    assert {row.subject for row in page.rows} == expected
    assert page.counts[show] == page.total == len(expected)


@pytest.mark.spec("T2")
@pytest.mark.parametrize("sort", ["-activity", "activity", "-created", "created", "due"])
def test_pages_follow_each_other_without_a_gap_in_every_order_and_lead_back(world: World, sort: TicketSort) -> None:
    account, now = make_account(world.joined.portal), clock.now()
    for number in range(7):
        whose = {"contact": world.contact} if number % 2 else {"account": account}
        due = {"dueDate": now + timedelta(hours=7 - number)} if number < 4 else {}
        make_ticket(world.joined.portal, subject=f"{number}", at=now - timedelta(hours=number), values=due, **whose)
    side = desk_side(world.joined.portal.pk)
    party, actor = Party((world.contact.pk,), (account.pk,)), world.joined.administrator.actor
    whole = [row.subject for row in side.list_tickets(party, actor, TicketQuery(sort=sort)).rows]
    assert len(set(whole)) == 7
    walked: list[str] = []
    pages, after = [], ""
    while True:
        page = side.list_tickets(party, actor, TicketQuery(sort=sort, after=after, limit=3))
        walked += [row.subject for row in page.rows]
        pages.append(page)
        if not (after := page.next):
            break
    assert walked == whole
    back = side.list_tickets(party, actor, TicketQuery(sort=sort, before=pages[-1].previous, limit=3))
    assert [row.subject for row in back.rows] == whole[3:6]
    assert not pages[0].previous


@pytest.mark.spec("T2")
def test_those_due_soonest_come_first_and_closed_ones_not_at_all(world: World) -> None:
    now = clock.now()
    for subject, hours in (("later", 5), ("soon", 1)):
        world.ticket(subject, values={"dueDate": now + timedelta(hours=hours)})
    world.ticket("whenever")
    close_ticket(world.ticket("done", values={"dueDate": now}), actor=MAKER)
    assert world.listed(sort="due") == ["soon", "later", "whenever"]


@pytest.mark.spec("R3", "D3")
def test_linked_tickets_come_first_whoever_they_are_of_and_are_counted_once(world: World) -> None:
    world.ticket("other")
    own, strange = world.ticket("own and linked"), make_ticket(world.joined.portal, subject="of somebody else")
    party = Party(contact_ids=(world.contact.pk,), ticket_ids=(own.pk, strange.pk))
    assert set(world.listed(party)[:2]) == {"own and linked", "of somebody else"}
    assert world.listed(party)[2:] == ["other"]
    side = desk_side(world.joined.portal.pk)
    page = side.list_tickets(party, world.joined.administrator.actor, TicketQuery(limit=1))
    assert (page.total, page.counts["open"], len(page.linked)) == (3, 3, 2)
    assert side.owned_by(party, [strange.pk]) == {strange.pk}


@pytest.mark.spec("T2")
def test_a_filter_narrows_the_list_and_the_counts_stay(world: World) -> None:
    world.ticket("urgent", values={"priority": "High"})
    world.ticket("later")
    text = world.text(tickets_filter=as_text(HIGH))
    assert "urgent" in text
    assert "later" not in text
    assert "1–1 of 1" in text
    assert "All <b>2</b>" in text
    assert "cannot be read" in world.text(tickets_filter='{"v":1,')


@pytest.mark.spec("T2")
def test_the_filter_is_built_in_a_dialog_and_a_wrong_row_is_explained(world: World) -> None:
    world.ticket("urgent", values={"priority": "High"})
    world.ticket("later")
    client, url = world.client(), world.url("record_tickets_filter")
    assert "Priority" in client.get(url).content.decode()
    row = {"join": "and", "group": "g", "join-g": "and", "row": "g:r", "field-r": "priority", "operator-r": "any_of"}
    refused = client.post(url, row, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "Choose at least one." in refused.content.decode()
    built = client.post(url, {**row, "value-r": "High"}, headers=FRAGMENT).content.decode()
    assert 'hx-swap-oob="true"' in built
    assert "urgent" in built
    assert "later" not in built
    assert client.get(world.url("record_tickets_filter_group")).status_code == 200
    changed = client.get(
        world.url("record_tickets_filter_row"), {"row": "g:r", "field-r": "subject", "operator-r": "is"}
    )
    assert "value-r" in changed.content.decode()


@pytest.mark.spec("T2")
def test_a_filter_is_kept_for_oneself_and_comes_back_after_its_deletion(world: World) -> None:
    client, asked = world.client(), {"tickets_filter": as_text(HIGH)}
    saving = world.url("record_tickets_filter_saving")
    refused = client.post(saving, {**asked, "name": " "}, headers=FRAGMENT)
    assert (refused.status_code, "Enter a name." in refused.content.decode()) == (422, True)
    world.ticket("a ticket")
    assert "Urgent ones" in client.post(saving, {**asked, "name": "Urgent ones"}, headers=FRAGMENT).content.decode()
    row = SavedFilter.objects.get()
    colleague = make_seat(world.joined.portal, language="en").person
    member = make_member(world.joined.org, permissions=["see_all_records"], language="en").person
    assert "Urgent ones" in world.text()
    assert "Urgent ones" not in world.text(member)
    assert world.client(member).post(world.url("record_tickets_filter_removal", row.pk)).status_code == 404
    assert world.client(colleague).get(world.url()).status_code == 404
    gone = client.post(world.url("record_tickets_filter_removal", row.pk), headers=FRAGMENT)
    assert "Urgent ones" not in gone.content.decode()
    client.post(world.url("record_tickets_filter_undo", row.pk), headers=FRAGMENT)
    assert "Urgent ones" in world.text()


@pytest.mark.spec("P4", "T6")
@pytest.mark.parametrize("sight", SeatlessSight.values)
@pytest.mark.parametrize("is_owner", [True, False])
def test_which_tickets_people_without_a_desk_account_see_is_a_setting(world: World, sight: str, is_owner: bool) -> None:
    ticket = world.ticket("a ticket")
    world.joined.connection.seatless_sight = sight
    world.joined.connection.save()
    member = make_member(world.joined.org, permissions=["see_all_records"], language="en").person
    if is_owner:
        Record.objects.filter(pk=world.record.pk).update(owner=member)
    is_seen = sight == "all" or (sight == "own" and is_owner)
    assert ("a ticket" in world.text(member)) is is_seen
    assert "a ticket" in world.text()  # whoever has a seat sees it
    client, status = world.client(member), 200 if is_seen else 404
    for name in ("record_ticket", "record_ticket_talk", "record_ticket_composer"):
        assert client.get(world.url(name, ticket.pk), headers=FRAGMENT).status_code == status, name
    assert client.get(world.url("record_tickets_filter")).status_code == status
    said = client.post(world.url("record_ticket_comments", ticket.pk), {"html": "<p>x</p>"}, headers=FRAGMENT)
    assert said.status_code == status


@pytest.mark.spec("P4")
def test_an_administrator_of_the_integration_chooses_who_sees_tickets(world: World) -> None:
    url, client = reverse("desk_integration_related_lists", args=[world.joined.org.pk]), world.client()
    assert "Tickets for people without a Desk account" in client.get(url).content.decode()
    assert client.post(url, {"modules": ["Contacts"], "seatless_sight": "own"}).status_code == 302
    world.joined.connection.refresh_from_db()
    assert world.joined.connection.seatless_sight == "own"
    member = make_member(world.joined.org, permissions=["see_all_records"]).person
    assert world.client(member).post(url, {"seatless_sight": "all"}).status_code == 403
    assert client.post(url, {"seatless_sight": "everything"}).status_code == 422
    world.joined.connection.refresh_from_db()
    assert world.joined.connection.seatless_sight == "own"


@pytest.mark.spec("R3")
def test_an_empty_block_says_why_and_what_would_help(world: World) -> None:
    assert "No tickets yet." in world.text()
    abroad = create_department(world.joined.portal, name="Abroad", actor=MAKER)
    bound = make_member(world.joined.org, permissions=["see_all_records"], language="en").person
    add_agent(world.joined.portal, person=bound, role="agent", actor=MAKER).departments.set([abroad])
    world.ticket("of another department")
    assert "No tickets in your departments." in world.text(bound)
    deal = make_record(world.joined.org, "Deals")
    page = world.client().get(world.url(record=deal, module="Deals"), headers=FRAGMENT).content.decode()
    assert "This deal has no contact and no account" in page


@pytest.mark.spec("R3")
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.CONNECTED, "This record is on its way to the Desk."),
        (State.PAUSED, "The sync is paused"),
        (State.PLANNED, "The sync waits for somebody to approve its plan."),
    ],
)
def test_an_account_that_is_not_in_the_desk_says_what_it_waits_for(world: World, state: str, sentence: str) -> None:
    world.joined.connection.state = state
    world.joined.connection.save()
    account = make_record(world.joined.org, "Accounts")
    page = world.client().get(world.url(record=account, module="Accounts"), headers=FRAGMENT).content.decode()
    assert sentence in page


def test_strangers_meet_nothing(world: World) -> None:
    client = world.client(make_stranger())
    for name in (
        "record_tickets",
        "record_tickets_filter",
        "record_tickets_filter_row",
        "record_tickets_filter_saving",
    ):
        assert client.get(world.url(name)).status_code == 404


def test_the_block_asks_as_many_questions_for_one_ticket_as_for_thirty(world: World) -> None:
    counts: list[int] = []
    client = world.client()
    for wanted in (1, 30):
        while Ticket.objects.count() < wanted:
            world.ticket("x", values={"priority": "High"})
        client.get(world.url(), headers=FRAGMENT)
        for asked in ({}, {"tickets_filter": as_text(HIGH)}, {"tickets_sort": "due"}):
            with CaptureQueriesContext(connection) as queries:
                client.get(world.url(), asked, headers=FRAGMENT)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 22, counts


@pytest.mark.parametrize("asked", [Filter(), HIGH, filter_of(Condition("subject", "contains", ("a&b= 月",)))])
def test_the_quick_way_to_an_address_says_what_the_whole_choice_says(asked: Filter) -> None:
    assert address_of("open", asked) == BlockChoice("open", asked).query()
