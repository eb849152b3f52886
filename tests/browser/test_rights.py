"""What an administrator sets in the settings is what a colleague then sees, and a colleague who leaves hands over their records."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from tests.browser.conftest import Meet
from tests.makers.crm import make_administrator, make_member, make_org, make_profile, make_record
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = ["see_all_records", "create_records", "edit_records", "delete_records", "export_records"]
REVENUE, SHOWN = "98765000", "98,765,000"


@pytest.fixture
def admin() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.fixture
def seller(admin: CrmAccess) -> CrmAccess:
    make_profile(admin.org, permissions=EVERYTHING, name="営業")
    return make_member(admin.org, profile="営業", family_name="戸田", given_name="陸")


@pytest.fixture
def account(seller: CrmAccess) -> Record:
    return make_record(seller.org, "Accounts", owner=seller.person, Account_Name="月見坂食品", Annual_Revenue=REVENUE)


def test_what_a_profile_hides_is_nowhere_for_who_holds_it(
    meet: Meet, admin: CrmAccess, seller: CrmAccess, account: Record, tmp_path: Path
) -> None:
    base = f"/crm/{admin.org.pk}"
    own = make_record(admin.org, "Deals", owner=seller.person, Deal_Name="ロガー増設")
    foreign = make_record(admin.org, "Deals", owner=admin.person, Deal_Name="全社の更新")
    page = meet(seller.person).open(f"{base}/Accounts/{account.pk}/")
    expect(page.get_by_text(SHOWN).first).to_be_visible()
    restrict(meet(admin.person).open(f"{base}/settings/profiles"), admin)

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("月見坂食品")
    assert_silent(page)
    page.goto(page.url + "edit")
    expect(page.get_by_label("取引先名").first).to_have_value("月見坂食品")
    assert_silent(page)
    page.goto(page.url.replace(f"{account.pk}/edit", "?q=月見坂"))
    expect(page.get_by_role("link", name="月見坂食品")).to_be_visible()
    assert_silent(page)
    page.get_by_role("button", name="列", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_silent(page)
    page.keyboard.press("Escape")
    assert REVENUE not in exported(page, tmp_path)
    page.goto(page.url[: page.url.index("/Accounts/")] + f"/search?q={REVENUE}")
    expect(page.get_by_text("月見坂食品")).to_have_count(0)

    page.goto(page.url[: page.url.index("/search")] + "/Deals/?layout=table")
    expect(page.get_by_role("link", name=own.name)).to_be_visible()
    expect(page.get_by_text(foreign.name)).to_have_count(0)
    assert [page.request.get(page.url[: page.url.index("/Deals/")] + f"/Deals/{pk}/").status for pk in (own.pk, foreign.pk)] == [
        200, 404,
    ]  # fmt: skip


def restrict(page: Page, admin: CrmAccess) -> None:
    """Own deals only, and no revenue of accounts."""
    page.get_by_role("link", name="営業").click()
    page.get_by_label("商談: 閲覧").select_option(label="自分のみ")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    page.get_by_role("row", name="取引先").get_by_role("link", name="項目の権限").click()
    page.get_by_label("年間売上").select_option(label="非表示")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    field = schema_of(type(admin.org).objects.get(pk=admin.org.pk))["Accounts"].fields["Annual_Revenue"]
    assert admin.org.profiles.get(name="営業").field_rights == {str(field.id): "hidden"}


def assert_silent(page: Page) -> None:
    """Neither the field nor its value, wherever on the page."""
    content = page.content()
    assert "年間売上" not in content
    assert SHOWN not in content
    assert REVENUE not in content


def exported(page: Page, folder: Path) -> str:
    page.get_by_role("button", name="エクスポート").or_(page.get_by_role("link", name="エクスポート")).first.click()
    page.get_by_role("dialog").get_by_label("閲覧できるすべての項目").check()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="ダウンロード").click()
    download.value.save_as(folder / "accounts.csv")
    content = (folder / "accounts.csv").read_text()
    assert "月見坂食品" in content
    assert "年間売上" not in content
    return content


def test_who_leaves_hands_over_and_is_out_at_once(
    meet: Meet, admin: CrmAccess, seller: CrmAccess, account: Record
) -> None:
    base = f"/crm/{admin.org.pk}"
    theirs = meet(seller.person).open(f"{base}/Accounts/{account.pk}/")
    page = meet(admin.person).open(f"{base}/settings/people/{seller.membership.pk}/")
    page.get_by_role("button", name="無効化").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("引き継ぎ先").select_option(str(admin.membership.pk))
    with page.expect_navigation():
        dialog.get_by_role("button", name="無効化").click()
    expect(page.get_by_role("status").first).to_be_visible()
    run_jobs()
    expect(page.get_by_text("1件を引き継ぎました")).to_be_visible(timeout=8_000)
    account.refresh_from_db()
    assert account.owner_id == admin.person.pk
    assert theirs.request.get(theirs.url).status == 404
    page.goto(page.url[: page.url.index("/settings/")] + f"/Accounts/{account.pk}/")
    expect(page.locator("#main").get_by_text("高瀬 悠").first).to_be_visible()


def test_a_profile_and_a_role_go_after_a_question(meet: Meet, admin: CrmAccess, seller: CrmAccess) -> None:
    base = f"/crm/{admin.org.pk}/settings"
    profile, role = admin.org.profiles.get(name="営業"), seller.membership.role
    assert role is not None
    page = meet(admin.person).open(f"{base}/profiles/{profile.pk}")
    delete(page)
    assert not admin.org.profiles.filter(pk=profile.pk).exists()
    page.goto(page.url[: page.url.index("/settings")] + f"/settings/roles/{role.pk}")
    delete(page)
    assert not admin.org.roles.filter(pk=role.pk).exists()
    seller.membership.refresh_from_db()
    assert seller.membership.is_active


def delete(page: Page) -> None:
    """The button asks who gets the holders; the first of those offered does."""
    page.locator("#main").get_by_role("button", name="削除").first.click()
    dialog = page.get_by_role("dialog")
    if (replacement := dialog.get_by_role("combobox")).count():
        replacement.first.select_option(index=1 if not replacement.first.input_value() else 0)
    with page.expect_navigation():
        dialog.get_by_role("button", name="削除").click()
