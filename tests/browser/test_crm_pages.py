"""The CRM in a real browser: reachable by keyboard, readable by everyone, and no typed letter is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kakehashi.core.actors import Actor
from kakehashi.crm.imports.jobs import run_import, undo_import
from kakehashi.crm.imports.models import Import
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.browser.conftest import DESKTOP, PHONE, Meet, Visitor, assert_accessible
from tests.makers.crm import make_administrator, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.fixture
def contact(access: CrmAccess) -> Record:
    account = make_record(access.org, "Accounts", Account_Name="月見坂食品株式会社")
    make_record(access.org, "Deals", Deal_Name="ロガー増設", Account_Name=account.pk, Amount=4_860_000)
    return make_record(
        access.org,
        actor=access.actor,
        Last_Name="相沢",
        First_Name="美咲",
        Title="主任",
        Email="misaki@tsukimizaka.example",
        Phone="0258-00-1147",
        Account_Name=account.pk,
    )


@pytest.fixture
def visitor(meet: Meet, access: CrmAccess) -> Visitor:
    return meet(access.person)


def open_contact(visitor: Visitor, contact: Record) -> Page:
    return visitor.open(f"/crm/{contact.org_id}/Contacts/{contact.pk}/")


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_every_page_is_readable_by_everyone(
    meet: Meet, access: CrmAccess, contact: Record, size: tuple[int, int], theme: str
) -> None:
    visitor = meet(access.person, size=size, color_scheme=theme)
    base = f"/crm/{access.org.pk}"
    pages = [
        f"{base}/Contacts/",
        f"{base}/Deals/?q=nothing",
        f"{base}/Products/",
        f"{base}/Contacts/{contact.pk}/",
        f"{base}/Accounts/{contact.values['Account_Name']}/",
        f"{base}/Contacts/{contact.pk}/edit",
        f"{base}/Contacts/import",
        f"{base}/search?q=月見坂",
        f"{base}/settings/organisation",
        f"{base}/settings/people",
        f"{base}/imports/",
    ]
    for address in pages:
        page = visitor.open(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
        page.close()


def test_a_field_is_edited_in_place_by_keyboard(visitor: Visitor, contact: Record) -> None:
    page = open_contact(visitor, contact)
    pencil = page.get_by_role("button", name="電話番号を編集")
    pencil.focus()
    page.keyboard.press("Enter")
    box = page.get_by_label("電話番号", exact=True)
    expect(box).to_be_focused()
    box.fill("0258-00-9999")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="0258-00-9999")).to_be_visible()
    expect(page.get_by_role("button", name="電話番号を編集")).to_be_focused()
    expect(page.locator("#timeline")).to_contain_text("0258-00-9999")


def test_escape_puts_the_value_back(visitor: Visitor, contact: Record) -> None:
    page = open_contact(visitor, contact)
    page.get_by_role("button", name="職位を編集").click()
    expect(page.get_by_label("職位", exact=True)).to_be_focused()
    page.get_by_label("職位", exact=True).fill("部長")
    page.keyboard.press("Escape")
    expect(page.locator("#overview")).to_contain_text("主任")


def test_a_wrong_value_stays_in_its_box_with_the_reason(visitor: Visitor, contact: Record) -> None:
    page = open_contact(visitor, contact)
    page.get_by_role("button", name="メールを編集", exact=True).click()
    page.get_by_label("メール", exact=True).fill("misaki@")
    page.keyboard.press("Enter")
    expect(page.locator(".is-editing .k-error")).to_contain_text("メールアドレスの形式ではありません")
    expect(page.get_by_label("メール", exact=True)).to_have_value("misaki@")


def test_a_conflict_in_one_field_offers_both_values(visitor: Visitor, contact: Record) -> None:
    page = open_contact(visitor, contact)
    page.get_by_role("button", name="職位を編集").click()
    page.get_by_label("職位", exact=True).fill("部長")
    update_record(contact, values={"Title": "課長"}, actor=Actor(None, "戸田 陸"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("戸田 陸さんが「課長」に変更しました")
    expect(page.get_by_label("職位", exact=True)).to_have_value("部長")
    page.get_by_role("button", name="自分の値で保存").click()
    expect(page.locator("#overview")).to_contain_text("部長")


def test_a_new_contact_is_made_with_an_account_found_by_typing(
    visitor: Visitor, access: CrmAccess, contact: Record
) -> None:
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/new")
    expect(page.locator("#id_Last_Name")).to_be_focused()
    page.locator("#id_Last_Name").fill("相沢")
    page.get_by_label("名", exact=True).fill("美咲")
    expect(page.locator("#duplicates")).to_contain_text("すでに登録されているかもしれません")
    page.get_by_label("名", exact=True).fill("弘樹")
    page.get_by_role("combobox", name="取引先名").click()
    page.keyboard.type("月見")
    page.get_by_role("option", name="月見坂食品株式会社").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="相沢 弘樹")).to_be_visible()
    expect(page.locator("#record-head")).to_contain_text("月見坂食品株式会社")


def test_what_was_typed_is_not_left_without_a_question(visitor: Visitor, access: CrmAccess) -> None:
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/new")
    page.locator("#id_Last_Name").fill("相沢")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="キャンセル").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.locator("#id_Last_Name").input_value() == "相沢"


def test_chosen_rows_are_deleted_and_come_back_with_undo(visitor: Visitor, access: CrmAccess, contact: Record) -> None:
    make_record(access.org, Last_Name="戸田")
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/")
    page.get_by_role("checkbox", name="相沢 美咲を選択").check()
    page.get_by_role("button", name="削除").click()
    expect(page.get_by_role("link", name="相沢 美咲")).to_have_count(0)
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_role("link", name="相沢 美咲")).to_be_visible()


def test_the_search_box_suggests_while_typing(visitor: Visitor, access: CrmAccess, contact: Record) -> None:
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("相沢")
    expect(page.locator("#k-suggestions")).to_contain_text("相沢 美咲")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="相沢 美咲")).to_be_visible()


def test_a_list_is_filtered_while_typing_and_the_address_can_be_shared(
    visitor: Visitor, access: CrmAccess, contact: Record
) -> None:
    make_record(access.org, Last_Name="戸田")
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/")
    page.get_by_label("この一覧から検索").fill("相沢")
    expect(page.get_by_role("link", name="戸田")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="相沢 美咲")).to_be_visible()
    expect(page.get_by_role("link", name="戸田")).to_have_count(0)


def test_a_spreadsheet_goes_in_from_the_file_to_the_result(visitor: Visitor, access: CrmAccess, tmp_path: Path) -> None:
    file = tmp_path / "名簿.csv"
    file.write_bytes(
        "会社名,氏名,メールアドレス\r\n月見坂食品,相沢 美咲,misaki@example.com\r\n,森本 葵,x\r\n".encode("cp932")
    )
    page = visitor.open(f"/crm/{access.org.pk}/Contacts/import")
    page.get_by_label("CSVまたはテキストファイル").set_input_files(file)
    page.get_by_role("button", name="次へ").click()
    page.wait_for_url("**/mapping")
    expect(page.get_by_text("行 · Shift_JIS")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("列「氏名」に対応する項目").select_option(label="（インポートしない）")
    expect(page.get_by_text("列がまだ割り当てられていません")).to_be_visible()
    page.get_by_label("項目「姓」の列").select_option(label="氏名")
    expect(page.get_by_label("列「氏名」に対応する項目")).to_have_value("Last_Name")
    page.get_by_label("列「氏名」に対応する項目").select_option(label="氏名（姓と名）")
    expect(page.get_by_label("末尾の「様」「御中」などを外す").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="インポート前に確認").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    source = Import.objects.get()
    run_import(import_id=source.pk)
    expect(page.get_by_role("heading", name="インポートするとこうなります")).to_be_visible(timeout=8_000)
    assert not Record.objects.exists()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="インポートを開始").click()
    run_import(import_id=source.pk)
    expect(page.get_by_role("heading", name="完了")).to_be_visible(timeout=8_000)
    page.get_by_role("link", name="失敗 1").click()
    expect(page.locator("#import-rows tbody tr")).to_have_count(1)
    expect(page.locator("#import-rows")).to_contain_text("メールアドレスの形式ではありません")
    assert_accessible(page)
    page.get_by_role("button", name="取り消す").click()
    page.get_by_role("dialog").get_by_role("button", name="取り消す").click()
    undo_import(import_id=source.pk)
    expect(page.get_by_role("heading", name="取り消し済み")).to_be_visible(timeout=8_000)
    page.wait_for_load_state()
    assert not Record.objects.filter(deleted_at=None).exists()
    assert_accessible(page)
