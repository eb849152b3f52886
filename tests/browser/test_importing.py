"""Bringing a spreadsheet in, with what a new org does not have yet: a field of its own, tags, further addresses."""

import pytest
from playwright.sync_api import Page, expect

from kakehashi.crm.modules.models import Field
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.queries import tags_of
from tests.browser.conftest import DESKTOP, PHONE, Meet, assert_accessible
from tests.makers.crm import make_administrator, make_org
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

RANKS = ("ゴールド", "シルバー")
HEADING = "氏名\tメールアドレス\tその他のメール\tタグ\t会員種別"


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def pasted() -> str:
    """Nine people, as cells copied from a spreadsheet are: separated by tabs."""
    rows = [
        f"相沢 美咲{number}\tp{number}@example.com\tq{number}@example.com; r{number}@example.com\t展示会;重要\t{RANKS[number % 2]}"
        for number in range(9)
    ]
    return "\n".join([HEADING, *rows])


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_column_becomes_a_field_on_the_way(meet: Meet, access: CrmAccess, size: tuple[int, int], theme: str) -> None:
    page = meet(access.person, size=size, color_scheme=theme).open(f"/crm/{access.org.pk}/Contacts/import")
    page.set_default_timeout(10_000)
    page.get_by_text("表計算ソフトから貼り付ける").click()
    page.locator("#pasted").fill(pasted())
    page.get_by_role("button", name="次へ").click()
    page.wait_for_url("**/mapping")
    expect(page.get_by_label("列「タグ」に対応する項目")).to_have_value("Tag")
    make_the_field(page)
    assert_accessible(page)
    page.get_by_role("button", name="インポート前に確認").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_jobs()
    page.get_by_role("button", name="インポートを開始").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="完了")).to_be_visible()
    field = Field.objects.get(module__org=access.org, is_custom=True)
    record = Record.objects.get(values__Email="p3@example.com")
    assert record.values[field.api_name] == "シルバー"
    assert [entry["value"] for entry in record.values["Other_Emails"]] == ["q3@example.com", "r3@example.com"]
    assert {tag.name for tag in tags_of([record.pk])[record.pk]} == {"展示会", "重要"}
    page.wait_for_load_state()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_role("dialog")).to_contain_text("項目「会員種別」は残ります")


def make_the_field(page: Page) -> None:
    """In a dialog, by keyboard; what it is called and what it holds is filled in already."""
    page.get_by_role("button", name="（列「会員種別」から）").press("Enter")
    dialog = page.get_by_role("dialog", name="列から項目を作成")
    expect(dialog.get_by_label("表示名")).to_have_value("会員種別")
    expect(dialog.get_by_label("種類")).to_have_value("picklist")
    assert_accessible(page, "dialog")
    dialog.get_by_label("表示名").fill("")
    dialog.get_by_role("button", name="新規作成").click()
    expect(dialog.get_by_text("このフィールドは必須です")).to_be_visible()
    dialog.get_by_label("表示名").fill("会員種別")
    dialog.get_by_label("表示名").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("列「会員種別」に対応する項目").locator("option:checked")).to_have_text("会員種別")
