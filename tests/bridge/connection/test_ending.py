"""Spec X1–X5: who answers for a connection, how it ends, moves and lives again. Completely, or not at all."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection import ending
from kakehashi.bridge.connection.actions import CannotChangeState, IsConnectedAlready, connect
from kakehashi.bridge.connection.ending import delete_from_desk, disable, end, take_up_again
from kakehashi.bridge.connection.models import Connection, Deed, State
from kakehashi.bridge.connection.owners import LastOwner, add_owner, is_orphaned, last_owner_in, remove_owner, take_over
from kakehashi.bridge.sync.approving import approve_plan
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import PlanRow
from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.actions import delete_records, update_record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import deactivate_agent
from kakehashi.desk.portals.models import Agent
from kakehashi.identity.people.actions import deactivate_person
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record
from tests.makers.desk import make_administrator, make_contact, make_portal, make_seat, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def joined() -> Joined:
    return make_joined()


def page_of(joined: Joined, person: object = None) -> Client:
    client = Client()
    client.force_login(person or joined.administrator.person)  # type: ignore[arg-type]
    return client


def here(joined: Joined, name: str = "desk_integration") -> str:
    return reverse(name, args=[joined.org.pk])


def leave_the_desk(joined: Joined) -> None:
    """The administrator who set it up gives up the seat; somebody else administers the portal by then."""
    boss = make_administrator(joined.portal)
    mine = Agent.objects.get(portal=joined.portal, person=joined.administrator.person)
    deactivate_agent(mine, actor=boss.actor)


@pytest.mark.spec("X1", "X4")
def test_disabling_shows_what_ends_wants_its_name_typed_and_then_all_of_it_ends(
    joined: Joined, drain: Callable[[], int]
) -> None:
    record = make_record(joined.org, Email="misaki@tsukimizaka.example")
    drain()
    make_record(joined.org, Email="new@tsukimizaka.example")
    client, address = page_of(joined), here(joined, "desk_integration_end")
    assert "Contacts: 1 record is not kept in sync" in client.get(address).content.decode()
    assert client.post(address, {"typed": "something else"}).status_code == 422
    assert Connection.objects.get().state == State.CONNECTED
    client.post(address, {"typed": joined.portal.name})
    assert Connection.objects.get().state == State.DISABLED
    drain()
    assert Contact.objects.filter(portal=joined.portal).count() == 1, "no change crosses any more"
    assert not Dirty.objects.exists()
    assert Link.objects.count() == 1, "links are parked, not destroyed"
    panel = reverse("record_tickets", args=[joined.org.pk, "Contacts", record.pk])
    assert client.get(panel).status_code == 404
    tenants = Event.objects.filter(topic="bridge.connection.disabled").values_list("tenant", flat=True)
    assert set(tenants) == {joined.org.tenant, joined.portal.tenant}, "in the log of both sides"


def test_an_end_that_fails_in_the_middle_ends_nothing(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    make_record(joined.org)
    runs = Run.objects.filter(finished_at=None).count()
    monkeypatch.setattr(ending.Dirty.objects, "filter", lambda **_wanted: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        disable(joined.connection, actor=joined.administrator.actor)
    monkeypatch.undo()
    assert Connection.objects.get().state == State.CONNECTED
    assert Run.objects.filter(finished_at=None).count() == runs
    assert not Event.objects.filter(topic="bridge.connection.disabled").exists()


def test_two_who_end_it_at_once_are_one(joined: Joined) -> None:
    actor = joined.administrator.actor
    disable(joined.connection, actor=actor)
    with pytest.raises(CannotChangeState):
        delete_from_desk(joined.connection, actor=actor)


def test_ending_waits_for_the_batch_in_work(joined: Joined) -> None:
    """A worker holds the connection's claim in a session of its own: the end must not overtake it."""
    other = database.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [joined.connection.claim])
        with pytest.raises(Exception, match="lock timeout"), database.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            disable(joined.connection, actor=joined.administrator.actor)
    finally:
        other.close()
        with database.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
    assert Connection.objects.get().state == State.CONNECTED


@pytest.mark.spec("X3")
def test_the_desks_administrator_deletes_it_and_others_are_told_whom_to_ask(joined: Joined) -> None:
    boss, agent = make_administrator(joined.portal, given_name="結"), make_seat(joined.portal)
    address = reverse("desk_connection", args=[joined.portal.pk])
    told = page_of(joined, agent.person).get(address).content.decode()
    assert joined.org.name in told
    assert boss.person.name in told
    deletion = reverse("desk_connection_deletion", args=[joined.portal.pk])
    assert page_of(joined, agent.person).post(deletion, {"typed": joined.org.name}).status_code == 403
    client = page_of(joined, boss.person)
    assert client.post(deletion, {"typed": "?"}).status_code == 422
    client.post(deletion, {"typed": joined.org.name})
    assert Connection.objects.get().state == State.DISABLED
    assert "Not connected" in client.get(address).content.decode()
    assert page_of(joined).get(here(joined)).content.decode().count("Deleted in Desk") == 1


