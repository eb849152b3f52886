"""Files for other modules than contacts and accounts: leads, products, and one of the org's own."""

import pytest

from kakehashi.core.fields.types import FieldType
from kakehashi.crm.customise.fields import FieldDraft, create_field
from kakehashi.crm.customise.modules import create_module
from kakehashi.crm.imports.undoing import undo_counts
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_org, make_record
from tests.makers.imports import import_text, outcome_counts, results_of, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_leads_keep_their_company_as_text_and_their_source_by_its_label(access: CrmAccess) -> None:
    source = import_text(
        access,
        "会社名,氏名,メールアドレス,データ元,従業員数\r\n"
        "月見坂食品,相沢 美咲,misaki@example.com,展示会,120\r\n"
        "北星物流,森本 葵,aoi@example.com,,多数\r\n"
        "月見坂食品,相沢 美咲,MISAKI@example.com,,\r\n",
        "Leads",
    )
    assert [state for _number, state, _why in results_of(source)] == ["created", "failed", "skipped"]
    lead = Record.objects.get(name="相沢 美咲")
    assert lead.values["Company"] == "月見坂食品"
    assert lead.values["Lead_Source"] == "Trade Show"
    assert lead.values["No_of_Employees"] == 120
    assert source.named_count == 0
    assert not Record.objects.filter(module__api_name="Accounts").exists()


def test_products_are_recognised_by_their_code(access: CrmAccess) -> None:
    text = '商品名,商品コード,単価\r\nデータロガー,L-100,48600\r\n温度センサー,S-20,"￥3,200"\r\n'
    assert outcome_counts(import_text(access, text, "Products", match_fields=["Product_Code"])) == (2, 0, 0, 0)
    again = text.replace("48600", "52000").replace("温度センサー", "温度センサー（新）")
    source = import_text(access, again, "Products", match_fields=["Product_Code"])
    assert outcome_counts(source) == (0, 2, 0, 0)
    prices = dict(Record.objects.values_list("values__Product_Code", "values__Unit_Price"))
    assert prices == {"L-100": "52000", "S-20": "3200"}
    take_back(access, source)
    assert dict(Record.objects.values_list("values__Product_Code", "name"))["S-20"] == "温度センサー"


def test_a_module_of_ones_own_is_filled_and_finds_its_accounts(access: CrmAccess) -> None:
    module = create_module(access.org, singular="現場", plural="Sites 現場", api_name="Sites", actor=access.actor)
    for label, kind, options, name in (
        ("現場のメール", FieldType.EMAIL, {}, "Site_Email"),
        ("ランク", FieldType.PICKLIST, {"choices": [{"value": "A"}, {"value": "B"}]}, "Rank"),
        ("取引先", FieldType.LOOKUP, {"lookup": "Accounts"}, "Account"),
        ("開始日", FieldType.DATE, {}, "Begin"),
    ):
        draft = FieldDraft(label, options=options, is_unique=kind == FieldType.EMAIL)
        create_field(module, draft=draft, kind=kind, section="main", api_name=name, actor=access.actor)
    seen = find_access(access.person, access.org.pk)
    there = make_record(access.org, "Accounts", Account_Name="月見坂食品株式会社")
    source = import_text(
        seen,
        "現場名,現場のメール,ランク,取引先,開始日\r\n"
        "長岡第1,n1@example.com,A,月見坂食品　株式会社,R8.4.1\r\n"
        "長岡第2,n2@example.com,C,新しい会社,2026/13/40\r\n"
        "長岡第3,N1@example.com,B,新しい会社,\r\n"
        "長岡第4,n4@example.com,Ｂ,新しい会社,2026年5月7日\r\n",
        "Sites",
    )
    assert [state for _number, state, _why in results_of(source)] == ["created", "failed", "skipped", "created"]
    first, fourth = Record.objects.filter(module__api_name="Sites").order_by("pk")
    assert (first.values["Account"], first.values["Begin"]) == (there.pk, "2026-04-01")
    assert (fourth.values["Rank"], fourth.values["Begin"]) == ("B", "2026-05-07")
    assert source.named_count == 1
    take_back(seen, source)
    assert undo_counts(source) == {"binned": 3}
    assert [*Record.objects.filter(deleted_at=None).values_list("name", flat=True)] == ["月見坂食品株式会社"]
