"""Merging on pages: choose, compare, merge, take back; and where old addresses lead."""

import json

import pytest
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


@pytest.fixture
def access(org: Org) -> CrmAccess:
    return make_administrator(org, language="en")


def form(*records: Record, survivor: Record, **fields: str) -> dict[str, object]:
    versions = {f"version-{record.pk}": record.version for record in records}
    chosen = {f"field-{name}": value for name, value in fields.items()}
    return {"selected": [record.pk for record in records], "survivor": survivor.pk, **versions, **chosen}


def test_a_selection_in_the_list_leads_to_the_comparison(org: Org, page: Client) -> None:
    one, two = make_record(org, Phone="1"), make_record(org, Phone="2")
    answer = page.post(f"/crm/{org.pk}/Contacts/merge", {"selected": [one.pk, two.pk]}, follow=True)
    comparison = answer.context["comparison"]
    assert [column.record.pk for column in comparison.columns] == [one.pk, two.pk]
    assert [row.name for row in comparison.rows] == ["Phone", "Other_Phone"]
    assert [row.name for row in comparison.same] == ["Last_Name"]


def test_the_chosen_values_stand_and_the_old_address_leads_to_the_survivor(org: Org, page: Client) -> None:
    one, two = make_record(org, Phone="1", Title="A"), make_record(org, Phone="2")
    answer = page.post(f"/crm/{org.pk}/Contacts/merge", form(one, two, survivor=two, Phone=str(one.pk)))
    assert answer["Location"] == f"/crm/{org.pk}/Contacts/{two.pk}/"
    two.refresh_from_db()
    assert (two.values["Phone"], two.values["Title"]) == ("1", "A")
    assert page.get(f"/crm/{org.pk}/Contacts/{one.pk}/")["Location"] == f"/crm/{org.pk}/Contacts/{two.pk}/"
    listed = page.get(f"/crm/{org.pk}/Contacts/").context["page"].records
    assert [record.pk for record in listed] == [two.pk]


def test_an_edit_meanwhile_shows_the_page_again_with_the_choices_kept(org: Org, page: Client) -> None:
    one, two = make_record(org, Phone="1"), make_record(org, Phone="2")
    sent = form(one, two, survivor=one, Phone=str(two.pk))
    update_record(two, values={"Phone": "3"}, actor=SYSTEM)
    answer = page.post(f"/crm/{org.pk}/Contacts/merge", sent)
    assert answer.status_code == 409
    chosen = [option.text for option in answer.context["comparison"].rows[0].options if option.is_chosen]
    assert chosen == ["3"]
    two.refresh_from_db()
    assert two.deleted_at is None


def test_a_merge_is_taken_back_by_the_toast_and_from_its_page(org: Org, page: Client) -> None:
    one, two = make_record(org), make_record(org)
    sent = form(one, two, survivor=one)
    landed = page.post(f"/crm/{org.pk}/Contacts/merge", sent, follow=True)
    undo = next(iter(landed.context["messages"])).extra_tags
    assert undo in landed.content.decode()
    assert "Show or take back" in landed.content.decode()
    shown = page.get(undo.removesuffix("undoing"))
    assert shown.context["losers"] == [two]
    answer = page.post(undo, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert page.get(f"/crm/{org.pk}/Contacts/{two.pk}/").status_code == 200
    assert "Show or take back" not in page.get(f"/crm/{org.pk}/Contacts/{one.pk}/").text
    again = page.post(undo, headers={"HX-Request": "true"})
    assert "taken back already" in json.loads(again["HX-Trigger"])["toast"]["text"]


def test_only_records_that_one_may_change_and_delete_are_merged(org: Org, client: Client) -> None:
    member = make_member(org, permissions=["edit_records"], language="en")
    one = make_record(org, owner=member.person)
    two = make_record(org, owner=member.person)
    client.force_login(member.person)
    assert client.post(f"/crm/{org.pk}/Contacts/merge", form(one, two, survivor=one)).status_code == 403
    two.refresh_from_db()
    assert two.deleted_at is None


def test_records_of_others_are_left_out(org: Org, client: Client) -> None:
    member = make_member(org, permissions=["edit_records", "delete_records"], language="en")
    mine, theirs = make_record(org, owner=member.person), make_record(org)
    client.force_login(member.person)
    answer = client.post(f"/crm/{org.pk}/Contacts/merge", form(mine, theirs, survivor=mine))
    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.deleted_at is None


def test_duplicates_are_found_with_what_speaks_for_them(org: Org, page: Client) -> None:
    record = make_record(
        org, Last_Name="Aizawa", Email="a@a.example", Phone="03-1234-5678", Secondary_Email="b@a.example"
    )
    mail = make_record(org, Last_Name="Other", Email="b@a.example")
    phone = make_record(org, Last_Name="aizawa", Mobile="0312345678")
    make_record(org, Last_Name="Nobody", Email="c@a.example")
    found = page.get(f"/crm/{org.pk}/Contacts/{record.pk}/similar").context["candidates"]
    assert {one.record.pk: list(one.evidence) for one, _said, _url in found} == {
        phone.pk: ["Same phone number: 03-1234-5678", "Same name"],
        mail.pk: ["Same e-mail address: b@a.example"],
    }


def test_a_company_is_found_under_another_legal_form(org: Org, page: Client) -> None:
    record = make_record(org, "Accounts", Account_Name="株式会社月見坂食品")
    other = make_record(org, "Accounts", Account_Name="月見坂食品（株）")
    make_record(org, "Accounts", Account_Name="月見坂食品販売株式会社")
    found = page.get(f"/crm/{org.pk}/Accounts/{record.pk}/similar").context["candidates"]
    assert [one.record.pk for one, _said, _url in found] == [other.pk]


def test_a_reading_finds_another_spelling(client: Client) -> None:
    org = make_org()
    access = make_administrator(org)
    client.force_login(access.person)
    record = make_record(org, Last_Name="斉藤", First_Name="健", Last_Name_Kana="サイトウ", First_Name_Kana="ケン")
    other = make_record(org, Last_Name="齋藤", First_Name="健", Last_Name_Kana="さいとう", First_Name_Kana="けん")
    found = client.get(f"/crm/{org.pk}/Contacts/{record.pk}/similar").context["candidates"]
    assert [one.record.pk for one, _said, _url in found] == [other.pk]


def test_a_deleted_record_says_so_and_offers_to_restore(org: Org, page: Client) -> None:
    record = make_record(org)
    delete_record(record, actor=SYSTEM)
    answer = page.get(f"/crm/{org.pk}/Contacts/{record.pk}/")
    assert answer.status_code == 410
    assert "Restore" in answer.content.decode()
    page.post(answer.context["restoration_url"], {"selected": record.pk})
    assert page.get(f"/crm/{org.pk}/Contacts/{record.pk}/").status_code == 200
