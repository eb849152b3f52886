from unicodedata import normalize

import pytest

from kakehashi.core.events.models import Event
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.customise.fields import FieldDraft, create_field
from kakehashi.crm.imports.models import ImportRow
from kakehashi.crm.imports.undoing import undo_counts
from kakehashi.crm.modules.models import Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.actions import tag_record
from kakehashi.crm.tags.queries import tags_of
from tests.makers.crm import make_administrator, make_member, make_org, make_record
from tests.makers.imports import import_text, outcome_counts, results_of, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_owners_are_found_by_name_or_mail(access: CrmAccess) -> None:
    colleague = make_member(access.org, family_name="戸田", given_name="陸").person
    source = import_text(access, "姓,担当者\r\n一,戸田 陸\r\n二,戸田陸\r\n三,誰か\r\n", policy="create")
    assert set(Record.objects.values_list("name", "owner_id")) == {("一", colleague.pk), ("二", colleague.pk)}
    assert results_of(source)[2][1] == "failed"


def test_a_row_that_fits_several_records_is_listed_and_not_guessed(access: CrmAccess) -> None:
    ids = [make_record(access.org, Last_Name="相沢", Phone="0258-00-1147").pk for _ in range(2)]
    source = import_text(access, "姓,電話\r\n相沢,0258001147\r\n森本,03-1234-5678\r\n", match_fields=["Phone"])
    assert (source.ambiguous_count, source.created_count) == (1, 1)
    assert ImportRow.objects.get(source=source, number=2).reasons[0][2]["records"] == ids


def test_records_are_recognised_by_several_keys_in_order(access: CrmAccess) -> None:
    by_mail = make_record(access.org, Last_Name="一", Email="a@example.com")
    by_second = make_record(access.org, Last_Name="二", Secondary_Email="b@example.com")
    by_name = make_record(access.org, Last_Name="三", First_Name="郎")
    text = "姓,名,メール,役職\r\n一,,a@example.com,甲\r\n弐,,b@example.com,乙\r\n三,郎,,丙\r\n四,,,丁\r\n"
    source = import_text(access, text, match_fields=["Any_Email", "Name"])
    assert outcome_counts(source) == (1, 3, 0, 0)
    for record, title in ((by_mail, "甲"), (by_second, "乙"), (by_name, "丙")):
        record.refresh_from_db()
        assert record.values["Title"] == title


@pytest.mark.parametrize(("missing", "state"), [("refuse", "failed"), ("empty", "created"), ("add", "created")])
def test_values_that_a_pick_list_does_not_know(access: CrmAccess, missing: str, state: str) -> None:
    source = import_text(
        access, "姓,データ元\r\n一,名刺交換会\r\n", columns={"データ元": {"missing": missing}}, policy="create"
    )
    assert results_of(source)[0][1] == state
    if state == "created":
        assert Record.objects.get().values.get("Lead_Source") == ("名刺交換会" if missing == "add" else None)
    offered = [
        choice.value
        for choice in schema_of(Org.objects.get(pk=access.org.pk))["Contacts"].fields["Lead_Source"].choices
    ]
    assert ("名刺交換会" in offered) is (missing == "add")


def test_deals_find_or_make_their_account_and_contact(access: CrmAccess) -> None:
    contact = make_record(access.org, Last_Name="相沢", First_Name="美咲", Email="misaki@example.com")
    text = (
        "商談名,取引先名,連絡先名,ステージ,金額,完了予定日\r\n"
        "ロガー増設,月見坂食品,misaki@example.com,Qualification,120万円,令和8年11月25日\r\n"
        '点検,月見坂食品,森本　葵 様,Qualification,"￥1,200",2026/12/01\r\n'
        "不備,別会社,戸田 陸,Qualification,高い,\r\n"
    )
    source = import_text(access, text, "Deals", policy="create", columns={"連絡先名": {"drops_honorific": True}})
    assert outcome_counts(source) == (2, 0, 0, 1)
    assert source.named_count == 2  # a row that fails makes nothing for itself
    first, second = Record.objects.filter(module__api_name="Deals").order_by("pk")
    assert (first.values["Contact_Name"], first.values["Amount"]) == (contact.pk, "1200000")
    assert first.values["Closing_Date"] == "2026-11-25"
    assert Record.objects.get(pk=second.values["Contact_Name"]).values == {"Last_Name": "森本", "First_Name": "葵"}
    assert first.values["Account_Name"] == second.values["Account_Name"]


def test_five_thousand_accounts_then_contacts_find_each_other_at_a_tenth_of_the_size(access: CrmAccess) -> None:
    messy = ["月見坂食品{0}", "月見坂食品{0} ", "ツキミ坂{0}㈱", "Ｔｓｕｋｉ {0}"]
    accounts = [messy[number % 4].format(number) for number in range(500)]
    import_text(
        access,
        "会社名,TEL\r\n" + "".join(f"{name},25800{number:04}\r\n" for number, name in enumerate(accounts)),
        "Accounts",
    )
    assert Record.objects.filter(module__api_name="Accounts").count() == 500
    lines = [
        f"{normalize('NFKC', accounts[number % 500])},姓{number}　名{number} 様,{'P' if number % 2 else 'p'}{number}@Example.com,,"
        for number in range(2_000)
    ]
    lines[10] = lines[3].upper()
    source = import_text(
        access,
        "会社名,氏名,メール,,備考\r\n" + "\r\n".join(lines),
        columns={"会社名": {"missing": "refuse"}, "氏名": {"drops_honorific": True}},
    )
    assert outcome_counts(source) == (1_999, 0, 1, 0)
    assert not Record.objects.filter(module__api_name="Contacts", values__Account_Name=None).exists()
    assert not Record.objects.filter(name__endswith="様").exists()


