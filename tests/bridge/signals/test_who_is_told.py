"""Spec G1, G4: owners hear of what happens to their customers' tickets, once, as far as they may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable, take_up_again
from kakehashi.bridge.connection.models import Connection, SeatlessSight, State
from kakehashi.bridge.connection.queries import parked_connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.embedded.news import ticket_news
from kakehashi.bridge.sides.news import NewsOfTicket
from kakehashi.bridge.signals.choosing import choose, key_of
from kakehashi.bridge.signals.customers import places_of
from kakehashi.bridge.signals.hearing import hear
from kakehashi.bridge.signals.kinds import AUDIENCES, KINDS
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker, start_of_log
from kakehashi.core.events.subscribers import move_cursor
from kakehashi.crm.orgs.models import Membership, Profile
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.conversations.actions import add_comment, receive_mail
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.overdue.actions import tell_overdue
from kakehashi.desk.past.actions import write_past_tickets
from kakehashi.desk.past.deeds import PastTicket
from kakehashi.desk.portals.models import Department
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.tickets.actions import delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.bridge.signals.conftest import CUSTOMER, World
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = IncomingText("相沢 美咲 <misaki@tsukimizaka.example>", text="まだ直りません。", message_id="<two@c.example>")


def all_but(*off: str) -> list[str]:
    return [key for kind in KINDS for one in AUDIENCES if (key := key_of(kind.news, one)) not in off]


@pytest.mark.spec("G1")
def test_each_of_the_six_rings_once_for_the_owner_of_the_contact(world: World) -> None:
    ticket = world.ticket()
    receive_mail(ticket, MAIL, actor=CUSTOMER)
    add_comment(ticket, html="<p>調べます</p>", actor=world.administrator.as_actor())
    update_ticket(ticket, values={"isEscalated": True}, actor=world.administrator.as_actor())
    rate_ticket(ticket, rating="bad", comment="遅い", actor=CUSTOMER)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=clock.now() - timedelta(minutes=1))
    tell_overdue()
    tell_overdue()
    assert world.heard() == [
        "ticket_opened",
        "ticket_answered",
        "ticket_commented",
        "ticket_escalated",
        "ticket_rated",
        "ticket_overdue",
    ]


@pytest.mark.spec("G4")
def test_owners_of_contact_account_and_open_deal_are_told_each_once(world: World) -> None:
    of_deal = world.member(family_name="商", given_name="談")
    world.own(world.customer.deal, of_deal)
    world.own(world.customer.account, world.rep)
    world.ticket()
    assert world.heard(of_deal) == ["ticket_opened"]
    assert world.heard() == ["ticket_opened"], "contact and account, one signal"
    signal = Signal.objects.get(person=world.rep)
    customer = world.customer
    assert signal.record_id == customer.contact.pk
    assert set(signal.about) == {customer.contact.pk, customer.account.pk, customer.deal.pk}
    assert Signal.objects.get(person=of_deal).record_id == customer.deal.pk


@pytest.mark.spec("G4")
def test_a_lead_and_an_unlinked_contact_are_found_by_their_address(world: World) -> None:
    org = world.customer.joined.org
    lead = make_record(org, "Leads", Last_Name="見込", Email="Lead@Example.com", owner=world.rep)
    world.ticket_of("lead@example.com")
    assert Signal.objects.get(person=world.rep).record_id == lead.pk
    other = make_record(org, Last_Name="別", Email="other@example.com", owner=world.rep)
    world.ticket_of("other@example.com")
    assert Signal.objects.filter(person=world.rep).latest("pk").record_id == other.pk


@pytest.mark.spec("G4")
def test_nobody_hears_of_their_own_deeds(world: World) -> None:
    world.seat(world.rep)
    ticket = world.ticket(actor=world.rep.as_actor())
    add_comment(ticket, html="<p>自分で書きました</p>", actor=world.rep.as_actor())
    assert world.heard() == []


@pytest.mark.spec("G4")
@pytest.mark.spec("P4")
def test_what_the_desk_or_the_connection_hides_does_not_ring(world: World) -> None:
    portal = world.customer.joined.portal
    other = Department.objects.create(portal=portal, name="Repairs", position=9)
    world.seat(world.rep, departments=[other])
    world.ticket()
    assert world.heard() == [], "a seat in another department"
    world.ticket(department=other)
    assert world.heard() == ["ticket_opened"]
    seatless = world.member(family_name="席", given_name="無")
    world.own(world.customer.contact, seatless)
    Connection.objects.update(seatless_sight=SeatlessSight.NONE)
    world.ticket()
    assert world.heard(seatless) == []
    Connection.objects.update(seatless_sight=SeatlessSight.OWN)
    world.ticket()
    assert world.heard(seatless) == ["ticket_opened"]


@pytest.mark.spec("G4")
def test_who_may_not_see_the_record_or_has_left_is_not_told(world: World) -> None:
    Profile.objects.filter(membership__person=world.rep).update(module_rights={"default": {"view": "none"}})
    world.ticket()
    assert world.heard() == []
    Membership.objects.filter(person=world.administrator).update(is_active=False)
    world.ticket()
    assert not Signal.objects.exclude(person=world.administrator).exists()


@pytest.mark.spec("G1")
def test_administrators_switch_each_kind_on_and_off_for_leads_contacts_and_deals(world: World) -> None:
    connection, actor = world.customer.joined.connection, world.administrator.as_actor()
    of_deal = world.member(family_name="商", given_name="談")
    world.own(world.customer.deal, of_deal)
    choose(connection, all_but("opened:contacts"), actor=actor)
    world.ticket()
    assert world.heard() == []
    assert world.heard(of_deal) == ["ticket_opened"]
    choose(connection, [], actor=actor)
    world.ticket()
    assert world.heard(of_deal) == ["ticket_opened"]


def test_old_stories_split_off_and_deleted_tickets_ring_for_nobody(world: World) -> None:
    portal, actor = world.customer.joined.portal, world.administrator.as_actor()
    department = portal.departments.all()[0]
    past = PastTicket(clock.now(), CUSTOMER, department, "昔の件", "", world.customer.desk_contact, {})
    write_past_tickets(portal, tickets=[past], actor=actor)
    delete_ticket(world.ticket(), actor=actor)
    Connection.objects.update(state=State.PLANNED)
    world.ticket()
    world.drain()
    Connection.objects.update(state=State.CONNECTED, set_up_at=clock.now() + timedelta(minutes=1))
    world.ticket()
    assert world.heard() == []
    Connection.objects.update(set_up_at=clock.now())
    ticket = world.ticket()
    mails = [receive_mail(ticket, MAIL, actor=CUSTOMER)]
    mails += [receive_mail(ticket, IncomingText(MAIL.sender, text="別件", message_id="<3@c.example>"), actor=CUSTOMER)]
    split_ticket(ticket, message_ids=[mails[1].pk], subject="別件", actor=actor)
    assert world.heard() == ["ticket_opened", "ticket_answered", "ticket_answered"]


@pytest.mark.spec("G1")
def test_a_repeated_reading_of_the_log_tells_nobody_twice(world: World) -> None:
    ticket = world.ticket()
    assert world.heard() == ["ticket_opened"]
    move_cursor("bridge.signals", start_of_log())
    event = Event.objects.get(topic="desk.ticket.opened", subject_id=ticket.pk)
    hear(ticket_news([Marker(0, event.tenant, "core.problem.retried", event.kind, ticket.pk, "", None, {}, event.at)]))
    assert world.heard() == ["ticket_opened"]


@pytest.mark.spec("X4")
def test_an_ended_connection_takes_its_signals_along_and_brings_them_back(world: World) -> None:
    world.ticket()
    assert world.heard() == ["ticket_opened"]
    signal = Signal.objects.get(person=world.rep)
    joined, actor = world.customer.joined, world.administrator.as_actor()
    disable(joined.connection, actor=actor)
    assert Membership.objects.get(person=world.rep).unseen_signals == 0
    assert world.client().get(reverse("crm_signal", args=[world.org_id, signal.pk])).status_code == 404
    world.ticket()
    assert world.heard() == ["ticket_opened"], "nobody listens"
    assert "ロガー" not in world.page("crm_bell")
    parked = parked_connection(joined.org.pk, joined.portal.pk)
    assert parked
    take_up_again(parked, modules=["accounts", "contacts"], actor=actor)
    world.drain()
    assert Membership.objects.get(person=world.rep).unseen_signals == 1
    assert "ロガー" in world.page("crm_bell")


def test_many_tickets_cost_as_many_queries_as_one(world: World) -> None:
    joined = world.customer.joined
    crm, desk = crm_side(joined.org.pk), desk_side(joined.portal.pk)
    told = []
    for number in range(6):
        person = make_record(joined.org, Last_Name="見込", Email=f"p{number}@x.example")
        make_record(joined.org, "Deals", Deal_Name=f"D{number}", Contact_Name=person.pk)
        told.append(NewsOfTicket(number, number, "s", None, None, emails=(f"P{number}@x.example",)))
    places_of(joined.connection, crm, desk, told[:1])
    with CaptureQueriesContext(connection) as one:
        places_of(joined.connection, crm, desk, told[:1])
    with CaptureQueriesContext(connection) as many:
        found = places_of(joined.connection, crm, desk, told)
    assert len(many) == len(one)
    assert all([module for module, _pk in places] == ["Contacts", "Deals"] for places in found.values())
