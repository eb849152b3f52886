"""The recycle bin: found, restored with all relations, or erased so that nothing is left."""

from datetime import timedelta

import pytest
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.core.events.models import Event
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record, RecordKey, RecordLookup
from kakehashi.crm.recycle_bin.actions import change_keeping, purge_records
from kakehashi.crm.recycle_bin.jobs import empty_bins
from tests.crm.test_merging import merge
from tests.crm.test_record_pages import queries_of
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


@pytest.fixture
def access(org: Org) -> CrmAccess:
    return make_administrator(org, language="en")


def binned(org: Org, module: str = "Contacts", *, by: str = "Kakehashi", **values: object) -> Record:
    return delete_record(make_record(org, module, **values), actor=Actor(None, by))


def listed(page: Client, org: Org, query: str = "") -> list[str]:
    return [
        record.name for record, _module, _leaving in page.get(f"/crm/{org.pk}/settings/bin/{query}").context["rows"]
    ]


def test_the_bin_lists_all_modules_and_is_filtered_by_each_of_them_person_and_text(org: Org, page: Client) -> None:
    binned(org, Last_Name="Aizawa", by="Toda")
    binned(org, "Accounts", Account_Name="Tsukimizaka", by="Takase")
    make_record(org, Last_Name="Alive")
    assert listed(page, org) == ["Tsukimizaka", "Aizawa"]
    assert listed(page, org, "?module=Contacts") == ["Aizawa"]
    assert listed(page, org, "?person=Takase") == ["Tsukimizaka"]
    assert listed(page, org, "?q=aiza") == ["Aizawa"]


def test_merged_records_are_not_in_the_bin(org: Org, page: Client) -> None:
    merge(make_record(org), make_record(org))
    assert listed(page, org) == []


def test_an_account_comes_back_with_its_relations(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts", Account_Name="Tsukimizaka")
    contact = make_record(org, Account_Name=account.pk)
    delete_record(account, actor=SYSTEM)
    page.post(f"/crm/{org.pk}/settings/bin/restoration", {"selected": [account.pk]})
    shown = page.get(f"/crm/{org.pk}/Accounts/{account.pk}/").context["related"]
    assert [record.pk for related in shown for record, _url, _cells in related.rows] == [contact.pk]


def test_who_cannot_come_back_is_said_with_whose_the_value_is(org: Org, page: Client) -> None:
    gone = binned(org, Last_Name="Aizawa", Email="a@a.example")
    other = binned(org, Last_Name="Free")
    make_record(org, Last_Name="Taker", Email="a@a.example")
    answer = page.post(f"/crm/{org.pk}/settings/bin/restoration", {"selected": [gone.pk, other.pk]}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert said == ["“Aizawa” stays here. “Taker” already has this value.", "1 record is back."]


def test_erasing_needs_the_words_and_an_administrator(org: Org, page: Client, client: Client) -> None:
    gone = binned(org)
    address = f"/crm/{org.pk}/settings/bin/purging"
    assert page.post(address, {"selected": [gone.pk], "typed": "yes"}).status_code == 422
    gone.refresh_from_db()
    assert gone.values
    page.post(address, {"selected": [gone.pk], "typed": "delete for good"})
    gone.refresh_from_db()
    assert gone.gone_as == "purged"
    member = make_member(org, permissions=["see_all_records", "delete_records"])
    client.force_login(member.person)
    assert client.get(address).status_code == 403


def test_nothing_of_an_erased_record_is_left_but_that_it_happened(org: Org) -> None:
    account = make_record(org, "Accounts")
    kept = make_record(org, Last_Name="Secret", Email="a@a.example", Account_Name=account.pk)
    loser = make_record(org, Last_Name="Hidden", Phone="1")
    update_record(kept, values={"Phone": "03-1111-2222"}, actor=SYSTEM)
    merge(kept, loser)
    delete_record(Record.objects.get(pk=kept.pk), actor=SYSTEM)
    assert purge_records(org, record_ids=[kept.pk], actor=SYSTEM) == [kept.pk]
    ids = [kept.pk, loser.pk]
    rows = Record.objects.filter(pk__in=ids).values_list("values", "name", "search", "gone_as")
    assert list(rows) == [({}, "", "", "purged")] * 2
    assert not RecordKey.objects.filter(record__in=ids).exists()
    assert not RecordLookup.objects.filter(record__in=ids).exists()
    events = Event.objects.filter(subject_id__in=ids, kind="crm.record")
    assert {event.topic for event in events} >= {"crm.record.created", "crm.record.merged", "crm.record.purged"}
    assert all(event.data == {"module": "Contacts"} for event in events)


def test_the_bin_empties_itself_after_the_days_that_the_org_chose_even_after_a_long_pause(org: Org) -> None:
    old, young = make_record(org), make_record(org)
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=61)):
        delete_record(old, actor=SYSTEM)
    with clock.frozen_at(now - timedelta(days=20)):
        delete_record(young, actor=SYSTEM)
    empty_bins()
    assert [Record.objects.get(pk=one.pk).gone_as for one in (old, young)] == ["purged", ""]
    change_keeping(org, days=None, actor=SYSTEM)
    with clock.frozen_at(now + timedelta(days=500)):
        empty_bins()
    assert Record.objects.get(pk=young.pk).gone_as == ""
    change_keeping(org, days=7, actor=SYSTEM)
    empty_bins()
    assert Record.objects.get(pk=young.pk).gone_as == "purged"


def test_what_a_record_that_stays_still_names_is_not_erased_by_itself(org: Org, page: Client) -> None:
    account, parent = make_record(org, "Accounts"), make_record(org, "Accounts")
    update_record(account, values={"Parent_Account": parent.pk}, actor=SYSTEM)
    contact = make_record(org, Last_Name="Namer", Account_Name=account.pk)
    now = clock.now()
    with clock.frozen_at(now - timedelta(days=100)):
        delete_record(Record.objects.get(pk=account.pk), actor=SYSTEM)
        delete_record(Record.objects.get(pk=parent.pk), actor=SYSTEM)
    empty_bins()
    assert [Record.objects.get(pk=one.pk).gone_as for one in (account, parent)] == ["", "purged"]
    assert "Stays while 1 record name it" in page.get(f"/crm/{org.pk}/settings/bin/").content.decode()
    shown = page.get(f"/crm/{org.pk}/settings/bin/purging", {"selected": [account.pk]})
    assert shown.context["namers"] == 1
    delete_record(contact, actor=SYSTEM)
    empty_bins()
    assert Record.objects.get(pk=account.pk).gone_as == ""  # the contact may still come back
    with clock.frozen_at(now + timedelta(days=61)):
        empty_bins()
    assert Record.objects.get(pk=account.pk).gone_as == "purged"


def test_the_days_are_chosen_on_the_page(org: Org, page: Client) -> None:
    page.post(f"/crm/{org.pk}/settings/bin/keeping", {"days": "30"})
    assert page.get(f"/crm/{org.pk}/settings/bin/").context["days"] == 30


def test_the_bin_costs_the_same_queries_however_full_it_is(org: Org, page: Client) -> None:
    binned(org, Last_Name="N")
    few = queries_of(page, f"/crm/{org.pk}/settings/bin/")
    for number in range(12):
        binned(org, "Accounts", Account_Name=f"N{number}")
    assert queries_of(page, f"/crm/{org.pk}/settings/bin/") == few
