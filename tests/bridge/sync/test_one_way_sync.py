"""Spec Y1, Y2 over both real sides: what happens in the CRM happens in the Desk, and nothing happens twice."""

from collections.abc import Callable

import pytest

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.desk.customers.actions import delete_contact, restore_contact, update_contact
from kakehashi.desk.customers.models import Account, Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "Y2")]
Drain = Callable[[], int]


def desk_contact(joined: Joined) -> Contact:
    return Contact.objects.get(portal=joined.portal)


def test_the_first_sync_carries_accounts_and_their_contacts(drain: Drain) -> None:
    joined = make_joined()
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品株式会社", Annual_Revenue="4860000")
    make_record(
        joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example", Account_Name=account.pk
    )
    drain()
    contact = desk_contact(joined)
    assert (contact.last_name, contact.email) == ("相沢", "misaki@tsukimizaka.example")
    assert contact.account == Account.objects.get(portal=joined.portal, account_name="月見坂食品株式会社")
    assert Run.objects.get().finished_at
    assert Link.objects.filter(state="live").count() == 2
    assert not Dirty.objects.exists()


def test_an_edit_travels_and_is_journalled(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    drain()
    update_record(record, values={"Phone": "0258-00-2000", "First_Name": "美咲"}, actor=SYSTEM)
    drain()
    assert desk_contact(joined).phone == "0258-00-2000"
    row = JournalRow.objects.get(kind="updated")
    assert row.changes["phone"] == ["0258-00-1147", "0258-00-2000"]


def test_a_desk_edit_stays_until_the_crm_value_changes_and_is_kept_as_the_loser_then(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    drain()
    update_contact(desk_contact(joined), values={"phone": "0258-00-9999"}, actor=MAKER)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    drain()
    assert (desk_contact(joined).phone, desk_contact(joined).title) == ("0258-00-9999", "課長")
    update_record(record, values={"Phone": "0258-00-2000"}, actor=SYSTEM)
    drain()
    assert desk_contact(joined).phone == "0258-00-2000"
    assert JournalRow.objects.get(kind="lost").changes == {"phone": ["0258-00-9999", "0258-00-2000"]}


def test_a_desk_edit_stays_after_a_value_that_the_crm_wrote_earlier(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    update_record(record, values={"Phone": "0258-00-2000"}, actor=SYSTEM)
    drain()
    update_contact(desk_contact(joined), values={"phone": "0258-00-9999"}, actor=MAKER)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    drain()
    assert desk_contact(joined).phone == "0258-00-9999"


def test_an_existing_desk_contact_with_the_same_address_is_matched(drain: Drain) -> None:
    joined = make_joined()
    known = make_contact(joined.portal, lastName="Aizawa", email="Misaki@tsukimizaka.example", title="課長")
    make_record(joined.org, Last_Name="相沢", Email="misaki@tsukimizaka.example")
    drain()
    contact = desk_contact(joined)
    assert (contact.pk, contact.last_name, contact.title) == (known.pk, "相沢", "課長")
    assert JournalRow.objects.get(kind="lost").changes == {"lastName": ["Aizawa", "相沢"]}


def test_several_candidates_are_held_and_nothing_is_written(drain: Drain) -> None:
    joined = make_joined()
    twins = [make_contact(joined.portal, email="info@tsukimizaka.example") for _ in range(2)]
    make_record(joined.org, Last_Name="相沢", Email="info@tsukimizaka.example")
    drain()
    link = Link.objects.get()
    assert link.state == "held"
    assert {name: link.evidence[name] for name in ("reason", "field", "candidates")} == {
        "reason": "several_candidates",
        "field": "Email",
        "candidates": [twin.pk for twin in twins],
    }
    assert Contact.objects.filter(portal=joined.portal).count() == 2


def test_a_held_record_is_joined_once_the_doubt_is_gone(drain: Drain) -> None:
    joined = make_joined()
    twins = [make_contact(joined.portal, email="info@tsukimizaka.example") for _ in range(2)]
    record = make_record(joined.org, Last_Name="相沢", Email="info@tsukimizaka.example")
    drain()
    delete_contact(twins[1], actor=MAKER)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    drain()
    assert Link.objects.get().desk_id == twins[0].pk


def test_a_contact_that_came_before_its_account_gets_it_when_the_account_is_linked(drain: Drain) -> None:
    joined = make_joined()
    twins = [
        Account.objects.create(portal=joined.portal, account_name="月見坂", name_normal="月見坂") for _ in range(2)
    ]
    account = make_record(joined.org, "Accounts", Account_Name="月見坂")
    make_record(joined.org, Last_Name="相沢", Account_Name=account.pk)
    drain()
    assert desk_contact(joined).account is None
    twins[1].delete()
    update_record(account, values={"Fax": "0258-00-1148"}, actor=SYSTEM)
    drain()
    assert desk_contact(joined).account == twins[0]


def test_a_deleted_contact_goes_to_the_recycle_bin_and_comes_back_when_restored(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    delete_record(record, actor=SYSTEM)
    drain()
    assert desk_contact(joined).deleted_at
    restore_record(record, actor=SYSTEM)
    drain()
    assert desk_contact(joined).deleted_at is None
    assert Link.objects.get().state == "live"


def test_a_deleted_contact_with_tickets_is_kept_and_unlinked(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    make_ticket(joined.portal, contact=desk_contact(joined))
    delete_record(record, actor=SYSTEM)
    drain()
    assert desk_contact(joined).deleted_at is None
    assert (Link.objects.get().state, Link.objects.get().ending) == ("dead", "kept")


def test_what_was_deleted_in_the_desk_does_not_come_back_by_itself(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    contact = desk_contact(joined)
    delete_contact(contact, actor=MAKER)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    drain()
    assert desk_contact(joined).deleted_at
    restore_contact(contact, actor=MAKER)
    drain()
    assert desk_contact(joined).title == "課長"


def test_what_the_desk_takes_out_of_its_recycle_bin_stays_there_though_the_crm_record_is_deleted(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    delete_record(record, actor=SYSTEM)
    drain()
    restore_contact(desk_contact(joined), actor=MAKER)
    drain()
    assert desk_contact(joined).deleted_at is None
    assert Link.objects.get().state == "dead"


def test_a_contact_deleted_on_both_sides_stays_deleted_in_the_desk_when_the_crm_restores_its_own(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    delete_contact(desk_contact(joined), actor=MAKER)
    delete_record(record, actor=SYSTEM)
    drain()
    restore_record(record, actor=SYSTEM)
    drain()
    assert desk_contact(joined).deleted_at


def test_nothing_is_lost_while_paused(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    pause(joined.connection, actor=joined.administrator.actor)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    make_record(joined.org, Last_Name="戸田")
    drain()
    assert Contact.objects.filter(portal=joined.portal).count() == 1
    assert Dirty.objects.count() == 2
    resume(joined.connection, actor=joined.administrator.actor)
    drain()
    assert set(Contact.objects.values_list("last_name", "title")) == {("相沢", "課長"), ("戸田", "")}


def test_the_second_look_writes_nothing(drain: Drain) -> None:
    joined = make_joined()
    make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147", Email="a@b.example")
    drain()
    before, rows = desk_contact(joined).version, JournalRow.objects.count()
    from kakehashi.bridge.sync.runs import start_run

    start_run(joined.connection, Run.Kind.COMPARE)
    drain()
    assert desk_contact(joined).version == before
    assert JournalRow.objects.count() == rows