def test_several_addresses_and_numbers_in_one_cell_or_several_columns(access: CrmAccess) -> None:
    text = (
        "姓,メール,その他のメール,メール3,電話2\r\n"
        '一,a@example.com,"b@example.com; c@example.com",d@example.com,"312345678\n自宅: 0258-00-1147"\r\n'
        "二,x@example.com,nobody,,\r\n"
    )
    source = import_text(access, text)
    assert [state for _number, state, _why in results_of(source)] == ["created", "failed"]
    record = Record.objects.get(name="一")
    assert [entry["value"] for entry in record.values["Other_Emails"]] == [
        "b@example.com", "c@example.com", "d@example.com",
    ]  # fmt: skip
    phones = [(entry["value"], entry["label"]) for entry in record.values["Other_Phones"]]
    assert phones == [("0312345678", ""), ("0258-00-1147", "自宅")]


def test_a_record_is_recognised_by_any_of_its_further_addresses(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Other_Emails="old@example.com")
    text = '姓,その他のメール,役職\r\n戸田,"new@example.com; OLD@example.com",部長\r\n'
    assert outcome_counts(import_text(access, text, match_fields=["Any_Email"])) == (0, 1, 0, 0)
    there.refresh_from_db()
    assert there.values["Title"] == "部長"


def test_a_lookup_is_found_by_the_number_of_its_record(access: CrmAccess) -> None:
    accounts = Module.objects.get(org=access.org, api_name="Accounts")
    create_field(
        accounts,
        draft=FieldDraft("顧客番号", options={"prefix": "K-", "digits": 5}),
        kind=FieldType.AUTONUMBER,
        section="main",
        actor=access.actor,
    )
    first, second = (make_record(access.org, "Accounts", Account_Name=name) for name in ("月見坂食品", "北星物流"))
    seen = find_access(access.person, access.org.pk)
    source = import_text(
        seen,
        "会社名,姓\r\nK-00002,一\r\nｋ-1,二\r\nK-00009,三\r\n2,四\r\n",
        columns={"会社名": {"missing": "refuse"}},
        policy="create",
    )
    assert [state for _number, state, _why in results_of(source)] == ["created", "created", "failed", "failed"]
    named = dict(Record.objects.filter(module__api_name="Contacts").values_list("name", "values__Account_Name"))
    assert named == {"一": second.pk, "二": first.pk}


def test_who_may_not_customise_adds_no_choice_to_a_list(access: CrmAccess) -> None:
    seller = make_member(access.org, permissions=["import_records", "create_records"])
    source = import_text(
        seller, "姓,データ元\r\n一,名刺交換会\r\n", columns={"データ元": {"missing": "add"}}, policy="create"
    )
    assert results_of(source)[0][1] == "failed"


def test_no_import_adds_a_stage(access: CrmAccess) -> None:
    text = "商談名,ステージ,完了予定日\r\nロガー増設,新しい段階,2026/12/01\r\n"
    source = import_text(access, text, "Deals", columns={"ステージ": {"missing": "add"}}, policy="create")
    assert results_of(source)[0][1] == "failed"


def test_choices_that_an_import_adds_stand_in_the_log_of_settings(access: CrmAccess) -> None:
    text = "姓,データ元\r\n一,名刺交換会\r\n二,抽選会\r\n三,名刺交換会\r\n"
    source = import_text(access, text, columns={"データ元": {"missing": "add"}}, policy="create")
    event = Event.objects.get(topic="crm.field.updated")
    assert event.data["changes"]["choices"][1].endswith("名刺交換会, 抽選会")
    assert event.origin == f"import:{source.pk}"


TAGGED = '姓,メール,タグ\r\n一,a@example.com,"重要; 展示会\n重要"\r\n戸田,toda@example.com,展示会\r\n森,mori@example.com,VIP\r\n'


def test_tags_come_with_the_rows_and_go_when_the_import_is_taken_back(access: CrmAccess) -> None:
    toda = make_record(access.org, Last_Name="戸田", Email="toda@example.com")
    mori = make_record(access.org, Last_Name="森", Email="mori@example.com")
    tag_record(mori, name="ｖｉｐ", actor=access.actor)
    source = import_text(access, TAGGED)
    assert outcome_counts(source) == (1, 1, 1, 0)  # who carries the tag already is left as they are
    first = Record.objects.get(name="一")
    assert names_of_tags(first, toda, mori) == [["展示会", "重要"], ["展示会"], ["ｖｉｐ"]]
    toda.refresh_from_db()
    assert toda.version == 1
    take_back(access, source)
    assert names_of_tags(toda, mori) == [[], ["ｖｉｐ"]]
    assert undo_counts(source) == {"binned": 1, "restored": 1}
    told = Event.objects.filter(subject_id=toda.pk, kind="crm.record").order_by("pk").values_list("topic", flat=True)
    assert [*told] == ["crm.record.created", "crm.record.tagged", "crm.record.untagged"]


def test_a_tag_that_is_too_long_fails_its_row(access: CrmAccess) -> None:
    source = import_text(access, f"姓,タグ\r\n一,{'長' * 61}\r\n", policy="create")
    assert results_of(source)[0][1] == "failed"


def names_of_tags(*records: Record) -> list[list[str]]:
    found = tags_of(record.pk for record in records)
    return [sorted(tag.name for tag in found.get(record.pk, [])) for record in records]