@pytest.mark.spec("X2")
def test_without_an_active_owner_the_settings_close_to_two_offers_and_sync_goes_on(
    joined: Joined, drain: Callable[[], int]
) -> None:
    leave_the_desk(joined)
    client = page_of(joined, make_member(joined.org, profile="Administrator", language="en").person)
    page = client.get(here(joined)).content.decode()
    assert "Settings closed" in page
    assert "Take over" in page
    assert reverse("desk_integration_end", args=[joined.org.pk]) in page
    for name in ("pause", "people/new", "related-lists", "owners/new", "move"):
        assert client.post(f"{here(joined)}{name}", {}).status_code == 409, name
    make_record(joined.org, Last_Name="相沢")
    drain()
    assert Contact.objects.filter(portal=joined.portal, last_name="相沢").exists(), "it belongs to the organisation"


@pytest.mark.spec("X2")
def test_taking_over_is_one_step_and_stands_in_the_history(joined: Joined) -> None:
    leave_the_desk(joined)
    agent = make_seat(joined.portal)
    client = page_of(joined)
    outsider = make_seat(make_portal(name="Elsewhere"))
    assert client.post(here(joined, "desk_integration_taking_over"), {"person": outsider.person.pk}).status_code == 422
    client.post(here(joined, "desk_integration_taking_over"), {"person": agent.person.pk})
    assert list(joined.connection.owners.values_list("person_id", flat=True)) == [agent.person.pk]
    assert "Settings closed" not in client.get(here(joined)).content.decode()
    step = joined.connection.transitions.first()
    assert step is not None
    assert (step.deed, step.about) == (Deed.TAKEN_OVER, agent.person.name)
    assert Event.objects.filter(topic="bridge.connection.taken_over").count() == 2


def test_an_owner_whose_sign_in_is_closed_is_gone_too(joined: Joined) -> None:
    deactivate_person(joined.administrator.person)
    assert is_orphaned(joined.connection)


def test_a_connection_keeps_an_owner_who_is_in_place(joined: Joined) -> None:
    actor, mine = joined.administrator.actor, joined.administrator.person.pk
    with pytest.raises(LastOwner):
        remove_owner(joined.connection, person_id=mine, actor=actor)
    second = make_seat(joined.portal)
    assert last_owner_in(joined.portal.pk) == mine
    add_owner(joined.connection, person_id=second.person.pk, actor=actor)
    assert last_owner_in(joined.portal.pk) is None
    remove_owner(joined.connection, person_id=mine, actor=actor)
    with pytest.raises(InvalidValues):
        take_over(joined.connection, person_id=make_member(joined.org).person.pk, actor=actor)


def test_the_desk_warns_before_the_last_owner_leaves(joined: Joined) -> None:
    boss = make_administrator(joined.portal, language="en")
    page = page_of(joined, boss.person).get(reverse("desk_agents", args=[joined.portal.pk])).content.decode()
    assert "Nobody else answers for the CRM integration." in page


def test_the_same_pair_connected_again_takes_its_links_up_and_catches_up(
    joined: Joined, drain: Callable[[], int]
) -> None:
    stays, goes = (
        make_record(joined.org, Last_Name="相沢", Email=""),
        make_record(joined.org, Last_Name="戸田", Email=""),
    )
    drain()
    disable(joined.connection, actor=joined.administrator.actor)
    delete_records(schema_of(joined.org)["Contacts"], record_ids=[goes.pk], actor=joined.administrator.actor)
    client = page_of(joined)
    sent = {"portal": joined.portal.pk, "modules": ["accounts", "contacts"]}
    asked = client.post(here(joined, "desk_integration_setup"), sent)
    assert "Take them up again" in asked.content.decode()
    client.post(here(joined, "desk_integration_setup"), {**sent, "former": "adopt", "finish": "1"})
    drain()
    assert Connection.objects.get().state == State.CONNECTED
    live = Contact.objects.filter(portal=joined.portal, deleted_at=None)
    assert list(live.values_list("last_name", flat=True)) == ["相沢"], "no twin, and what was deleted meanwhile is gone"
    assert Link.objects.get(crm_id=stays.pk).state == Link.State.LIVE


def test_matched_anew_the_former_links_are_left_alone(joined: Joined, drain: Callable[[], int]) -> None:
    make_record(joined.org, Email="misaki@tsukimizaka.example")
    drain()
    disable(joined.connection, actor=joined.administrator.actor)
    sent = {"portal": joined.portal.pk, "modules": ["contacts"], "former": "anew", "finish": "1"}
    page_of(joined).post(here(joined, "desk_integration_setup"), sent)
    drain()
    assert Connection.objects.count() == 2
    assert Contact.objects.filter(portal=joined.portal).count() == 1, "found by its address"
    assert Link.objects.filter(state=Link.State.LIVE).count() == 2


