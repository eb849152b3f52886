"""Merging duplicates and converting a lead as a person does it, and taking both back."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from tests.browser.conftest import DESKTOP, PHONE, Meet, Visitor, assert_accessible
from tests.makers.crm import make_administrator, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.fixture
def visitor(meet: Meet, access: CrmAccess) -> Visitor:
    return meet(access.person)


def test_two_contacts_are_merged_from_the_list_and_parted_by_the_toast(visitor: Visitor, access: CrmAccess) -> None:
    org = access.org
    one = make_record(org, Last_Name="相沢", Phone="0258-00-1147", Title="主任")
    two = make_record(org, Last_Name="相澤", Phone="0258-00-2000")
    page = visitor.open(f"/crm/{org.pk}/Contacts/")
    page.get_by_role("checkbox", name="相沢を選択").check()
    page.get_by_role("checkbox", name="相澤を選択").check()
    page.get_by_role("button", name="統合", exact=True).click()
    expect(page.get_by_role("heading", name="2件のデータを統合")).to_be_visible()
    assert_accessible(page)
    page.locator(f"input[name=survivor][value='{two.pk}']").check()
    expect(page.locator(f"input[name=field-Phone][value='{two.pk}']")).to_be_checked()
    expect(page.locator(f"input[name=field-Title][value='{one.pk}']")).to_be_checked()
    page.locator(f"input[name=field-Last_Name][value='{one.pk}']").check()
    page.get_by_role("button", name="統合", exact=True).click()
    expect(page).to_have_url(f"{visitor.base}/crm/{org.pk}/Contacts/{two.pk}/")
    expect(page.get_by_role("heading", name="相沢", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="内容の確認・取り消し")).to_be_visible()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_role("heading", name="相澤", level=1)).to_be_visible()
    assert Record.objects.get(pk=one.pk).deleted_at is None


def test_a_lead_is_converted_and_comes_back(visitor: Visitor, access: CrmAccess) -> None:
    org = access.org
    account = make_record(org, "Accounts", Account_Name="月見坂食品（株）")
    lead = make_record(
        org, "Leads", Last_Name="相沢", First_Name="美咲", Company="株式会社月見坂食品", Email="m@t.example"
    )
    page = visitor.open(f"/crm/{org.pk}/Leads/{lead.pk}/")
    page.get_by_role("link", name="変換", exact=True).click()
    expect(page.locator(f"input[name=account][value='{account.pk}']")).to_be_checked()
    expect(page.get_by_text("法人格を除く名称が同じ")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("group", name="商談").get_by_label("新しい商談").check()
    page.get_by_label("金額").fill("4860000")
    page.get_by_role("button", name="変換", exact=True).click()
    expect(page).to_have_url(re.compile("/Deals/"))
    expect(page.get_by_text("見込み客「相沢 美咲」を変換しました。")).to_be_visible()
    done = Conversion.objects.get()
    page.goto(f"{visitor.base}/crm/{org.pk}/Leads/{lead.pk}/")
    expect(page).to_have_url(f"{visitor.base}/crm/{org.pk}/conversions/{done.pk}/")
    assert_accessible(page)
    page.get_by_role("button", name="変換を取り消す").click()
    expect(page.get_by_role("heading", name="相沢 美咲", level=1)).to_be_visible()
    assert Record.objects.get(pk=done.deal_id).deleted_at


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_pages_are_readable_by_everyone(meet: Meet, access: CrmAccess, size: tuple[int, int], theme: str) -> None:
    org = access.org
    records = [
        make_record(org, Last_Name=f"相沢{number}", Email=f"{number}@t.example", Phone="1") for number in range(3)
    ]
    lead = make_record(org, "Leads", Last_Name="相沢0", Company="A", Email="0@t.example")
    visitor = meet(access.person, size=size, color_scheme=theme)
    selected = "&".join(f"selected={record.pk}" for record in records)
    for path in [
        f"Contacts/merge?{selected}",
        f"Contacts/{records[0].pk}/similar",
        f"Leads/convert?selected={lead.pk}",
        "settings/bin/",
    ]:
        page = visitor.open(f"/crm/{org.pk}/{path}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        page.close()
