"""Lists as a sales manager works with them, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from kakehashi.crm.mass_actions.models import MassAction
from kakehashi.crm.mass_actions.running import work_off
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.queries import live_marks
from tests.browser.conftest import DESKTOP, PHONE, Meet, Visitor, assert_accessible
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.fixture
def visitor(meet: Meet, access: CrmAccess) -> Visitor:
    return meet(access.person)


def make_deals(access: CrmAccess, count: int) -> None:
    for number in range(count):
        make_record(
            access.org, "Deals", Deal_Name=f"商談{number:02}", Amount=str(1_000_000 + number), Stage="Qualification"
        )
    make_record(access.org, "Deals", Deal_Name="小さな商談", Amount="5000")


def test_a_filter_is_built_saved_shared_and_all_it_finds_is_changed_taken_back_and_exported(
    visitor: Visitor, meet: Meet, access: CrmAccess, tmp_path: Path
) -> None:
    make_deals(access, 53)
    page = visitor.open(f"/crm/{access.org.pk}/Deals/?layout=table")

    page.get_by_role("button", name="絞り込み").click()
    dialog = page.get_by_role("dialog", name="絞り込み")
    dialog.get_by_label("項目").select_option("Amount")
    dialog.get_by_label("比較方法").select_option("ge")
    dialog.get_by_label("値", exact=True).fill("たくさん")
    dialog.get_by_role("button", name="適用").click()
    expect(dialog.get_by_role("alert")).to_contain_text("たくさん")
    dialog.get_by_label("値", exact=True).fill("1,000,000")
    dialog.get_by_role("button", name="適用").click()
    page.wait_for_url("**filter=*")
    expect(page.get_by_text("53件", exact=True)).to_be_visible()
    expect(page.locator("#rows")).not_to_contain_text("小さな商談")

    page.locator(".k-changed").get_by_role("button", name="名前を付けて保存").click()
    page.get_by_label("ビュー名").fill("大型商談")
    page.get_by_label("全員").check()
    page.get_by_role("dialog").get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/?view=*")
    expect(page.get_by_role("button", name="大型商談")).to_be_visible()
    expect(page.locator(".k-changed")).to_have_count(0)
    colleague = meet(make_member(access.org).person).open(page.url.removeprefix(visitor.base))
    expect(colleague.get_by_role("button", name="大型商談")).to_be_visible()

    page.get_by_label("このページのすべてを選択").check()
    page.get_by_role("button", name="このビューの53件をすべて選択").click()
    page.get_by_role("button", name="項目の更新").click()
    page.locator("#mass-field").select_option("Next_Step")
    page.locator("#mass-value").get_by_label("次のステップ").fill("見積もりを送る")
    page.get_by_role("button", name="53件を更新").click()
    expect(page.get_by_role("status").filter(has_text="53件のデータを更新しました")).to_be_visible()
    assert Record.objects.filter(values__Next_Step="見積もりを送る").count() == 53
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("元に戻しました")).to_be_visible()
    for action in MassAction.objects.filter(state="running"):
        work_off(action.pk)
    assert not Record.objects.filter(values__Next_Step="見積もりを送る").exists()

    page.get_by_role("button", name="エクスポート", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="ダウンロード").click()
    waiting.value.save_as(tmp_path / "deals.csv")
    assert len((tmp_path / "deals.csv").read_text("utf-8-sig").splitlines()) == 54


def test_cells_are_walked_and_edited_by_keyboard(visitor: Visitor, access: CrmAccess) -> None:
    make_record(access.org, Last_Name="相沢", Title="主任", Phone="0258-00-1147")
    make_record(access.org, Last_Name="戸田", Title="部長")
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/?sort=name")
    title = page.get_by_role("row", name="相沢").locator('[data-cell="Title"]')
    title.click()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("row", name="相沢").locator('[data-cell="Phone"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("F2")
    box = page.locator("td.is-editing input:not([type=hidden])")
    expect(box).to_be_focused()
    box.fill("課長")
    page.keyboard.press("Escape")
    expect(title).to_have_text("主任")
    expect(title).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    box.fill("課長")
    page.keyboard.press("Enter")
    expect(title).to_have_text("課長")
    expect(title).to_be_focused()


def test_columns_are_put_in_order_and_the_menu_of_views_is_searched(visitor: Visitor, access: CrmAccess) -> None:
    make_deals(access, 1)
    page = visitor.open(f"/crm/{access.org.pk}/Deals/?layout=table")
    page.get_by_role("button", name="列", exact=True).click()
    page.get_by_role("button", name="金額を上へ").click()
    page.get_by_role("dialog").get_by_label("取引先名", exact=True).uncheck()
    page.get_by_role("button", name="この列で表示").click()
    page.wait_for_url("**columns=*")
    expect(page.locator("thead th").nth(2)).to_contain_text("金額")
    page.locator("[popovertarget=view-menu]").click()
    page.get_by_label("ビューを検索").fill("失注")
    expect(page.locator("#view-menu a:visible")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("このビューの条件に一致するデータはありません。")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_dialogs_of_a_list_are_readable_by_everyone(
    meet: Meet, access: CrmAccess, size: tuple[int, int], theme: str
) -> None:
    make_deals(access, 2)
    visitor = meet(access.person, size=size, color_scheme=theme)
    page = visitor.open(f"/crm/{access.org.pk}/Deals/?layout=table&view=open&sort=-Amount")
    assert_accessible(page)
    for opener in ["絞り込み", "列", "エクスポート"]:
        if size == PHONE and opener != "絞り込み":
            page.get_by_role("button", name="並べ替え・担当者・その他").click()
        page.locator("#list-filters").get_by_role("button", name=opener).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_accessible(page, "dialog[open]")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("商談00を選択").check()
    page.get_by_role("button", name="項目の更新").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page, "dialog[open]")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_tags_are_put_on_chosen_rows_asked_for_and_come_back_after_a_deletion(
    visitor: Visitor, access: CrmAccess
) -> None:
    for name in ("相沢", "石井", "上田"):
        make_record(access.org, Last_Name=name)
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/")
    page.get_by_role("checkbox", name="相沢を選択").check()
    page.get_by_role("checkbox", name="石井を選択").check()
    page.get_by_role("button", name="タグを追加").click()
    dialog = page.get_by_role("dialog", name="タグを追加")
    expect(dialog).to_be_visible()
    assert_accessible(page, "#mass-dialog")
    dialog.get_by_role("combobox").fill("展示会2026")
    page.get_by_text("「展示会2026」").click()
    dialog.get_by_role("button", name="2件を更新").click()
    expect(page.get_by_role("status").filter(has_text="2件のデータを更新しました")).to_be_visible()

    page.get_by_role("button", name="絞り込み").click()
    dialog = page.get_by_role("dialog", name="絞り込み")
    dialog.get_by_label("項目").select_option("Tag")
    dialog.get_by_label("比較方法").select_option(label="タグがない")
    dialog.get_by_role("button", name="適用").click()
    page.wait_for_url("**filter=*")
    expect(page.get_by_text("1件", exact=True)).to_be_visible()
    expect(page.locator("#rows")).to_contain_text("上田")

    page.goto(f"{visitor.base}/crm/{access.org.pk}/Contacts/?columns=Tag,Email")
    expect(page.locator("#rows .k-tag")).to_have_count(2)
    assert_accessible(page)
    page.goto(f"{visitor.base}/crm/{access.org.pk}/settings/tags/Contacts/")
    page.get_by_role("button", name="展示会2026を削除").click()
    page.get_by_role("dialog").get_by_role("button", name="削除").click()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("タグ「展示会2026」を元に戻しました。")).to_be_visible()
    assert live_marks().count() == 2


def test_a_phone_has_every_action_for_chosen_rows_in_a_menu(meet: Meet, access: CrmAccess) -> None:
    make_record(access.org, Last_Name="相沢")
    page = meet(access.person, size=PHONE).open(f"/crm/{access.org.pk}/Contacts/")
    page.get_by_role("checkbox", name="相沢を選択").check()
    bar = page.locator("[data-bulk-bar]")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 70, "one row"
    page.get_by_role("button", name="選択したデータに対するその他の操作").click()
    menu = bar.locator(".k-menu")
    for name in ("担当者の変更", "タグを追加", "タグを外す", "エクスポート"):
        expect(menu.get_by_role("button", name=name)).to_be_visible()
    menu.get_by_role("button", name="タグを追加").click()
    expect(page.get_by_role("dialog", name="タグを追加")).to_be_visible()
