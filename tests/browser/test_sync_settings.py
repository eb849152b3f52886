"""An administrator decides how contacts are kept in step, and what the sync could not decide by itself; in Japanese, at a desk and on a phone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync_mapping.actions import store
from kakehashi.bridge.sync_mapping.drafts import PairDraft
from kakehashi.bridge.sync_settings.actions import change_settings
from kakehashi.bridge.sync_settings.chosen import Settings
from kakehashi.crm.records.actions import update_record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
WIDTH = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.spec("Y1", "Y4")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_added_module_waits_is_taken_back_and_is_started(meet: Meet, drain: Drain, size: tuple[int, int]) -> None:
    def add(page: Page) -> None:
        page.get_by_role("link", name="Add to the sync Products").click()
        page.get_by_role("button", name="Add to the sync").click()

    joined = make_joined()
    make_record(joined.org, "Products", Product_Name="TL-200")
    drain()
    page = meet(joined.administrator.person, size=size).open(reverse("desk_integration_modules", args=[joined.org.pk]))
    products = page.get_by_role("region", name="Products")
    add(page)
    expect(products).to_contain_text("Not started yet")
    assert_accessible(page)
    page.get_by_role("button", name="Take back Products").click()
    dialog = page.get_by_role("dialog", name="Take Products back?")
    assert_accessible(page)
    dialog.get_by_role("button", name="Take back").click()
    expect(products).to_contain_text("Not synced")
    add(page)
    page.get_by_role("link", name="Change Products").click()
    page.wait_for_load_state()
    page.get_by_label("Both ways").check()
    expect(page.get_by_role("region", name="What this means")).to_contain_text(
        "None of this happens before the module is started."
    )
    page.get_by_role("button", name="Save").click()
    expect(products).to_contain_text("Not started yet")
    drain()
    assert not Link.objects.filter(module="products").exists()
    page.get_by_role("button", name="Start the sync Products").click()
    expect(page.get_by_text("Started. Its records are being matched.")).to_be_visible()
    assert page.evaluate(WIDTH)
    drain()
    assert Link.objects.filter(module="products", state="live").count() == 1


@pytest.mark.spec("Y2", "Y3")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_contacts_go_both_ways_and_a_field_is_mapped_anew(meet: Meet, drain: Drain, size: tuple[int, int]) -> None:
    joined = make_joined(language="ja")
    make_record(joined.org, Last_Name="相沢", Department="品質保証")
    drain()
    page = meet(joined.administrator.person, size=size).open(reverse("desk_integration_modules", args=[joined.org.pk]))
    assert_accessible(page)
    page.get_by_role("link", name="変更 連絡先").click()
    page.wait_for_load_state()
    page.get_by_label("双方向").check()
    expect(page.get_by_role("region", name="この変更による影響")).to_contain_text(
        "相手が見つからないデータはCRMに追加されます"
    )
    assert_accessible(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("region", name="連絡先")).to_contain_text("双方向")

    page.get_by_role("link", name="項目の関連付け 連絡先").click()
    page.wait_for_load_state()
    page.get_by_label("職位の関連付けを外す").click()
    expect(page.get_by_label("職位に対応するDeskの項目")).to_have_count(0)
    page.get_by_label("追加するCRMの項目").select_option(value="Department")
    page.get_by_role("button", name="項目を追加").click()
    line = page.get_by_label("部署に対応するDeskの項目")
    expect(line).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("Deskの項目を選択するか、この関連付けを外してください。")).to_be_visible()
    assert_accessible(page)
    with page.expect_response("**/fields/draft"):
        line.select_option(value="title")
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    page.get_by_role("radiogroup", name="部署の同期の方向").get_by_label("CRMからDesk").check(force=True)
    expect(page.get_by_label("部署が両方で変更された場合")).to_have_count(0)
    assert page.evaluate(WIDTH)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("保存しました。すべてのデータをこの設定で比較します。")).to_be_visible()
    drain()
    assert FieldMapping.objects.get(crm="Department").direction == "to_desk"
    assert Contact.objects.get(portal=joined.portal).title == "品質保証"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_the_sync_could_not_decide_is_decided_by_a_click(meet: Meet, drain: Drain, size: tuple[int, int]) -> None:
    joined = make_joined(language="ja")
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)
    pairs = [PairDraft("Last_Name", "lastName"), PairDraft("Email", "email"), PairDraft("Phone", "phone", rule="ask")]
    store(SyncedModule.objects.get(connection=joined.connection, module="contacts"), pairs)
    record = make_record(joined.org, Last_Name="相沢", Phone="0258000000")
    drain()
    update_record(record, values={"Phone": "0258001111"}, actor=joined.administrator.actor)
    update_contact(Contact.objects.get(portal=joined.portal), values={"phone": "0258002222"}, actor=MAKER)
    for name in ("早川", "Hayakawa"):
        make_contact(joined.portal, lastName=name, email="info@kiri.example")
    lonely = make_record(joined.org, Last_Name="早川", Email="info@kiri.example")
    drain()

    page = meet(joined.administrator.person, size=size).open(reverse("desk_integration", args=[joined.org.pk]))
    page.get_by_role("link", name="競合を確認").click()
    expect(page.get_by_text("0258001111")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate(WIDTH)
    page.get_by_label("この項目では今後も選んだ側の値を使う").check()
    page.get_by_role("button", name="Deskの値を使う").click()
    expect(page.get_by_text("確認待ちの項目はありません")).to_be_visible()
    drain()
    assert not Conflict.objects.exists()
    assert FieldMapping.objects.get(desk="phone").rule == "desk_wins"

    page.goto(page.url.replace("/conflicts", "/matches"))
    assert_accessible(page)
    assert page.evaluate(WIDTH)
    question = page.locator("section", has=page.locator(f"input[value='{Link.objects.get(crm_id=lonely.pk).pk}']"))
    question.get_by_role("button", name="このデータ").first.click()
    expect(page.get_by_text("1件を決定しました。")).to_be_visible()
    drain()
    assert Link.objects.get(crm_id=lonely.pk).state == "live"
