"""An administrator connects, invites, hands over and disconnects, in Japanese, at a desk and on a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import deactivate_agent
from kakehashi.desk.portals.models import Agent, AgentState
from kakehashi.identity.mails.models import Mail
from tests.makers.bridge import make_joined
from tests.makers.crm import make_member, make_org, make_person, make_record
from tests.makers.desk import make_administrator, make_contact, make_portal

from .conftest import DESKTOP, PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


@pytest.mark.spec("S4", "P1", "P3")
def test_with_a_key_from_a_colleague_in_the_desk_to_the_first_invitation(meet: Meet, drain: Drain) -> None:
    owner = make_person(family_name="高瀬", given_name="悠", language="ja")
    org = make_org(administrator=owner, language="ja")
    colleague = make_member(org, family_name="戸田", given_name="陸", language="ja").person
    make_record(org, Email="misaki@tsukimizaka.example")
    portal = make_portal(name="くもい窓口", language="ja")
    boss = make_administrator(portal, family_name="雲井", given_name="遥", language="ja")

    key = make_a_key(meet(boss.person).open(reverse("desk_keys", args=[portal.pk])))
    page = meet(owner).open(reverse("desk_integration", args=[org.pk]))
    connect_with(page, boss.person.email, key)
    expect(page.locator("#connection")).to_contain_text("くもい窓口")
    invite(page)
    link = re.search(r"https?://\S+", Mail.objects.get(recipient=colleague.email).text)
    assert link
    desk = meet(colleague).open(urlsplit(link[0]).path)
    expect(desk).to_have_url(re.compile(rf"/desk/{portal.pk}/"))
    assert Agent.objects.get(person=colleague).state == AgentState.ACTIVE


def make_a_key(desk: Page) -> str:
    desk.get_by_role("button", name="キーを発行").click()
    key = desk.locator("#new-key").inner_text()
    assert_accessible(desk)
    return key


def connect_with(page: Page, email: str, key: str) -> None:
    """With a wrong key first."""
    page.get_by_role("link", name="今すぐ設定").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="他のユーザーのポータルの設定").click()
    dialog = page.get_by_role("dialog", name="他のユーザーのポータルの設定")
    dialog.get_by_label("ポータルの管理者のメールアドレス").fill(email)
    dialog.get_by_label("ZSCキー").fill("ZSC-WRONG")
    dialog.get_by_role("button", name="次へ").click()
    expect(dialog).to_contain_text("組み合わせは正しくありません")
    expect(dialog.get_by_label("ポータルの管理者のメールアドレス")).to_have_value(email)
    assert_accessible(page)
    dialog.get_by_label("ZSCキー").fill(key)
    dialog.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("heading", name="接続テスト")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="完了してすぐに同期").click()


def invite(page: Page) -> None:
    """戸田 陸, as a light agent."""
    page.get_by_role("link", name="ユーザーの招待").first.click()
    page.get_by_label("戸田 陸", exact=True).check()
    page.get_by_label("戸田 陸さんの役割").select_option(label="制限付き担当者")
    assert_accessible(page)
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_text("社内コメントの記入（お客様には見えません）")).to_be_visible()
    page.get_by_role("button", name="招待メールを送信").click()
    expect(page.get_by_text("1人を招待しました。")).to_be_visible()
    expect(page.get_by_role("region", name="招待")).to_contain_text("戸田 陸")
    assert_accessible(page)


@pytest.mark.spec("X1", "X2")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_owner_leaves_a_colleague_takes_over_and_later_disconnects(
    meet: Meet, drain: Drain, size: tuple[int, int]
) -> None:
    joined = make_joined(language="ja")
    drain()
    boss = make_administrator(joined.portal, family_name="雲井", given_name="遥", language="ja")
    deactivate_agent(Agent.objects.get(portal=joined.portal, person=joined.administrator.person), actor=boss.actor)
    page = meet(joined.administrator.person, size=size).open(reverse("desk_integration", args=[joined.org.pk]))
    expect(page.get_by_text("この連携の責任者がDeskにいません")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Deskのユーザー").select_option(value=str(boss.person.pk))
    page.get_by_role("button", name="引き継ぐ").click()
    expect(page.locator("#connection")).to_contain_text("雲井 遥")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#ending").get_by_role("link", name="無効化").click()
    page.get_by_label("確認のため").fill("ちがう名前")
    page.get_by_role("button", name="無効化").click()
    expect(page.get_by_text("名前が一致しません。")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("確認のため").fill(joined.portal.name)
    page.get_by_role("button", name="無効化").click()
    expect(page.get_by_role("heading", name="以前の連携")).to_be_visible()
    assert Connection.objects.get().state == State.DISABLED


@pytest.mark.spec("Y8")
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_plan_is_looked_at_in_part_left_out_and_approved(meet: Meet, drain: Drain, size: tuple[int, int]) -> None:
    owner = make_person()
    org, portal = make_org(administrator=owner), make_portal(administrator=owner)
    make_record(org, Last_Name="相沢", First_Name="美咲", Email="misaki@x.example", Phone="0258-00-1147")
    make_record(org, Last_Name="戸田", First_Name="陸", Email="riku@x.example")
    make_contact(portal, lastName="Toda", firstName="Riku", email="riku@x.example")
    page = meet(owner, size=size).open(reverse("desk_integration_setup", args=[org.pk]))
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="完了して計画を確認").click()
    expect(page.get_by_role("heading", name="計画を作成しています")).to_be_visible()
    drain()
    expect(page.get_by_role("heading", name="承認するまで書き込みは行われません")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="戸田 陸")
    expect(row).to_contain_text("Toda")
    row.get_by_text("2項目").click()
    expect(row).to_contain_text("Riku → 陸")
    assert_accessible(page)
    page.get_by_role("checkbox", name="相沢 美咲").check()
    page.get_by_role("button", name="選択したデータを対象外にする").click()
    expect(page.get_by_text("1件を対象外にしました。")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="相沢 美咲")).to_contain_text("対象外")
    page.get_by_role("button", name="承認して同期を開始").click()
    expect(page.locator("#connection")).to_be_visible()
    drain()
    assert list(Contact.objects.filter(portal=portal).values_list("last_name", flat=True)) == ["戸田"]
