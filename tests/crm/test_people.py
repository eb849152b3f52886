"""People have several addresses and numbers, names in the order that is theirs, and accounts above accounts."""

import pytest
from django.test import Client

from kakehashi.bridge.related_lists.queries import emails_of
from kakehashi.bridge.sides.embedded.crm import crm_side
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.registry import clean_value
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.queries import find_module, module_schema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.actions import update_org
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.people.renaming import rename_people
from kakehashi.crm.records.actions import update_record, write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordKey
from tests.makers.crm import make_org, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(record: Record, path: str = "") -> str:
    return f"/crm/{record.org_id}/{record.module.api_name}/{record.pk}/{path}"


def entry(value: str, label: str = "") -> dict[str, str]:
    return {"value": value, "label": label}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a@b.example; A@B.EXAMPLE", [entry("a@b.example")]),
        ("秘書: a@b.example、c@d.example (自宅)", [entry("a@b.example", "秘書"), entry("c@d.example", "自宅")]),
        ([entry(" ａ@b.example ", "Work"), entry("")], [entry("a@b.example", "Work")]),
        ("", None),
    ],
)
def test_several_addresses_are_read_as_people_write_them(typed: object, kept: object) -> None:
    assert clean_value(typed, FieldSchema(1, "Other_Emails", "", FieldType.EMAILS)) == kept


def test_one_number_written_twice_is_kept_once() -> None:
    field = FieldSchema(1, "Other_Phones", "", FieldType.PHONES)
    assert clean_value("0258-00-1147, +81 258 00 1147, 03-1234-5678 (本社)", field) == [
        entry("0258-00-1147"),
        entry("03-1234-5678", "本社"),
    ]


def test_what_is_shown_is_read_back_as_the_same(org: Org) -> None:
    field = module_schema(find_module(org, "Contacts")).fields["Other_Emails"]
    value = [entry("a@b.example", "Work"), entry("c@d.example")]
    assert clean_value("a@b.example (Work), c@d.example", field) == value


def test_any_address_or_number_finds_the_person(org: Org, page: Client) -> None:
    record = make_record(org, Other_Emails="qa@tsukimizaka.example", Other_Phones="090-0000-2214 (携帯)")
    assert {"qa@tsukimizaka.example", "+819000002214"} <= set(RecordKey.objects.values_list("value", flat=True))
    for query in ("qa@tsukimizaka.example", "2214", "090-0000-2214"):
        assert record.name in page.get(f"/crm/{org.pk}/search?q={query}").content.decode(), query
    for query in ("Email=QA@tsukimizaka.example", "Other_Emails=&Other_Emails=qa@tsukimizaka.example"):
        warned = page.get(f"/crm/{org.pk}/Contacts/duplicates?{query}", headers=HTMX).content.decode()
        assert record.name in warned, query


def test_tickets_are_looked_up_by_every_address(org: Org) -> None:
    record = make_record(
        org, Email="a@b.example", Secondary_Email="c@d.example", Other_Emails="e@f.example; a@b.example"
    )
    side = crm_side(org.pk)
    found = side.fetch("Contacts", [record.pk])[record.pk]
    assert sorted(emails_of(side, found)) == ["a@b.example", "c@d.example", "e@f.example"]


def test_an_address_of_the_form_keeps_its_label_and_place(org: Org, page: Client) -> None:
    form = {
        "Last_Name": "相沢",
        "Other_Emails": ["a@b.example", "", "c@d.example"],
        "Other_Emails-label": ["仕事", "x", ""],
    }
    page.post(f"/crm/{org.pk}/Contacts/new", form)
    assert Record.objects.get().values["Other_Emails"] == [entry("a@b.example", "仕事"), entry("c@d.example")]
    refused = page.post(
        f"/crm/{org.pk}/Contacts/new", {"Last_Name": "x", "Other_Emails": "keine", "Other_Emails-label": "y"}
    )
    assert refused.status_code == 422
    assert "keine" in refused.content.decode()


def test_another_address_becomes_the_primary_one_and_nothing_is_lost(org: Org, page: Client) -> None:
    record = make_record(org, Email="a@b.example", Secondary_Email="c@d.example", Other_Emails="e@f.example (自宅)")
    page.post(url(record, "fields/Other_Emails/primary"), {"value": "e@f.example"}, headers=HTMX)
    page.post(url(record, "fields/Secondary_Email/primary"), {"value": "c@d.example"}, headers=HTMX)
    record.refresh_from_db()
    values = record.values
    assert (values["Email"], values["Secondary_Email"]) == ("c@d.example", "e@f.example")
    assert values["Other_Emails"] == [entry("a@b.example")]


