"""Spec Y2, both ways: what happens in the Desk happens in the CRM as well, and nobody is made twice."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sides.embedded.crm_people import CrmPeople
from kakehashi.bridge.sync import runs
from kakehashi.bridge.sync.conflicts import choose
from kakehashi.bridge.sync.encounters import NEW
from kakehashi.bridge.sync.held import APART, decide_match, look_for_partner
from kakehashi.bridge.sync.marking import Mark, mark
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.outcome_models import Conflict, JournalRow
from kakehashi.bridge.sync.runs import begin_again
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync.step import pump_connections
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import delete_contact, restore_contact, update_contact
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.products.models import Product
from tests.makers.bridge import Joined, make_two_way
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_account, make_contact, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "Y2", "Y4")]
Drain = Callable[[], int]


def crm_contacts(joined: Joined) -> list[Record]:
    return list(
        Record.objects.select_related("module__org")
        .filter(org=joined.org, module__api_name="Contacts", deleted_at=None)
        .order_by("pk")
    )


def the_contact(joined: Joined) -> Record:
    [record] = crm_contacts(joined)
    return record


def ask_for(joined: Joined, desk: str, crm: str) -> None:
    """Conflicts of this field are put before a person; the other fields of contacts stay as they are by default."""
    synced = SyncedModule.objects.get(connection=joined.connection, module="contacts")
    FieldMapping.objects.create(synced=synced, crm="Last_Name", desk="lastName")
    FieldMapping.objects.create(synced=synced, crm="Email", desk="email")
    FieldMapping.objects.create(synced=synced, crm=crm, desk=desk, rule="ask")


def test_a_desk_contact_with_its_account_gets_a_crm_record_owned_by_whoever_set_the_connection_up(drain: Drain) -> None:
    joined = make_two_way()
    account = make_account(joined.portal, name="月見坂食品株式会社")
    make_contact(joined.portal, account=account, lastName="相沢", email="misaki@tsukimizaka.example")
    drain()
    record = the_contact(joined)
    assert record.values["Last_Name"] == "相沢"
    assert record.owner_id == joined.administrator.person.pk
    assert record.modified_by_name == joined.portal.name or record.created_by_name
    made = Record.objects.get(org=joined.org, module__api_name="Accounts")
    assert (made.name, record.values["Account_Name"]) == ("月見坂食品株式会社", made.pk)
    assert Contact.objects.count() == 1
    assert not Dirty.objects.exists()


def test_who_owns_what_is_made_is_asked_once_per_look(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    joined = make_two_way(modules=["contacts"])
    asked = []
    monkeypatch.setattr(CrmPeople, "has_member", lambda _side, person_id: bool(asked.append(person_id)) or True)
    for number in range(5):
        make_contact(joined.portal, lastName=f"相沢{number}", email=f"a{number}@x.example")
    drain()
    assert len(crm_contacts(joined)) == 5
    assert len(asked) < 5


def test_edits_of_both_sides_travel_both_ways(drain: Drain) -> None:
    joined = make_two_way()
    record = make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    update_contact(contact, values={"title": "課長"}, actor=MAKER)
    update_record(record, values={"Phone": "0258-00-2000"}, actor=SYSTEM)
    drain()
    contact.refresh_from_db()
    assert (contact.phone, contact.title) == ("0258-00-2000", "課長")
    assert the_contact(joined).values["Title"] == "課長"
    assert {row.side for row in JournalRow.objects.filter(kind="updated")} == {"crm", "desk"}


def test_the_same_customer_on_both_sides_is_one(drain: Drain) -> None:
    joined = make_two_way()
    make_contact(joined.portal, lastName="Aizawa", email="Misaki@tsukimizaka.example", title="課長")
    make_record(joined.org, Last_Name="相沢", Email="misaki@tsukimizaka.example")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    assert (contact.last_name, the_contact(joined).values["Title"]) == ("相沢", "課長")
    assert Link.objects.filter(module="contacts").count() == 1


@pytest.mark.parametrize("home", ["crm", "desk"])
def test_many_are_recognised_with_as_many_queries_as_few(drain: Drain, home: str) -> None:
    joined = make_two_way(modules=["contacts"])
    drain()

    def count(numbers: range) -> int:
        pause(joined.connection, actor=MAKER)
        for number in numbers:
            make_contact(joined.portal, lastName="相沢", email=f"m{number}@minato.example")
            make_record(joined.org, Last_Name="相沢", Email=f"m{number}@minato.example")
        drain()
        Dirty.objects.exclude(side=home).delete()
        resume(joined.connection, actor=MAKER)
        with CaptureQueriesContext(connection) as queries:
            pump_connections()
        assert not Dirty.objects.exists()
        return len(queries)

    assert count(range(2)) == count(range(2, 9))
    assert Link.objects.filter(state=Link.State.LIVE).count() == 9


def test_a_walk_leaves_out_pairs_that_have_been_looked_at_since_it_began(
    drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked: list[Mark] = []
    monkeypatch.setattr(runs, "mark", lambda _connection_id, marks: marked.extend(marks) or mark(_connection_id, marks))
    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢", Email="m@minato.example")
    make_contact(joined.portal, lastName="相沢", email="m@minato.example")
    make_contact(joined.portal, lastName="戸田")
    drain()  # the events come first, then the walk finds nobody who was not looked at
    assert Link.objects.filter(state=Link.State.LIVE).count() == 2
    assert not marked
    begin_again(joined.connection)
    drain()
    assert [one.side for one in marked] == ["crm", "crm", "desk", "desk"]


def test_two_crm_contacts_that_a_desk_contact_may_be_wait_for_a_person(drain: Drain) -> None:
    """Lesson A: an address that several share joins nobody to anybody."""
    joined = make_two_way(modules=["contacts"])
    first = make_contact(joined.portal, lastName="相沢", email="info@tsukimizaka.example")
    make_contact(joined.portal, lastName="戸田", email="info@tsukimizaka.example")
    make_record(joined.org, Last_Name="総務", Email="info@tsukimizaka.example")
    drain()
    assert len(crm_contacts(joined)) == 1
    asked = [(one.home[0], one.evidence["reason"], one.evidence["field"]) for one in Link.objects.filter(state="held")]
    assert sorted(asked) == [
        ("crm", "several_candidates", "Email"),
        ("desk", "shared_key", "email"),
        ("desk", "shared_key", "email"),
    ]
    held = Link.objects.get(crm_id__isnull=False, state="held")
    decide_match(joined.connection, held.pk, str(first.pk), actor=MAKER)
    drain()
    assert Link.objects.get(pk=held.pk).desk_id == first.pk


def test_a_person_says_that_it_is_somebody_new_or_nobody(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    make_contact(joined.portal, lastName="相沢", email="info@tsukimizaka.example")
    make_contact(joined.portal, lastName="戸田", email="info@tsukimizaka.example")
    drain()
    new, apart = Link.objects.filter(state="held").order_by("desk_id")
    decide_match(joined.connection, new.pk, NEW, actor=MAKER)
    decide_match(joined.connection, apart.pk, APART, actor=MAKER)
    drain()
    assert [record.values["Last_Name"] for record in crm_contacts(joined)] == ["相沢"]
    assert Link.objects.get(pk=apart.pk).state == "apart"
    look_for_partner(joined.connection, apart.pk)
    drain()
    assert Link.objects.get(pk=apart.pk).state == "held"


def test_deleted_in_the_desk_goes_to_the_crms_recycle_bin_and_comes_back_from_there(drain: Drain) -> None:
    joined = make_two_way()
    contact = make_contact(joined.portal, lastName="相沢")
    drain()
    record = the_contact(joined)
    delete_contact(contact, actor=MAKER)
    drain()
    assert crm_contacts(joined) == []
    record.refresh_from_db()
    restore_record(record, actor=SYSTEM)
    drain()
    contact.refresh_from_db()
    assert (len(crm_contacts(joined)), contact.deleted_at) == (1, None)


def test_what_others_depend_on_is_kept_when_its_partner_is_deleted(drain: Drain) -> None:
    joined = make_two_way()
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品株式会社")
    make_record(joined.org, Last_Name="相沢", Account_Name=account.pk)
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    make_ticket(joined.portal, contact=contact)
    delete_contact(contact, actor=MAKER)
    from kakehashi.desk.customers.actions import delete_account

    delete_account(contact.account, actor=MAKER)
    drain()
    assert Record.objects.get(pk=account.pk).deleted_at is None or not crm_contacts(joined)
    assert Link.objects.get(module="accounts").state == "dead"


def test_nothing_is_deleted_where_deletions_are_not_to_be_carried_across(drain: Drain) -> None:
    joined = make_two_way()
    SyncedModule.objects.update(delete_rule="keep")
    contact = make_contact(joined.portal, lastName="相沢")
    drain()
    delete_contact(contact, actor=MAKER)
    drain()
    assert len(crm_contacts(joined)) == 1
    restore_contact(contact, actor=MAKER)
    drain()
    assert Link.objects.get().state == "live"


def test_a_conflict_waits_for_a_person_and_holds_up_nothing_else(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    ask_for(joined, "phone", "Phone")
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    update_contact(contact, values={"phone": "3", "lastName": "戸田"}, actor=MAKER)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    conflict = Conflict.objects.get()
    assert (conflict.field, conflict.crm_value, conflict.desk_value) == ("phone", "2", "3")
    assert the_contact(joined).values["Last_Name"] == "戸田"
    choose(joined.connection, conflict.pk, "desk", actor=MAKER)
    drain()
    assert the_contact(joined).values["Phone"] == "3"
    assert not Conflict.objects.exists()
    assert JournalRow.objects.get(kind="lost").changes == {"phone": ["2", "3"]}


def test_a_choice_made_for_other_values_is_void(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    ask_for(joined, "phone", "Phone")
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    update_contact(contact, values={"phone": "3"}, actor=MAKER)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    choose(joined.connection, Conflict.objects.get().pk, "crm", actor=MAKER)
    update_contact(contact, values={"phone": "4"}, actor=MAKER)
    drain()
    contact.refresh_from_db()
    assert (contact.phone, the_contact(joined).values["Phone"]) == ("4", "2"), "whoever chose has not seen the 4"
    conflict = Conflict.objects.get()
    assert (conflict.crm_value, conflict.desk_value, conflict.choice) == ("2", "4", "")


def test_two_who_are_the_same_and_differ_where_a_person_is_to_be_asked(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    ask_for(joined, "phone", "Phone")
    make_record(joined.org, Last_Name="相沢", Email="misaki@tsukimizaka.example", Phone="1")
    make_contact(joined.portal, lastName="相沢", email="misaki@tsukimizaka.example", phone="2")
    drain()
    conflict = Conflict.objects.get()
    assert (conflict.crm_value, conflict.desk_value) == ("1", "2")
    assert not Dirty.objects.exists()


def test_a_conflict_ends_with_its_pair(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    ask_for(joined, "phone", "Phone")
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    update_contact(contact, values={"phone": "3"}, actor=MAKER)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    assert Conflict.objects.exists()
    delete_contact(contact, actor=MAKER)
    drain()
    assert Link.objects.get().state == "dead"
    assert not Conflict.objects.exists()


def test_always_makes_it_the_fields_rule(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    ask_for(joined, "phone", "Phone")
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    contact = Contact.objects.get(portal=joined.portal)
    for typed in ("3", "4"):
        update_contact(contact, values={"phone": typed}, actor=MAKER)
        update_record(record, values={"Phone": f"2{typed}"}, actor=SYSTEM)
        drain()
        for conflict in Conflict.objects.all():
            choose(joined.connection, conflict.pk, "desk", actor=MAKER, always=True)
        drain()
        record.refresh_from_db()
    assert record.values["Phone"] == "4"


@pytest.mark.spec("Y7")
def test_products_are_joined_by_code_then_name_and_two_codes_are_two_things(drain: Drain) -> None:
    joined = make_two_way()
    same = create_product(joined.portal, values={"productName": "ロガー", "productCode": "AB-1"}, actor=MAKER)
    other = create_product(joined.portal, values={"productName": "温度計", "productCode": "T-9"}, actor=MAKER)
    make_record(joined.org, "Products", Product_Name="データロガー", Product_Code="ab-1")
    make_record(joined.org, "Products", Product_Name="温度計", Product_Code="T-1")
    drain()
    same.refresh_from_db()
    assert same.product_name == "データロガー"
    assert Product.objects.filter(portal=joined.portal, product_name="温度計").count() == 2
    assert Record.objects.filter(org=joined.org, module__api_name="Products").count() == 3
    assert Link.objects.get(desk_id=other.pk, module="products").state == "live"


@pytest.mark.spec("Y7")
def test_new_products_are_offered_in_the_departments_chosen(drain: Drain) -> None:
    joined = make_two_way()
    department = joined.portal.departments.first()
    assert department
    SyncedModule.objects.filter(module="products").update(department_ids=[department.pk])
    make_record(joined.org, "Products", Product_Name="ロガー", Unit_Price="1200")
    drain()
    product = Product.objects.get(portal=joined.portal)
    assert list(product.departments.all()) == [department]
    assert product.unit_price == 1200


@pytest.mark.spec("Y5")
@pytest.mark.parametrize(("overwrites", "address"), [(True, "new@x.example"), (False, "old@x.example")])
def test_the_secondary_address_joins_and_the_setting_says_whose_primary_one_stays(
    drain: Drain, overwrites: bool, address: str
) -> None:
    joined = make_two_way(modules=["contacts"])
    SyncedModule.objects.update(match_secondary=True, secondary_overwrites=overwrites)
    contact = make_contact(joined.portal, lastName="相沢", email="old@x.example", secondaryEmail="new@x.example")
    make_record(joined.org, Last_Name="相沢", Email="new@x.example")
    drain()
    contact.refresh_from_db()
    assert contact.email == address
    assert len(crm_contacts(joined)) == 1


def test_the_account_of_a_desk_contact_that_is_matched_beside_one_that_is_made_travels_at_once(drain: Drain) -> None:
    joined = make_two_way()
    account = make_account(joined.portal, name="月見坂食品株式会社")
    make_contact(joined.portal, account=account, lastName="相沢", email="misaki@x.example")
    make_record(joined.org, Last_Name="戸田", Email="riku@x.example")
    make_record(joined.org, Last_Name="相沢", Email="misaki@x.example")
    drain()
    made = Record.objects.get(org=joined.org, module__api_name="Accounts")
    named = {record.values["Last_Name"]: record.values.get("Account_Name") for record in crm_contacts(joined)}
    assert named == {"戸田": None, "相沢": made.pk}
