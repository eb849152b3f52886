"""Tags, notes, files and quick create as a person uses them."""

import pytest
from playwright.sync_api import Page, Route, expect

from kakehashi.crm.notes.models import NoteMention
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.queries import tags_of
from tests.browser.conftest import DESKTOP, PHONE, Meet, assert_accessible, hold
from tests.makers.belongings import make_file, make_note, make_tag
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.fixture
def record(access: CrmAccess) -> Record:
    return make_record(
        access.org, Last_Name="相沢", First_Name="美咲", Other_Emails="qa@tsukimizaka.example (品質管理)"
    )


def address(record: Record) -> str:
    return f"/crm/{record.org_id}/Contacts/{record.pk}/"


def test_a_tag_a_note_and_files_are_put_with_a_record(meet: Meet, access: CrmAccess, record: Record) -> None:
    make_member(access.org, family_name="戸田", given_name="陸")
    page = meet(access.person).open(address(record))
    page.get_by_role("button", name="タグを追加").click()
    page.get_by_placeholder("入力して検索・作成").fill("展示会")
    page.keyboard.press("Enter")
    expect(page.locator("#record-tags .k-tag")).to_have_text("展示会")
    write_note(page)
    expect(page.locator(".k-mention")).to_have_text("@戸田 陸")
    files = [("見積書.txt", b"1"), ("virus.exe", b"2")]
    page.locator("#files-card input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )
    expect(page.locator("#files-card")).to_contain_text("見積書.txt")
    expect(page.locator("#files-card [role=alert]")).to_contain_text("virus.exe")
    page.locator("#notes-card").get_by_role("button", name="メモを削除").click()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator(".k-mention")).to_be_visible()
    assert [tag.name for tag in tags_of([record.pk])[record.pk]] == ["展示会"]
    assert NoteMention.objects.count() == 1


def test_an_answer_that_comes_late_does_not_take_the_cursor_away(meet: Meet, access: CrmAccess, record: Record) -> None:
    page = meet(access.person).open(address(record))
    held: list[Route] = []
    page.route("**/tags/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="タグを追加").click()
    page.get_by_placeholder("入力して検索・作成").fill("展示会")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="メモを追加").click()
    page.locator("trix-editor").click()
    page.keyboard.type("確認")
    page.evaluate(
        "() => { window.settled = new Promise((done) => document.addEventListener("
        "'htmx:afterSettle', ({ target }) => target.id === 'record-tags' && done())); }"
    )
    held[0].continue_()
    page.evaluate("window.settled.then(() => null)")
    expect(page.locator("#record-tags .k-tag")).to_have_text("展示会")
    expect(page.locator("trix-editor")).to_be_focused()


def test_what_is_typed_before_the_editor_has_come_stands_in_it(meet: Meet, access: CrmAccess, record: Record) -> None:
    page = meet(access.person).open(address(record))
    held = hold(page, "**/vendor/trix*")
    with page.expect_request("**/vendor/trix*"):
        page.get_by_role("button", name="メモを追加").click()
    page.locator("trix-editor").click()
    page.keyboard.type("今週", delay=60)
    held[0].continue_()
    expect(page.locator("trix-editor[connected]")).to_have_text("今週")
    page.keyboard.type("中に", delay=60)
    expect(page.locator("trix-editor")).to_have_text("今週中に")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes-card")).to_contain_text("今週中に")


def write_note(page: Page) -> None:
    page.get_by_role("button", name="メモを追加").click()
    page.locator("trix-editor").click()
    page.keyboard.type("@戸", delay=60)  # nobody types two letters in one frame, and Trix may lose one of them then
    expect(page.locator("trix-editor")).to_have_text("@戸")
    expect(page.locator("#k-offer button")).to_have_text(["戸田 陸"])
    page.keyboard.press("Enter")
    page.keyboard.type("さん、確認をお願いします")
    page.keyboard.press("Control+Enter")


def test_an_account_is_made_from_a_lookup_without_leaving_the_form(meet: Meet, access: CrmAccess) -> None:
    page = meet(access.person).open(f"/crm/{access.org.pk}/Contacts/new")
    page.locator("#id_Last_Name").fill("相沢")
    page.locator("#id_Account_Name-ts-control").click()
    page.keyboard.type("新規商事")
    page.locator(".ts-dropdown .create").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("取引先名")).to_have_value("新規商事")
    dialog.get_by_role("button", name="新規作成").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".k-record-head")).to_contain_text("新規商事")


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_belongings_are_readable_by_everyone(
    meet: Meet, access: CrmAccess, record: Record, size: tuple[int, int], theme: str
) -> None:
    make_note(record, title="電話", actor=access.actor), make_file(record), make_tag(record)
    visitor = meet(access.person, size=size, color_scheme=theme)
    for path in (address(record), f"{address(record)}edit", f"/crm/{access.org.pk}/settings/tags/Contacts/"):
        page = visitor.open(path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        page.close()
