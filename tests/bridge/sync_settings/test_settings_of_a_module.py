"""Spec Y2, Y4, Y5, Y7, Y9: how a module is kept in step is changed on a page that first says what that means."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.models import Connection, Deed, State, Transition
from kakehashi.bridge.sync.models import Link, Run
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.bridge.sync_scope.actions import change_scope
from kakehashi.bridge.sync_settings.actions import add_module, change_settings
from kakehashi.bridge.sync_settings.chosen import Settings
from kakehashi.bridge.sync_settings.meaning import meaning_of, unlinked_in_desk
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.products.models import Product
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
FORM = {"direction": "to_desk", "delete_rule": "follow", "owner": ""}


@pytest.fixture
def joined(drain: Drain) -> Joined:
    made = make_joined()
    make_record(made.org, Last_Name="相沢", Email="misaki@tsukimizaka.example")
    drain()
    return made


def address(joined: Joined, module: str, name: str = "desk_integration_module") -> str:
    return reverse(name, args=[joined.org.pk, module])


def contacts(joined: Joined) -> SyncedModule:
    return SyncedModule.objects.get(connection=joined.connection, module="contacts")


@pytest.mark.spec("Y2")
def test_both_ways_is_saved_only_after_the_page_has_said_what_comes(
    joined: Joined, client: Client, drain: Drain
) -> None:
    make_contact(joined.portal, lastName="早川", email="hayakawa@kiri.example")
    sent = {**FORM, "direction": "both"}
    asked = client.post(address(joined, "contacts"), sent)
    assert asked.status_code == 200
    assert "1 Desk record without a partner" in asked.content.decode()
    assert contacts(joined).direction == Direction.TO_DESK, "nothing is saved yet"
    assert client.post(address(joined, "contacts"), {**sent, "read": ["two_way"]}).status_code == 200
    saved = client.post(address(joined, "contacts"), {**sent, "read": ["two_way", "desk_edits"]})
    assert saved.status_code == 302
    drain()
    assert Record.objects.filter(org=joined.org, values__Last_Name="早川").count() == 1
    assert Run.objects.filter(kind="compare").exists()


@pytest.mark.spec("Y2")
def test_what_was_edited_in_the_desk_before_comes_to_the_crm(joined: Joined, drain: Drain) -> None:
    update_contact(Contact.objects.get(portal=joined.portal), values={"title": "課長"}, actor=MAKER)
    drain()
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)
    drain()
    assert Record.objects.get(org=joined.org, module__api_name="Contacts").values["Title"] == "課長"


def test_the_meaning_is_shown_while_one_chooses(joined: Joined, client: Client) -> None:
    shown = client.post(address(joined, "contacts", "desk_integration_module_meaning"), {**FORM, "delete_rule": "keep"})
    assert "stays on the other" in shown.content.decode()
    assert "<html" not in shown.content.decode()
    unchanged = client.post(address(joined, "contacts", "desk_integration_module_meaning"), FORM)
    assert "What this means" not in unchanged.content.decode()


def test_wrong_input_is_said_beside_its_field(joined: Joined, client: Client) -> None:
    answer = client.post(address(joined, "contacts"), {"direction": "sideways", "delete_rule": "keep"})
    assert answer.status_code == 422
    assert "id_direction_error" in answer.content.decode()
    assert client.get(address(joined, "invoices")).status_code == 404


def test_every_change_is_in_the_history_and_in_the_audit_log(joined: Joined, client: Client) -> None:
    sent = {**FORM, "delete_rule": "keep", "match_secondary": "on", "secondary_overwrites": "on"}
    for _twice in range(2):
        client.post(address(joined, "contacts"), {**sent, "read": ["keep", "overwrite"]})
    step = Transition.objects.get(deed=Deed.SYNC_CHANGED)
    assert (step.about, step.by_name) == ("Contacts", joined.administrator.person.name)
    told = Event.objects.get(tenant=joined.connection.tenant, topic="bridge.connection.sync_changed")
    assert told.data["changes"]["match_secondary"] == ["No", "Yes"]
    assert set(told.data["changes"]) == {"delete_rule", "match_secondary"}
    page = client.get(reverse("crm_audit", args=[joined.org.pk])).content.decode()
    assert "Sync settings changed" in page
    assert "Also recognise contacts by the secondary e-mail address" in page


@pytest.mark.spec("Y1", "Y7", "Y9")
def test_a_module_is_added_with_its_departments_and_stays(joined: Joined, client: Client, drain: Drain) -> None:
    make_record(joined.org, "Products", Product_Name="TL-200")
    department = joined.portal.departments.all()[0]
    page = client.get(address(joined, "products")).content.decode()
    assert "1 CRM record is matched" in page
    assert "cannot be taken out of the sync again" in page
    sent = {**FORM, "departments": [str(department.pk)], "read": ["added", "stays"]}
    assert client.post(address(joined, "products"), sent).status_code == 302
    client.post(address(joined, "products", "desk_integration_module_start"))
    drain()
    assert SyncedModule.objects.get(module="products").department_ids == [department.pk]
    assert Link.objects.filter(module="products", state="live").count() == 1
    again = add_module(joined.connection, "products", Settings(), actor=joined.administrator.actor)
    assert again.department_ids == []
    deeds = Transition.objects.filter(deed__in=[Deed.MODULE_ADDED, Deed.MODULE_STARTED]).order_by("pk")
    assert [step.deed for step in deeds] == [Deed.MODULE_ADDED, Deed.MODULE_STARTED]
    client.post(address(joined, "products", "desk_integration_module_gone"))
    assert SyncedModule.objects.filter(module="products").exists(), "what was started stays"


@pytest.mark.spec("Y1", "Y4")
def test_nothing_of_an_added_module_is_carried_across_before_it_is_started(
    joined: Joined, client: Client, drain: Drain
) -> None:
    for name in ("TL-200", "TL-300"):
        make_record(joined.org, "Products", Product_Name=name)
    add_module(joined.connection, "products", Settings(), actor=joined.administrator.actor)
    make_record(joined.org, "Products", Product_Name="TL-400")
    change_settings(joined.connection, "products", Settings(direction="both"), actor=joined.administrator.actor)
    only = filter_of(Condition("Product_Name", "is", ("TL-300",)))
    change_scope(joined.connection, "products", "crm", only, actor=joined.administrator.actor)
    drain()
    assert not Link.objects.filter(module="products").exists()
    assert not Product.objects.exists()
    page = client.get(reverse("desk_integration_modules", args=[joined.org.pk])).content.decode()
    assert "Not started yet" in page
    client.post(address(joined, "products", "desk_integration_module_start"))
    client.post(address(joined, "products", "desk_integration_module_start"))
    drain()
    assert [product.product_name for product in Product.objects.all()] == ["TL-300"]
    assert Transition.objects.filter(deed=Deed.MODULE_STARTED).count() == 1


def test_what_a_change_means_for_a_waiting_module_is_told_as_what_comes_later(joined: Joined) -> None:
    both = Settings(direction="both")
    now = meaning_of(joined.connection, "products", Settings(), both)
    later = meaning_of(joined.connection, "products", Settings(), both, waits=True)
    assert [one.key for one in later] == ["waits", *(one.key for one in now)]
    assert not meaning_of(joined.connection, "products", both, both, waits=True)


def test_a_module_is_taken_back_before_it_is_started(joined: Joined, client: Client) -> None:
    add_module(joined.connection, "products", Settings(), actor=joined.administrator.actor)
    assert client.post(address(joined, "products", "desk_integration_module_gone")).status_code == 302
    assert not SyncedModule.objects.filter(module="products").exists()
    assert Transition.objects.filter(deed=Deed.MODULE_REMOVED).count() == 1
    assert client.post(address(joined, "products", "desk_integration_module_start")).status_code == 404


def test_what_is_added_before_the_first_sync_joins_its_plan(joined: Joined) -> None:
    Connection.objects.filter(pk=joined.connection.pk).update(state=State.PLANNED)
    joined.connection.refresh_from_db()
    added = add_module(joined.connection, "products", Settings(), actor=joined.administrator.actor)
    assert added.is_started
    assert Run.objects.get(finished_at=None).kind == "plan"


@pytest.mark.spec("Y5")
def test_the_overwrite_rule_is_part_of_what_it_means(joined: Joined) -> None:
    before = Settings()
    replaced = meaning_of(joined.connection, "contacts", before, Settings(match_secondary=True))
    both_stay = meaning_of(
        joined.connection, "contacts", before, Settings(match_secondary=True, secondary_overwrites=False)
    )
    assert [one.key for one in replaced] == ["overwrite"]
    assert [one.key for one in both_stay] == ["secondary"]
    assert meaning_of(joined.connection, "contacts", before, Settings(secondary_overwrites=False)) == []


def test_back_to_one_way_nobody_is_asked_about_desk_records(joined: Joined, drain: Drain) -> None:
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)
    for name in ("早川", "佐久間"):
        make_contact(joined.portal, lastName=name, email="info@kiri.example")
    drain()
    assert Link.objects.filter(state="held", crm_id=None).count() == 2
    change_settings(joined.connection, "contacts", Settings(), actor=joined.administrator.actor)
    drain()
    assert not Link.objects.filter(state="held").exists()
    assert unlinked_in_desk(joined.connection, "contacts") == 2


def test_a_walk_in_progress_begins_anew(joined: Joined, drain: Drain) -> None:
    first = Run.objects.create(
        connection=joined.connection,
        kind="first",
        module="contacts",
        after_id=1 << 40,
        started_at=clock.now(),
        moved_at=clock.now(),
    )
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)
    first.refresh_from_db()
    running = Run.objects.get(finished_at=None)
    assert first.finished_at
    assert (running.kind, running.after_id) == ("first", 0)


def test_what_is_only_planned_is_planned_anew(joined: Joined) -> None:
    Connection.objects.filter(pk=joined.connection.pk).update(state=State.PLANNED)
    joined.connection.refresh_from_db()
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)
    assert Run.objects.get(finished_at=None).kind == "plan"
