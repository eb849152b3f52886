"""An administrator asks how the sync stands, why a record is not synced, and has both sides compared; in Japanese, at a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.bridge.sync.models import Dirty
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.reading import head_of_log
from kakehashi.core.events.subscribers import move_cursor
from kakehashi.crm.records.actions import update_record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import make_joined
from tests.makers.crm import make_record
from tests.makers.desk import make_contact

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "Y8")]
Drain = Callable[[], int]


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_from_the_figures_over_the_question_why_to_the_comparison(
    meet: Meet, drain: Drain, size: tuple[int, int], theme: str
) -> None:
    joined = make_joined(language="ja", modules=["contacts"], direction="both")
    record = make_record(joined.org, Last_Name="相沢", First_Name="", Phone="0258-00-1147")
    make_record(joined.org, Last_Name="加瀬", Email="b@x.example")
    for _twin in range(2):
        make_contact(joined.portal, lastName="加瀬", email="b@x.example")
    drain()
    now = clock.now()
    Dirty.objects.create(
        connection=joined.connection, module="contacts", side="crm", record_id=record.pk, seq=1, first_seen_at=now,
        attempts=1, next_try_at=now + timedelta(hours=1), reason="電話番号: 数字で入力してください。",
    )  # fmt: skip
    page = meet(joined.administrator.person, size=size, color_scheme=theme).open(
        reverse("desk_integration", args=[joined.org.pk])
    )
    see_the_figures_and_try_again(page, drain)
    ask_why(page)
    update_record(record, values={"Phone": "0258-00-2000"}, actor=SYSTEM)
    move_cursor("bridge.sync", head_of_log())  # as if nobody had told of it
    compare_both_sides(page, drain)
    assert Contact.objects.get(last_name="相沢").phone == "0258-00-2000"


def see_the_figures_and_try_again(page: Page, drain: Drain) -> None:
    page.locator("#sync-card").get_by_role("link", name="状況").click()
    expect(page.get_by_role("heading", name="同期の状況")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="CRM").filter(has_text="連絡先")
    expect(row.get_by_role("link", name="1")).to_have_count(2)
    expect(page.locator("#failures")).to_contain_text("電話番号: 数字で入力してください。")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
    page.locator("#failures").get_by_role("button", name="再試行").click()
    expect(page.get_by_text("1件を再度確認しています。")).to_be_visible()
    drain()
    page.reload()
    expect(page.locator("#failures")).to_contain_text("失敗したデータはありません。")


def ask_why(page: Page) -> None:
    page.get_by_label("CRMまたはDeskのデータの名前").fill("加瀬")
    page.get_by_role("button", name="理由を確認").click()
    assert_accessible(page)
    page.get_by_role("listitem").filter(has_text="CRM").get_by_role("link").click()
    expect(page.get_by_text("人が判断する必要がある")).to_be_visible()
    expect(page.get_by_role("link", name="照合を確認")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)


def compare_both_sides(page: Page, drain: Drain) -> None:
    page.get_by_role("link", name="同期の状況").click()
    page.get_by_role("button", name="今すぐ照合").click()
    expect(page.get_by_text("CRMとDeskの照合を開始しました。")).to_be_visible()
    drain()
    page.reload()
    comparison = page.locator("#comparison")
    expect(comparison).to_contain_text("1件を修復")
    comparison.get_by_role("list").get_by_role("link").first.click()
    expect(page.get_by_role("listitem").filter(has_text="相沢")).to_contain_text("0258-00-2000")
    assert_accessible(page)
    page.get_by_role("link", name="この照合の履歴").click()
    expect(page.get_by_text("相沢").first).to_be_visible()


def test_the_page_of_a_record_leads_to_its_explanation(meet: Meet, drain: Drain) -> None:
    joined = make_joined(language="ja", modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", First_Name="")
    drain()
    page = meet(joined.administrator.person).open(reverse("crm_record", args=[joined.org.pk, "Contacts", record.pk]))
    page.locator("#record-head").get_by_role("link", name="同期").click()
    expect(page.get_by_text("Deskの「相沢」と関連付けられています")).to_be_visible()
    page.get_by_role("link", name="データを開く").click()
    expect(page.locator("#record-head")).to_contain_text("相沢")
