"""Spec G2: whoever silenced a customer or a ticket hears no more of it once it went into another, and hears again what they heard when it is back."""

import pytest
from django.urls import reverse

from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.leads.undoing import revert
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.undoing import unmerge
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal, SignalMute
from kakehashi.desk.conversations.actions import add_comment
from kakehashi.desk.ticket_merging.actions import merge_tickets, unmerge_tickets
from tests.bridge.signals.conftest import CUSTOMER, HX, World
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def silence(world: World, of: str) -> None:
    """What the newest signal is about."""
    signal = Signal.objects.filter(person=world.rep).latest("pk")
    answer = world.client().post(reverse("crm_signal_mute", args=[world.org_id, signal.pk]), {"of": of}, headers=HX)
    assert answer.status_code == 204


def merge(world: World, survivor: Record, loser: Record) -> Merge:
    versions = {one.pk: Record.objects.get(pk=one.pk).version for one in (survivor, loser)}
    schema = schema_of(world.customer.joined.org)
    module = schema.by_id[survivor.module_id]
    actor = world.administrator.as_actor()
    return merge_records(schema, module, survivor_id=survivor.pk, versions=versions, values={}, actor=actor)


@pytest.mark.spec("G2")
def test_a_silenced_customer_stays_silent_in_the_survivor_and_comes_back_silenced(world: World) -> None:
    org, contact, in_desk = world.customer.joined.org, world.customer.contact, world.customer.desk_contact
    survivor = make_record(org, Last_Name="相沢", Email="aizawa@tsukimizaka.example", owner=world.rep)

    def write() -> list[str]:
        """The customer whom the person silenced."""
        make_ticket(world.customer.joined.portal, contact=in_desk, actor=CUSTOMER)
        return world.heard()

    assert write() == ["ticket_opened"]
    silence(world, "customer")
    done = merge(world, survivor, contact)
    assert write() == ["ticket_opened"]
    assert SignalMute.objects.get().record_id == survivor.pk
    unmerge(schema_of(org), done, actor=world.administrator.as_actor())
    assert write() == ["ticket_opened"]
    world.ticket_of("aizawa@tsukimizaka.example")
    assert world.heard() == ["ticket_opened"] * 2, "whom nobody silenced"


def test_who_silenced_both_sees_one_and_has_both_after_it_came_apart(world: World) -> None:
    org, contact = world.customer.joined.org, world.customer.contact
    survivor = make_record(org, Last_Name="相沢", Email="aizawa@tsukimizaka.example", owner=world.rep)
    for write in (world.ticket, lambda: world.ticket_of("aizawa@tsukimizaka.example")):
        write()
        world.drain()
        silence(world, "customer")
    done = merge(world, survivor, contact)
    assert world.page("crm_signal_habits").count("bell-off") == 1
    unmerge(schema_of(org), done, actor=world.administrator.as_actor())
    assert {mute.record_id for mute in SignalMute.objects.all()} == {survivor.pk, contact.pk}


@pytest.mark.spec("G2")
def test_a_silenced_lead_is_a_silenced_contact_wherever_its_notes_went(world: World) -> None:
    org, actor = world.customer.joined.org, world.administrator.as_actor()
    lead = make_record(org, "Leads", Last_Name="見込", Email="lead@example.com", Company="見込商事", owner=world.rep)
    world.ticket_of("lead@example.com")
    silence(world, "customer")
    deal = Into(values={"Deal_Name": "見込", "Stage": "Qualification"})
    plan = ConversionPlan(contact=Into(), deal=deal, carry=("signals",), carry_to="Deals")
    done = convert_lead(schema_of(org), lead.pk, version=None, plan=plan, actor=actor)
    assert SignalMute.objects.get().record_id == done.contact_id
    world.ticket_of("lead@example.com")
    assert world.heard() == ["ticket_opened"]
    revert(schema_of(org), done, actor=actor)
    assert SignalMute.objects.get().record_id == lead.pk


@pytest.mark.spec("G2")
def test_a_silenced_ticket_stays_silent_in_the_one_it_went_into(world: World) -> None:
    silenced, survivor, other = world.ticket(), world.ticket(), world.ticket()
    world.drain()
    Signal.objects.exclude(data__ticket=silenced.pk).delete()
    silence(world, "thread")
    merge_tickets(silenced.portal, survivor_id=survivor.pk, ticket_ids=[silenced.pk], actor=MAKER)
    again = merge_tickets(silenced.portal, survivor_id=other.pk, ticket_ids=[survivor.pk], actor=MAKER)
    add_comment(other, html="<p>x</p>", actor=CUSTOMER)
    assert world.heard() == ["ticket_opened"]
    unmerge_tickets(again, actor=MAKER)
    for ticket in (other, survivor):
        ticket.refresh_from_db()
        add_comment(ticket, html="<p>x</p>", actor=CUSTOMER)
    assert world.heard() == ["ticket_opened", "ticket_commented"], "only the one that is free of it again"
