"""Spec D1–D3: tickets belong to deals, and both sides tell of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as db
from django.test.utils import CaptureQueriesContext

from kakehashi.bridge.connection.ending import disable, take_up_again
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.models import DealLink
from kakehashi.bridge.deal_links.queries import linked_tickets
from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.undoing import unmerge
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.rights import ModuleRights, Scope
from kakehashi.crm.records.actions import delete_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.ticket_merging.actions import merge_tickets, unmerge_tickets
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket, restore_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_member, make_profile, make_stranger
from tests.makers.desk import MAKER, make_contact, make_ticket

from .conftest import World

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


def tickets_of(world: World, deal: Record | None = None) -> tuple[int, ...]:
    connection = world.joined.connection
    sides = crm_side(connection.org_id), desk_side(connection.portal_id)
    return linked_tickets(connection, *sides, (deal or world.deal).pk)


@pytest.mark.spec("D1", "D3")
def test_tickets_are_linked_and_both_timelines_tell_by_whom(world: World) -> None:
    first, second = world.ticket(), world.ticket()
    answer = world.link(first, second)
    assert tickets_of(world) == (second.pk, first.pk)
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["text"] == "2 tickets linked to “温度監視の更新”"
    told = Event.objects.get(topic="crm.record.ticket_linked")
    assert (told.subject_id, told.data["about"]) == (world.deal.pk, f"#{first.number}, #{second.number}")
    assert told.person_id == world.joined.administrator.person.pk
    assert Event.objects.filter(topic="desk.ticket.deal_linked", subject_id=first.pk).count() == 1
    deal_page = world.client().get(f"/crm/{world.joined.org.pk}/Deals/{world.deal.pk}/history").content.decode()
    assert f"linked the ticket #{first.number}, #{second.number}" in deal_page


@pytest.mark.spec("D1")
def test_linking_twice_tells_once_and_says_so(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    toast = json.loads(world.link(ticket).headers["HX-Trigger"])["toast"]
    assert toast == {"text": "Linked to “温度監視の更新” already", "undo": ""}
    assert Event.objects.filter(topic="crm.record.ticket_linked").count() == 1


@pytest.mark.spec("D2")
def test_the_toast_takes_a_link_back_and_an_unlinking_too(world: World) -> None:
    ticket = world.ticket()
    undo = json.loads(world.link(ticket).headers["HX-Trigger"])["toast"]["undo"]
    world.client().post(undo, headers={"HX-Request": "true"})
    assert tickets_of(world) == ()
    world.link(ticket)
    undo = json.loads(world.unlink(ticket).headers["HX-Trigger"])["toast"]["undo"]
    assert tickets_of(world) == ()
    world.client().post(undo, headers={"HX-Request": "true"})
    assert tickets_of(world) == (ticket.pk,)
    assert Event.objects.filter(topic="desk.ticket.deal_unlinked", subject_id=ticket.pk).count() == 2


@pytest.mark.spec("D1")
def test_a_ticket_may_belong_to_several_deals(world: World) -> None:
    ticket, other = world.ticket(), world.another_deal()
    world.link(ticket)
    world.link(ticket, deal=other)
    page = world.client().get(world.url("record_ticket_deals", ticket.pk), headers={"HX-Request": "true"})
    assert "温度監視の更新" in page.content.decode()
    assert "予備のロガー" in page.content.decode()
    dialog = world.client().get(world.url("record_deal_unlinking"), {"selected": ticket.pk}).content.decode()
    assert "温度監視の更新" in dialog
    assert "予備のロガー" in dialog


@pytest.mark.spec("D1")
def test_without_a_deal_the_dialog_comes_again_with_the_reason(world: World) -> None:
    ticket = world.ticket()
    sent = {"selected": ticket.pk, "deal": ""}
    answer = world.client().post(world.url("record_deal_links"), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Choose a deal." in answer.content.decode()
    assert f'value="{ticket.pk}"' in answer.content.decode()


@pytest.mark.spec("D1")
def test_the_open_deals_of_the_customer_are_offered_first(world: World) -> None:
    lost = world.another_deal(Deal_Name="古い", Stage="Closed Lost", Reason_For_Loss__s="Price")
    strange = world.another_deal(Deal_Name="よそ", Contact_Name=None)
    found = world.client().get(world.url("record_deal_choices"), {"selected": world.ticket().pk}).json()
    assert found[0]["text"] == "温度監視の更新"
    assert {one["value"] for one in found[1:]} == {str(lost.pk), str(strange.pk)}
    searched = world.client().get(world.url("record_deal_choices"), {"selected": world.ticket().pk, "q": "よそ"}).json()
    assert [one["value"] for one in searched] == [str(strange.pk)]


@pytest.mark.spec("D1", "T6", "P4")
def test_who_may_not_change_tickets_may_not_link_them(world: World) -> None:
    ticket = world.ticket()
    light, without = world.agent(AgentRole.LIGHT_AGENT), make_member(world.joined.org).person
    for person in (light, without):
        assert world.link(ticket, person=person).status_code == 403
    assert world.link(ticket, person=make_stranger()).status_code == 404
    assert not DealLink.objects.exists()


@pytest.mark.spec("D1", "T6")
def test_a_deal_out_of_sight_is_neither_offered_nor_linked(world: World) -> None:
    deals = str(world.deal.module_id)
    profile = make_profile(
        world.joined.org, permissions=["see_all_records"], module_rights={deals: ModuleRights(Scope.OWN).as_json()}
    )
    person = world.agent(profile=profile.name)
    ticket = world.ticket()
    assert world.link(ticket, person=person).status_code == 422
    found = world.client(person).get(world.url("record_deal_choices"), {"selected": ticket.pk}).json()
    assert found == []
    world.link(ticket)
    page = world.client(person).get(world.url("record_ticket_deals", ticket.pk), headers={"HX-Request": "true"})
    assert "温度監視の更新" not in page.content.decode()


@pytest.mark.spec("D1", "T6")
def test_a_ticket_of_another_customer_is_not_linked_from_here(world: World) -> None:
    strange = make_ticket(world.joined.portal, contact=make_contact(world.joined.portal, email="x@y.example"))
    assert world.link(strange).status_code == 404


@pytest.mark.spec("D3")
def test_the_amount_is_hidden_from_whom_the_profile_hides_it(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    amount = Field.objects.get(org=world.joined.org, module__api_name="Deals", api_name="Amount")
    profile = make_profile(world.joined.org, permissions=["see_all_records"], field_rights={str(amount.pk): "hidden"})
    url = world.url("record_ticket_deals", ticket.pk)
    seen = world.client(world.agent(profile=profile.name)).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "温度監視の更新" in seen
    assert "4,860,000" not in seen
    assert "4,860,000" in world.client().get(url, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.spec("D3")
def test_a_merged_ticket_leads_to_its_survivor_and_back(world: World) -> None:
    ticket, survivor = world.ticket(), world.ticket()
    world.link(ticket)
    merge = merge_tickets(world.joined.portal, survivor_id=survivor.pk, ticket_ids=[ticket.pk], actor=MAKER)
    assert tickets_of(world) == (survivor.pk,)
    world.unlink(survivor)
    assert tickets_of(world) == ()
    world.link(survivor)
    unmerge_tickets(merge, actor=MAKER)
    assert tickets_of(world) == (survivor.pk,)


def merge(world: World, gone: Record, *, into: Record) -> Merge:
    schema, versions = schema_of(world.joined.org), {one.pk: one.version for one in (gone, into)}
    return merge_records(schema, schema["Deals"], survivor_id=into.pk, versions=versions, values={}, actor=MAKER)


@pytest.mark.spec("D3")
def test_a_deal_that_was_merged_brings_its_tickets_along_and_takes_them_back(world: World) -> None:
    ticket, other = world.ticket(), world.another_deal()
    world.link(ticket)
    done = merge(world, world.deal, into=other)
    assert tickets_of(world, other) == (ticket.pk,)
    unmerge(schema_of(world.joined.org), done, actor=MAKER)
    assert tickets_of(world, other) == ()
    assert tickets_of(world) == (ticket.pk,)


@pytest.mark.spec("D3")
def test_a_deleted_ticket_is_not_shown_and_comes_back_with_its_deal(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    delete_ticket(ticket, actor=MAKER)
    assert tickets_of(world) == ()
    restore_ticket(ticket, actor=MAKER)
    assert tickets_of(world) == (ticket.pk,)


@pytest.mark.spec("D3")
def test_a_deleted_deal_is_not_shown_beside_its_ticket(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    delete_record(world.deal, actor=MAKER)
    page = world.client().get(world.url("record_ticket_deals", ticket.pk), headers={"HX-Request": "true"})
    assert "温度監視の更新" not in page.content.decode()


@pytest.mark.spec("D3")
def test_what_is_split_off_belongs_to_the_same_deals_until_somebody_says_otherwise(world: World, drain: Drain) -> None:
    ticket = world.ticket()
    mails = [receive_message(ticket, sender="misaki@tsukimizaka.example", html="<p>x</p>", actor=MAKER) for _ in "ab"]
    world.link(ticket)
    made = split_ticket(ticket, message_ids=[mails[1].pk], subject="別件", actor=MAKER)
    drain()
    assert set(tickets_of(world)) == {ticket.pk, made.pk}
    world.unlink(made)
    drain()
    assert tickets_of(world) == (ticket.pk,)


@pytest.mark.spec("D3")
def test_links_rest_with_an_ended_connection_and_live_again_with_it(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    actor = world.joined.administrator.actor
    disable(world.joined.connection, actor=actor)
    assert world.client().get(world.url("record_ticket_deals", ticket.pk)).status_code == 404
    take_up_again(world.joined.connection, modules=["accounts", "contacts"], actor=actor)
    assert tickets_of(world) == (ticket.pk,)


@pytest.mark.spec("D3")
def test_a_deal_shows_its_tickets_first_and_how_they_stand(world: World) -> None:
    linked, other = world.ticket(subject="つながり"), world.ticket(subject="ほか")
    update_ticket(linked, values={"dueDate": clock.now() - timedelta(hours=1)}, actor=MAKER)
    Ticket.objects.filter(pk=linked.pk).update(rating="bad")
    world.link(linked)
    url = world.url("record_tickets", record=world.deal, module="Deals")
    page = world.client().get(url, headers={"HX-Request": "true"}).content.decode()
    assert page.index("つながり") < page.index("ほか")
    for words in ("1 overdue", "1 rated badly", "1 open"):
        assert words in page
    assert other.number > 0


def marks(world: World, person: Person | None = None, layout: str = "table") -> dict[str, list[str]]:
    """What lists and boards of deals say beside the names, by deal."""
    page = world.client(person).get(f"/crm/{world.joined.org.pk}/Deals/", {"layout": layout})
    rows = page.context["rows"] if layout == "table" else []
    cards = [card for column in page.context["columns"] for card in column["cards"]] if layout == "board" else []
    found = {row.record.name: row.marks for row in rows} | {card.name: card.marks for card in cards}
    assert all(mark.sentence in page.content.decode() for some in found.values() for mark in some)
    return {name: [f"{mark.tone} {mark.words}: {mark.sentence}" for mark in some] for name, some in found.items()}


@pytest.mark.spec("D3")
def test_lists_and_boards_mark_the_deals_whose_tickets_need_somebody(world: World) -> None:
    late, calm, solved = world.ticket(), world.ticket(), world.ticket()
    update_ticket(late, values={"dueDate": clock.now() - timedelta(hours=1)}, actor=MAKER)
    close_ticket(solved, actor=MAKER)
    twin = world.another_deal(Deal_Name="双子")
    world.link(calm)
    world.link(late, deal=twin)
    world.link(solved, deal=world.another_deal())
    for layout in ("table", "board"):
        assert marks(world, layout=layout) == {
            "温度監視の更新": ["blue 1 open: Linked tickets: 1 open"],
            "双子": ["red 1 overdue: Linked tickets: 1 overdue, 1 open"],
            "予備のロガー": [],
        }
    merge(world, twin, into=world.deal)
    assert marks(world)["温度監視の更新"] == ["red 1 overdue: Linked tickets: 1 overdue, 2 open"]


@pytest.mark.spec("D3", "P4")
def test_marks_tell_nobody_of_tickets_that_they_do_not_see(world: World) -> None:
    world.link(world.ticket())
    guest = make_member(world.joined.org, permissions=["see_all_records"]).person
    bound = world.agent(permissions=["see_all_records"])
    abroad = create_department(world.joined.portal, name="Abroad", actor=MAKER)
    world.joined.portal.agents.get(person=bound).departments.set([abroad])
    assert not marks(world, bound)["温度監視の更新"]
    for sight, owns, is_seen in (
        ("all", False, True),
        ("own", False, False),
        ("own", True, True),
        ("none", True, False),
    ):
        Connection.objects.update(seatless_sight=sight)
        Record.objects.filter(pk=world.deal.pk).update(owner=guest if owns else None)
        assert bool(marks(world, guest)["温度監視の更新"]) is is_seen, (sight, owns)
    Connection.objects.update(seatless_sight="all")
    TicketModule.objects.filter(module="Deals").delete()
    assert not marks(world)["温度監視の更新"]


@pytest.mark.spec("D3")
@pytest.mark.parametrize("layout", ["table", "board"])
def test_marks_cost_the_same_for_one_deal_and_for_many(world: World, layout: str) -> None:
    world.link(world.ticket())
    counts = []
    for _round in range(2):
        marks(world, layout=layout)
        with CaptureQueriesContext(db) as queries:
            marks(world, layout=layout)
        counts.append(len(queries))
        for _more in range(4):
            world.link(world.ticket(), deal=world.another_deal())
    assert counts[0] == counts[1]


@pytest.mark.spec("D3")
def test_each_row_of_the_list_names_the_deals_of_its_ticket(world: World) -> None:
    ticket = world.ticket()
    world.link(ticket)
    url = world.url("record_tickets")
    seen = world.client().get(url, headers={"HX-Request": "true"}).content.decode()
    assert "温度監視の更新" in seen
    profile = make_profile(world.joined.org, permissions=["see_all_records"], module_rights=only_own_deals(world))
    hidden = world.client(world.agent(profile=profile.name)).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "温度監視の更新" not in hidden


def only_own_deals(world: World) -> dict[str, Any]:
    return {str(world.deal.module_id): ModuleRights(Scope.OWN).as_json()}
