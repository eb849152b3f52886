import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(org: Org, path: str = "") -> str:
    return f"/crm/{org.pk}/{path}"


def queries_of(page: Client, address: str) -> int:
    page.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert page.get(address).status_code == 200
    return len(queries)


def test_a_list_costs_the_same_queries_however_many_records(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts")
    make_record(org, Account_Name=account.pk)
    few = queries_of(page, url(org, "Contacts/"))
    for _ in range(15):
        make_record(org, Account_Name=make_record(org, "Accounts").pk)
    assert queries_of(page, url(org, "Contacts/")) == few
    assert few <= 17  # one of them asks for the signals of all rows


def test_a_record_page_costs_the_same_queries_however_much_it_shows(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts")
    make_record(org, Account_Name=account.pk)
    make_record(org, "Deals", Account_Name=account.pk)
    few = queries_of(page, url(org, f"Accounts/{account.pk}/"))
    for _ in range(6):
        contact = make_record(org, Account_Name=account.pk)
        make_record(org, "Deals", Account_Name=account.pk, Contact_Name=contact.pk)
        account = update_record(account, values={"Phone": f"0258-00-{contact.pk:04}"}, actor=SYSTEM)
    assert queries_of(page, url(org, f"Accounts/{account.pk}/")) <= few + 2


def test_a_list_is_paged_by_place_and_goes_back(org: Org, page: Client) -> None:
    for number in range(120):
        make_record(org, Last_Name=f"N{number:03}")
    first = page.get(url(org, "Contacts/?sort=name"))
    assert first.context["page"].records[0].name == "N000"
    second = page.get(url(org, f"Contacts/?sort=name&after={first.context['page'].next}"))
    assert second.context["page"].records[0].name == "N050"
    third = page.get(url(org, f"Contacts/?sort=name&after={second.context['page'].next}"))
    assert [record.name for record in third.context["page"].records][-1] == "N119"
    assert third.context["page"].next == ""
    back = page.get(url(org, f"Contacts/?sort=name&before={third.context['page'].previous}"))
    assert back.context["page"].records[0].name == "N050"


@pytest.mark.parametrize("sort", ["Amount", "-Amount", "Closing_Date", "-Stage", "created"])
def test_every_order_pages_through_all_rows_once(org: Org, page: Client, sort: str) -> None:
    for number in range(60):
        values = {"Amount": number % 7 * 1000} if number % 3 else {}
        make_record(org, "Deals", Deal_Name=f"D{number}", **values)
    first = page.get(url(org, f"Deals/?sort={sort}")).context["page"]
    second = page.get(url(org, f"Deals/?sort={sort}&after={first.next}")).context["page"]
    assert len({record.pk for record in [*first.records, *second.records]}) == 60


def test_a_list_is_filtered_by_text_owner_pick_list_and_lookup(org: Org, page: Client, access: CrmAccess) -> None:
    account = make_record(org, "Accounts")
    make_record(org, "Deals", Deal_Name="温度計", Stage="Closed Won", Account_Name=account.pk, actor=access.actor)
    make_record(org, "Deals", Deal_Name="湿度計", Stage="Qualification")
    for query in ["q=温度", "owner=me", f"owner={access.person.pk}", "Stage=Closed Won", f"Account_Name={account.pk}"]:
        names = [record.name for record in page.get(url(org, f"Deals/?{query}")).context["page"].records]
        assert names == ["温度計"], query


def test_a_field_is_edited_in_place(org: Org, page: Client) -> None:
    record = make_record(org, Phone="0258-00-1147")
    address = url(org, f"Contacts/{record.pk}/fields/Phone")
    editor = page.get(address, headers=HTMX)
    answer = page.post(address, {"Phone": "0258-00-1148", "was": editor.context["was"]}, headers=HTMX)
    assert answer.status_code == 200
    assert "0258-00-1148" in answer.content.decode()
    assert "record-changed" in json.loads(answer["HX-Trigger"])
    record.refresh_from_db()
    assert record.values["Phone"] == "0258-00-1148"


def test_a_wrong_value_comes_back_with_422_the_reason_and_what_was_typed(org: Org, page: Client) -> None:
    record = make_record(org)
    answer = page.post(
        url(org, f"Contacts/{record.pk}/fields/Email"), {"Email": "keine Adresse", "was": "{}"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "keine Adresse" in answer.content.decode()
    assert "メールアドレス" in answer.content.decode()


def test_two_people_in_one_field_both_see_both_values(org: Org, page: Client) -> None:
    record = make_record(org, Title="主任")
    address = url(org, f"Contacts/{record.pk}/fields/Title")
    was = page.get(address, headers=HTMX).context["was"]
    update_record(record, values={"Title": "課長"}, actor=Actor(None, "戸田 陸"))
    answer = page.post(address, {"Title": "部長", "was": was}, headers=HTMX)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "課長" in body
    assert "部長" in body
    assert "戸田 陸" in body
    again = page.post(address, {"Title": "部長", "was": answer.context["was"]}, headers=HTMX)
    assert again.status_code == 200
    record.refresh_from_db()
    assert record.values["Title"] == "部長"


def test_two_people_in_two_fields_do_not_disturb_each_other(org: Org, page: Client) -> None:
    record = make_record(org, Title="主任")
    address = url(org, f"Contacts/{record.pk}/edit")
    was = page.get(address).context["was"]
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    answer = page.post(address, {"Last_Name": "相沢", "Title": "主任", "Department": "品質管理部", "was": was})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.values["Title"], record.values["Department"]) == ("課長", "品質管理部")


def test_a_conflict_on_the_edit_page_loses_nothing_and_lets_one_choose(org: Org, page: Client) -> None:
    record = make_record(org, Title="主任", Phone="0258-00-1147")
    address = url(org, f"Contacts/{record.pk}/edit")
    was = page.get(address).context["was"]
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    typed = {"Last_Name": "相沢", "Title": "部長", "Phone": "0258-00-9999", "was": was}
    answer = page.post(address, typed)
    assert answer.status_code == 409
    assert "0258-00-9999" in answer.content.decode()
    assert [row["name"] for row in answer.context["conflicts"]] == ["Title"]
    taken = page.post(address, {**typed, "was": answer.context["was"], "take-Title": "theirs"})
    assert taken.status_code == 302
    record.refresh_from_db()
    assert (record.values["Title"], record.values["Phone"]) == ("課長", "0258-00-9999")


def test_a_new_record_is_made_with_what_was_typed_or_comes_back_with_it(
    org: Org, page: Client, access: CrmAccess
) -> None:
    refused = page.post(url(org, "Contacts/new"), {"First_Name": "美咲", "Email": "x"})
    assert refused.status_code == 422
    assert "美咲" in refused.content.decode()
    made = page.post(
        url(org, "Contacts/new"),
        {"Last_Name": "相沢", "First_Name": "美咲", "Owner": access.person.pk, "Email_Opt_Out": "on"},
    )
    record = Record.objects.get(name="相沢 美咲")
    assert made["Location"].endswith(f"/Contacts/{record.pk}/")
    assert (record.owner_id, record.values["Email_Opt_Out"]) == (access.person.pk, True)


def test_a_duplicate_is_told_softly_while_typing(org: Org, page: Client) -> None:
    make_record(org, Last_Name="相沢", First_Name="美咲", Email="misaki@example.com")
    for query in ["Email=MISAKI@example.com", "Last_Name=相沢&First_Name=美咲"]:
        assert "相沢 美咲" in page.get(url(org, f"Contacts/duplicates?{query}"), headers=HTMX).content.decode()
    assert page.get(url(org, "Contacts/duplicates?Last_Name=相沢"), headers=HTMX).content.decode().strip() == ""


def test_deleting_offers_an_undo_that_brings_the_record_back(org: Org, page: Client) -> None:
    record = make_record(org)
    answer = page.post(url(org, f"Contacts/{record.pk}/deletion"), follow=True)
    undo = next(iter(answer.context["messages"])).extra_tags
    assert page.get(url(org, f"Contacts/{record.pk}/")).status_code == 410
    assert page.post(undo, headers=HTMX).status_code == 204
    assert page.get(url(org, f"Contacts/{record.pk}/")).status_code == 200


def test_several_rows_are_deleted_at_once(org: Org, page: Client) -> None:
    records = [make_record(org, Last_Name=f"行{number}") for number in range(3)]
    page.post(url(org, "Contacts/deletion"), {"selected": [record.pk for record in records[:2]]})
    assert list(Record.objects.filter(deleted_at=None).values_list("name", flat=True)) == ["行2"]


def test_the_timeline_says_who_changed_what_and_where_it_came_from(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts", Account_Name="月見坂食品")
    record = make_record(org, Title="主任")
    update_record(
        record, values={"Title": "課長", "Account_Name": account.pk}, actor=Actor(None, "戸田 陸", "import:3")
    )
    page_text = page.get(url(org, f"Contacts/{record.pk}/history"), headers=HTMX).content.decode()
    for text in ["戸田 陸", "主任", "課長", "月見坂食品", "#3"]:
        assert text in page_text, text


def test_a_place_that_is_none_is_the_beginning(org: Org, page: Client) -> None:
    record = make_record(org)
    for place in ("x", "9" * 5_000):
        assert page.get(url(org, f"Contacts/{record.pk}/history"), {"before": place}, headers=HTMX).status_code == 200


def test_an_account_shows_its_contacts_and_deals(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts", Account_Name="月見坂食品")
    make_record(org, Last_Name="相沢", Account_Name=account.pk)
    make_record(org, "Deals", Deal_Name="ロガー増設", Account_Name=account.pk)
    related = {entry.key: entry.count for entry in page.get(url(org, f"Accounts/{account.pk}/")).context["related"]}
    assert related == {"Contacts-Account_Name": 1, "Deals-Account_Name": 1}


def test_what_people_type_is_never_run_as_markup(org: Org, page: Client) -> None:
    nasty = "<script>alert(1)</script>"
    record = make_record(org, Last_Name=nasty, Description=nasty)
    update_record(record, values={"Title": nasty}, actor=Actor(None, nasty))
    for path in [f"Contacts/{record.pk}/", "Contacts/", "search?q=script", f"Contacts/{record.pk}/edit"]:
        assert nasty not in page.get(url(org, path)).content.decode(), path


def test_search_finds_over_all_modules_and_ranks_names_first(org: Org, page: Client) -> None:
    make_record(org, "Accounts", Account_Name="月見坂食品株式会社")
    make_record(org, "Deals", Deal_Name="月見坂 ロガー増設")
    make_record(org, Last_Name="山田", Description="月見坂の担当")
    make_record(org, Last_Name="月見坂")
    groups = {
        group["module"].api_name: ["".join(piece for piece, _hit in row[0]) for row in group["rows"]]
        for group in page.get(url(org, "search?q=月見坂")).context["groups"]
    }
    assert groups == {
        "Contacts": ["月見坂", "山田"],
        "Accounts": ["月見坂食品株式会社"],
        "Deals": ["月見坂 ロガー増設"],
    }


def test_a_page_that_is_not_there_keeps_the_organisations_top_bar(org: Org, page: Client) -> None:
    missing = page.get(url(org, "Contacts/999999/"))
    assert missing.status_code == 404
    assert f'href="{url(org, "Contacts/")}"' in missing.text
    assert f'href="{url(org)}"' in missing.text  # the home page is that of the organisation