def test_what_is_somebody_elses_primary_address_is_not_taken_but_told(org: Org, page: Client) -> None:
    other = make_record(org, Last_Name="戸田", Email="shared@b.example")
    record = make_record(org, Email="a@b.example", Other_Emails="shared@b.example")
    shown = page.get(url(record)).content.decode()
    assert url(other) in shown
    answer = page.post(url(record, "fields/Other_Emails/primary"), {"value": "shared@b.example"}, headers=HTMX)
    assert answer.status_code == 422
    assert "戸田" in answer.content.decode()


def test_names_stand_in_the_order_of_their_letters_whatever_the_org_speaks() -> None:
    for language in ("ja", "en"):
        org = make_org(language=language)
        assert make_record(org, Last_Name="相沢", First_Name="美咲").name == "相沢 美咲"
        assert make_record(org, Last_Name="Hart", First_Name="Emma").name == "Emma Hart"


def test_an_org_may_want_one_order_for_all_names(org: Org, access: CrmAccess, page: Client) -> None:
    record = make_record(org, Last_Name="Hart", First_Name="Emma", Email="e@h.example")
    update_org(org, values={"name_order": "family"}, actor=access.actor)
    assert rename_people(org) == 1
    record.refresh_from_db()
    assert record.name == "Hart Emma"
    assert set(record.keys.values_list("value", flat=True)) == {"hart emma", "e@h.example"}
    assert rename_people(org) == 0


def test_a_list_by_name_goes_by_kana_whatever_its_width(org: Org, page: Client) -> None:
    for last, kana in (("渡辺", "ワタナベ"), ("相沢", "ｱｲｻﾞﾜ"), ("青木", "あおき")):
        make_record(org, Last_Name=last, Last_Name_Kana=kana)
    names = [record.name for record in page.get(f"/crm/{org.pk}/Contacts/?sort=name").context["page"].records]
    assert names == ["相沢", "青木", "渡辺"]
    assert Record.objects.get(name="相沢").values["Last_Name_Kana"] == "アイザワ"


def test_an_account_cannot_come_to_stand_above_itself(org: Org) -> None:
    top = make_record(org, "Accounts")
    middle = make_record(org, "Accounts", Parent_Account=top.pk)
    bottom = make_record(org, "Accounts", Parent_Account=middle.pk)
    for below in (top, middle, bottom):
        with pytest.raises(InvalidValues) as refused:
            update_record(top, values={"Parent_Account": below.pk}, actor=SYSTEM)
        assert "Parent_Account" in refused.value.by_field
    update_record(bottom, values={"Parent_Account": top.pk}, actor=SYSTEM)
    update_record(middle, values={"Parent_Account": bottom.pk}, actor=SYSTEM)


def test_two_accounts_of_one_batch_cannot_go_round(org: Org) -> None:
    one, other = make_record(org, "Accounts"), make_record(org, "Accounts")
    drafts = [
        RecordDraft({"Parent_Account": other.pk}, record_id=one.pk),
        RecordDraft({"Parent_Account": one.pk}, record_id=other.pk),
    ]
    results = write_records(one.module, drafts=drafts, actor=SYSTEM)
    assert "refused" in {result.state for result in results}


def test_a_person_of_several_accounts_is_listed_at_each(org: Org, page: Client) -> None:
    main, other = make_record(org, "Accounts"), make_record(org, "Accounts")
    record = make_record(org, Last_Name="相沢", Account_Name=main.pk, Other_Accounts=[other.pk])
    lists = {entry.key: entry.count for entry in page.get(url(other)).context["related"]}
    assert lists["Contacts-Other_Accounts"] == 1
    assert lists["Contacts-Account_Name"] == 0
    assert record.name in page.get(url(other)).content.decode()


def test_an_account_page_shows_the_tree_and_counts_all_below(org: Org, page: Client) -> None:
    top = make_record(org, "Accounts", Account_Name="本社")
    middle = make_record(org, "Accounts", Account_Name="支社", Parent_Account=top.pk)
    bottom = make_record(org, "Accounts", Account_Name="工場", Parent_Account=middle.pk)
    make_record(org, Account_Name=bottom.pk)
    make_record(org, "Deals", Account_Name=middle.pk)
    shown = page.get(url(middle)).content.decode()
    tree = shown[shown.index('class="k-tree"') :]
    assert tree.index("本社") < tree.index("支社") < tree.index("工場")
    totals = page.get(url(top, "hierarchy/totals"))
    assert totals.context["accounts"] == 3
    assert [count for _label, count in totals.context["counts"]] == [1, 1]
    assert "k-tree" not in page.get(url(make_record(org, "Accounts"))).content.decode()