@pytest.mark.spec("X5")
def test_the_portal_is_changed_and_changed_back(joined: Joined, drain: Callable[[], int]) -> None:
    record = make_record(joined.org, Email="misaki@tsukimizaka.example")
    drain()
    make_ticket(joined.portal, contact=Contact.objects.get(), subject="古い窓口の件")
    second = make_portal(name="Second Desk", administrator=joined.administrator.person)
    client, address = page_of(joined), here(joined, "desk_integration_move")
    panel = reverse("record_tickets", args=[joined.org.pk, "Contacts", record.pk])
    assert "古い窓口の件" in client.get(panel, headers=HTMX).content.decode()
    sent = {"portal": second.pk, "modules": ["accounts", "contacts"], "finish": "1"}
    refused = client.post(address, {**sent, "typed": "wrong"})
    assert refused.status_code == 422
    assert "What ends with" in refused.content.decode()
    assert "This is not the name." in refused.content.decode()
    assert 'value="wrong"' in refused.content.decode(), "nothing typed is lost"
    client.post(address, {**sent, "typed": joined.portal.name})
    drain()
    assert "古い窓口の件" not in client.get(panel, headers=HTMX).content.decode()
    old = reverse("desk_tickets", args=[joined.portal.pk])
    assert "古い窓口の件" in client.get(old).content.decode(), "still seen in the Desk it is in"
    client.post(address, {"portal": joined.portal.pk, "modules": ["accounts", "contacts"], "finish": "1",
                          "typed": second.name, "former": "adopt"})  # fmt: skip
    drain()
    assert "古い窓口の件" in client.get(panel, headers=HTMX).content.decode()
    assert Contact.objects.filter(portal=joined.portal, deleted_at=None).count() == 1


def test_taking_up_again_loses_against_another_connection(joined: Joined) -> None:
    actor = joined.administrator.actor
    end(joined.connection, deed=Deed.MOVED, actor=actor)
    portal = make_portal(administrator=joined.administrator.person, name="Second Desk")
    connect(org_id=joined.org.pk, portal_id=portal.pk, modules=["contacts"], actor=actor)
    with pytest.raises(IsConnectedAlready):
        take_up_again(joined.connection, modules=["contacts"], actor=actor)
    assert Connection.objects.get(pk=joined.connection.pk).state == State.DISABLED


class TestConnectedAgain:
    """Lesson B11: the former links live again, with a plan first if one wants it."""

    def test_with_a_plan_nothing_is_written_before_it_is_approved(
        self, joined: Joined, drain: Callable[[], int]
    ) -> None:
        record = make_record(joined.org, Last_Name="相沢")
        drain()
        disable(joined.connection, actor=joined.administrator.actor)
        update_record(record, values={"Last_Name": "戸田"}, actor=joined.administrator.actor)
        client = page_of(joined)
        sent = {"portal": joined.portal.pk, "modules": ["contacts"], "former": "adopt", "finish": "plan"}
        client.post(here(joined, "desk_integration_setup"), sent)
        drain()
        assert Connection.objects.get().state == State.PLANNED
        assert PlanRow.objects.get().kind == PlanRow.Kind.UPDATE
        contact = Contact.objects.get(portal=joined.portal)
        assert contact.last_name == "相沢"
        approve_plan(joined.connection, actor=joined.administrator.actor)
        drain()
        contact.refresh_from_db()
        assert contact.last_name == "戸田"

    def test_a_plan_that_nobody_approved_can_be_ended(self, joined: Joined) -> None:
        actor = joined.administrator.actor
        end(joined.connection, deed=Deed.DISABLED, actor=actor)
        again = take_up_again(joined.connection, modules=["contacts"], actor=actor, plans_first=True)
        disable(again, actor=actor)
        assert Connection.objects.get().state == State.DISABLED
        assert not Run.objects.filter(finished_at=None).exists()

    def test_what_was_left_apart_in_the_desk_does_not_stand_in_the_way(
        self, joined: Joined, drain: Callable[[], int]
    ) -> None:
        contact = make_contact(joined.portal)
        Link.objects.create(
            connection=joined.connection,
            module="contacts",
            desk_id=contact.pk,
            state=Link.State.APART,
            made_at=clock.now(),
            agreed_at=clock.now(),
        )
        actor = joined.administrator.actor
        end(joined.connection, deed=Deed.DISABLED, actor=actor)
        take_up_again(joined.connection, modules=["contacts"], actor=actor)
        drain()
        assert Link.objects.get(desk_id=contact.pk).state == Link.State.APART
