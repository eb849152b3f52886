"""A new sales manager begins with nothing but spreadsheets and has, at the end of the morning, a CRM that a team works in."""

import re

import pytest
from playwright.sync_api import Page, expect

from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.models import Record
from tests.browser.conftest import Meet, assert_accessible
from tests.makers.crm import PASSWORD
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS, PEOPLE_EACH = 50, 4
FAMILIES, GIVENS = ("相沢", "早川", "佐久間", "西尾"), ("美咲", "伸吾", "玲", "朔", "千尋")


def account_name(number: int) -> str:
    return f"月見坂食品 第{number:02}工場"


def accounts_file() -> bytes:
    rows = [f"{account_name(number)},0258-00-{1000 + number},食品・飲料" for number in range(ACCOUNTS)]
    return "\r\n".join(["取引先名,電話番号,業種", *rows, ""]).encode("cp932")


def contacts_file() -> bytes:
    rows = []
    for number in range(ACCOUNTS * PEOPLE_EACH):
        family, given = FAMILIES[number % PEOPLE_EACH], GIVENS[number // PEOPLE_EACH % len(GIVENS)]
        mail = f"person{number}@tsukimizaka.example"
        rows.append(f"{account_name(number // PEOPLE_EACH)},{family} {given},{mail}")
    return "\r\n".join(["会社名,氏名,メールアドレス", *rows, ""]).encode("cp932")


def test_a_new_sales_manager_has_a_crm_by_noon(meet: Meet) -> None:
    page = meet().open("/start")
    page.set_default_timeout(5_000)
    begin(page)
    base = page.url[: re.match(r".*/crm/\d+", page.url).end()]  # type: ignore[union-attr]
    make_sites(page, base)
    bring_in(page, f"{base}/Accounts/import", "取引先.csv", accounts_file())
    bring_in(page, f"{base}/Contacts/import", "名簿.csv", contacts_file())
    assert Record.objects.filter(module__api_name="Accounts", deleted_at=None).count() == ACCOUNTS
    people = Record.objects.filter(module__api_name="Contacts")
    assert people.filter(values__has_key="Account_Name").count() == ACCOUNTS * PEOPLE_EACH
    invite_colleagues(page, base)
    merge_two(page, base)
    find_by_two_kanji(page, base)
    delete_and_bring_back(page, base)


def begin(page: Page) -> None:
    page.locator("#id_family_name").fill("高瀬")
    page.locator("#id_given_name").fill("悠")
    page.get_by_label("メールアドレス").fill("yu.takase@minamo.example")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_label("組織名").fill("みなも計測株式会社")
    assert_accessible(page)
    page.get_by_role("button", name="開始").click()
    page.wait_for_url("**/crm/*/**")


def make_sites(page: Page, base: str) -> None:
    """A tab of the team's own, with an e-mail address and a rank."""
    page.goto(f"{base}/settings/modules/")
    page.get_by_role("link", name="新しいタブ").click()
    page.get_by_label("データ1件の名称").fill("現場")
    page.get_by_label("タブの名称").fill("Sites 現場")
    save(page)
    sites = page.url
    add_field(page, "メールアドレス", "現場のメール")
    page.goto(sites)
    add_field(page, "選択リスト", "ランク", "A", "B")
    page.goto(sites)
    expect(page.get_by_text("現場のメール")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Sites 現場").first.click()
    page.get_by_role("link", name="新しい現場").first.click()
    page.get_by_label("現場名").fill("長岡第2")
    page.get_by_label("現場のメール").fill("nagaoka@minamo.example")
    page.get_by_label("ランク").select_option("A")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="nagaoka@minamo.example")).to_be_visible()


def add_field(page: Page, kind: str, label: str, *choices: str) -> None:
    page.get_by_role("link", name="新しい項目").first.click()
    page.locator(".k-cards-choice a", has=page.get_by_text(kind, exact=True)).click()
    page.get_by_label("表示名").fill(label)
    for place, choice in enumerate(choices):
        page.get_by_label("選択肢の名称").nth(place).fill(choice)
    save(page)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()


def bring_in(page: Page, address: str, name: str, content: bytes) -> None:
    """From the file to the result."""
    page.goto(address)
    page.get_by_label("CSVまたはテキストファイル").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="次へ").click()
    page.wait_for_url("**/mapping")
    expect(page.get_by_text("行 · Shift_JIS")).to_be_visible()
    page.get_by_role("button", name="インポート前に確認").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_jobs()
    page.get_by_role("button", name="インポートを開始").click(timeout=10_000)
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="完了")).to_be_visible(timeout=10_000)


def invite_colleagues(page: Page, base: str) -> None:
    """Three, each with another profile; one of them is made for it."""
    page.goto(f"{base}/settings/profiles")
    page.get_by_label("名前").fill("アシスタント")
    page.locator("#main").get_by_role("button", name="新規作成").click()
    expect(page.get_by_role("heading", name="アシスタント", level=1)).to_be_visible()
    for address, profile in (("aoi", "標準"), ("riku", "アシスタント"), ("emma", "管理者")):
        page.goto(f"{base}/settings/people")
        page.get_by_label("メールアドレス", exact=False).last.fill(f"{address}@minamo.example")
        page.locator("select[name=profile]").last.select_option(label=profile)
        page.get_by_role("button", name="招待する").click()
        expect(page.get_by_role("cell", name=f"{address}@minamo.example").last).to_be_visible()
    assert Membership.objects.count() == 4
    assert Membership.objects.values("profile").distinct().count() == 3


def merge_two(page: Page, base: str) -> None:
    """Two of the list become one."""
    page.goto(f"{base}/Contacts/")
    for place in (0, 1):
        page.locator("tbody input[name=selected]").nth(place).check()
    page.get_by_role("button", name="統合", exact=True).click()
    expect(page.get_by_role("heading", name="2件のデータを統合")).to_be_visible()
    page.get_by_role("button", name="統合", exact=True).click()
    expect(page.get_by_role("link", name="内容の確認・取り消し")).to_be_visible()
    people = Record.objects.filter(module__api_name="Contacts", deleted_at=None)
    assert people.count() == ACCOUNTS * PEOPLE_EACH - 1


def find_by_two_kanji(page: Page, base: str) -> None:
    page.goto(f"{base}/Accounts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("早川")
    page.locator("#k-suggestions").get_by_text("早川").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("早川")


def delete_and_bring_back(page: Page, base: str) -> None:
    """An account comes back with its people."""
    page.goto(f"{base}/Accounts/")
    name = account_name(7)
    page.get_by_role("checkbox", name=f"{name}を選択").check()
    page.get_by_role("button", name="削除").click()
    expect(page.get_by_role("link", name=name)).to_have_count(0)
    page.goto(f"{base}/settings/bin/")
    page.get_by_role("checkbox", name=re.compile(name)).check()
    with page.expect_navigation():
        page.locator("#main").get_by_role("button", name="元に戻す").first.click()
    account = Record.objects.get(module__api_name="Accounts", name=name, deleted_at=None)
    page.goto(f"{base}/Accounts/{account.pk}/")
    expect(page.locator("#Contacts-Account_Name")).to_contain_text(FAMILIES[0])
