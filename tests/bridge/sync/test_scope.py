"""Which records are synced: only those without a partner are asked, nobody is made twice, and everybody is counted and explained."""

from collections.abc import Callable

import pytest
from django.utils import translation

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.sync.approving import latest_plan
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import PlanRow
from kakehashi.bridge.sync.scope import LEFT_OUT
from kakehashi.bridge.sync_health.counting import counts_of
from kakehashi.bridge.sync_health.curing import Cure
from kakehashi.bridge.sync_health.explaining import explain
from kakehashi.bridge.sync_health.standing import Standing
from kakehashi.bridge.sync_scope.actions import change_scope
from kakehashi.core.filters.definition import Condition, Filter, filter_of
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined, make_two_way
from tests.makers.crm import make_org, make_person, make_record
from tests.makers.desk import MAKER, make_account, make_contact, make_portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "Y2")]
Drain = Callable[[], int]
WITH_PHONE = filter_of(Condition("Phone", "filled"))
WITH_ACCOUNT = filter_of(Condition("accountId", "filled"))


def names_in_desk(joined: Joined) -> set[str]:
    return set(Contact.objects.filter(portal=joined.portal, deleted_at=None).values_list("last_name", flat=True))


def names_in_crm(joined: Joined) -> set[str]:
    contacts = Record.objects.filter(org=joined.org, module__api_name="Contacts", deleted_at=None)
    return {record.values["Last_Name"] for record in contacts}


def limit(joined: Joined, asked: Filter, side: str = "crm") -> None:
    change_scope(joined.connection, "contacts", side, asked, actor=MAKER)  # type: ignore[arg-type]


def standing(joined: Joined, side: str = "crm") -> dict[str, int]:
    """Of the contacts of one side; those that are none are left out."""
    [row] = [one for one in counts_of(joined.connection) if (one.module, one.side) == ("contacts", side)]
    return {name.value: count for name, count in row.cells if count}


def test_only_what_fits_comes_across_and_the_rest_once_it_does(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    limit(joined, WITH_PHONE)
    make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    left_out = make_record(joined.org, Last_Name="加瀬")
    drain()
    assert names_in_desk(joined) == {"相沢"}
    assert standing(joined) == {"in_step": 1, "outside": 1}
    with translation.override("en"):
        told = explain(joined.connection, "contacts", "crm", left_out.pk)
    assert (told.standing, told.cures) == (Standing.OUTSIDE, [Cure.SCOPE])
    assert "does not fit the conditions" in " ".join(told.sentences)
    update_record(left_out, values={"Phone": "0258-00-2000"}, actor=MAKER)
    drain()
    assert names_in_desk(joined) == {"相沢", "加瀬"}
    assert standing(joined) == {"in_step": 2}


def test_a_pair_stays_a_pair_when_it_does_not_fit_any_more(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    drain()
    limit(joined, WITH_PHONE)
    update_record(record, values={"Phone": "", "Title": "課長"}, actor=MAKER)
    drain()
    assert Contact.objects.get(portal=joined.portal).title == "課長"
    assert standing(joined) == {"in_step": 1}


def test_a_wider_scope_brings_those_across_that_were_left_out(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    limit(joined, WITH_PHONE)
    make_record(joined.org, Last_Name="加瀬")
    drain()
    assert names_in_desk(joined) == set()
    limit(joined, Filter())
    drain()
    assert names_in_desk(joined) == {"加瀬"}


def test_the_desk_has_a_scope_of_its_own(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    limit(joined, WITH_ACCOUNT, "desk")
    account = make_account(joined.portal, name="月見坂食品")
    make_contact(joined.portal, lastName="相沢", account=account)
    stranger = make_contact(joined.portal, lastName="加瀬")
    drain()
    assert names_in_crm(joined) == {"相沢"}
    assert standing(joined, "desk") == {"in_step": 1, "outside": 1}
    update_contact(stranger, values={"accountId": account.pk}, actor=MAKER)
    drain()
    assert names_in_crm(joined) == {"相沢", "加瀬"}


def test_whoever_is_the_same_is_linked_and_not_made_again(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    limit(joined, WITH_PHONE)
    record = make_record(joined.org, Last_Name="相沢", Email="a@x.example")
    drain()
    assert Link.objects.get(connection=joined.connection).state == Link.State.OUTSIDE
    make_contact(joined.portal, lastName="相沢", email="a@x.example", mobile="090-0000-0000")
    drain()
    record.refresh_from_db()
    assert record.values["Mobile"] == "090-0000-0000"
    assert names_in_crm(joined) == {"相沢"}
    assert Link.objects.get(connection=joined.connection).state == Link.State.LIVE


def test_nobody_is_asked_about_what_is_left_out(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢", Email="a@x.example")
    for _twin in range(2):
        make_contact(joined.portal, lastName="相沢", email="a@x.example")
    drain()
    assert standing(joined) == {"undecided": 1}
    limit(joined, WITH_PHONE)
    drain()
    assert standing(joined) == {"outside": 1}


def test_deleted_and_restored_while_left_out(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    limit(joined, WITH_PHONE)
    record = make_record(joined.org, Last_Name="加瀬")
    drain()
    delete_record(record, actor=MAKER)
    drain()
    assert (standing(joined), Link.objects.count()) == ({}, 0)
    restore_record(record, actor=MAKER)
    drain()
    assert standing(joined) == {"outside": 1}


def test_a_condition_whose_field_is_gone_lets_nobody_through(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    limit(joined, filter_of(Condition("No_Such_Field", "filled")))
    make_record(joined.org, Last_Name="加瀬")
    drain()
    assert names_in_desk(joined) == set()


def test_a_plan_says_who_is_left_out(drain: Drain) -> None:
    person = make_person()
    org, portal = make_org(administrator=person), make_portal(administrator=person)
    make_record(org, Last_Name="相沢", Phone="0258-00-1147")
    make_record(org, Last_Name="加瀬")
    connection = connect(
        org_id=org.pk, portal_id=portal.pk, modules=["contacts"], actor=person.as_actor(), plans_first=True
    )
    change_scope(connection, "contacts", "crm", WITH_PHONE, actor=MAKER)
    drain()
    rows = PlanRow.objects.filter(run=latest_plan(connection))
    assert {(row.name, row.kind, row.reason) for row in rows} == {
        ("相沢", PlanRow.Kind.CREATE, "new in CRM"),
        ("加瀬", PlanRow.Kind.SKIP, LEFT_OUT),
    }
