"""A company's first day: from an empty installation to customers who are answered, and back to two products that part again.

What people do is done on pages, but for the targets with their escalation and the owner's deactivation; what comes from outside comes as it
does in life: as mail, and by time that passes.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.core import clock
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.customer_pages.links import Scope, make_token
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.escalation.actions import LevelDraft, create_rule
from kakehashi.desk.escalation.escalating import escalate_due
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.mailbox.models import OutboxMail
from kakehashi.desk.mailbox.sending import deliver
from kakehashi.desk.overdue.actions import tell_overdue
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.actions import deactivate_agent
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.targets.actions import TargetDraft, create_targets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.models import Person
from tests.browser.conftest import Meet
from tests.browser.test_a_new_sales_manager import begin, bring_in
from tests.browser.test_support_inside_the_crm import type_message
from tests.makers.crm import make_member
from tests.makers.desk import MAKER
from tests.makers.mail import make_mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Drain = Callable[[], int]
MAILS = Path(__file__).resolve().parents[3] / "shared" / "data" / "mails"
ACCOUNTS = "取引先名,電話番号\r\n月見坂食品株式会社,0258-00-1147\r\n灯台印刷株式会社,0258-00-2000\r\n"
CONTACTS = (
    "会社名,氏名,メールアドレス\r\n月見坂食品株式会社,相沢 美咲,misaki@tsukimizaka.example\r\n"
    "灯台印刷株式会社,早川 伸吾,shingo@todai.example\r\n"
)


@pytest.fixture(autouse=True)
def mails_are_kept() -> Iterator[None]:
    cache.clear()
    with override_settings(EMAIL_BACKEND="kakehashi.desk.mailbox.outbox.OutboxBackend"):
        yield


@pytest.mark.spec("S3", "P1", "P3", "Y1", "R1", "T3", "G1", "G4", "X1", "X2")
def test_a_whole_day(meet: Meet, drain: Drain) -> None:
    page = meet().open("/start")
    page.set_default_timeout(10_000)
    begin(page)
    base = page.url[: re.match(r".*/crm/\d+", page.url).end()]  # type: ignore[union-attr]
    bring_in(page, f"{base}/Accounts/import", "取引先.csv", ACCOUNTS.encode("cp932"))
    bring_in(page, f"{base}/Contacts/import", "名簿.csv", CONTACTS.encode("cp932"))
    portal = connect(page, base)
    drain()
    assert Contact.objects.filter(portal=portal).count() == Record.objects.filter(module__api_name="Contacts").count()
    colleague = invite(meet, page, base)
    promise(portal)
    mails_arrive(portal, drain)
    answer(page, base, drain)
    a_deadline_is_missed(portal, drain)
    the_customer_rates(meet, portal, drain)
    signals_are_seen(page, base)
    hand_over_and_part(meet, page, base, colleague)


def integration(base: str, name: str = "desk_integration") -> str:
    """An address of the Desk integration's pages, on the server and in the org of `base`."""
    server, _slash, org = base.rpartition("/crm/")
    return server + reverse(name, args=[org])


def connect(page: Page, base: str) -> Portal:
    """Route B: a Desk is made for it."""
    page.goto(integration(base, "desk_integration_setup"))
    page.get_by_text("新しいポータル", exact=True).click()
    page.get_by_label("ポータル名").fill("みなもサポート")
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("heading", name="接続テスト")).to_be_visible()
    page.get_by_role("button", name="完了してすぐに同期").click()
    expect(page.locator("#connection")).to_contain_text("みなもサポート")
    return Portal.objects.get(name="みなもサポート")


def invite(meet: Meet, page: Page, base: str) -> Person:
    """A colleague of the CRM gets a seat in the Desk, by the mail."""
    org = Record.objects.select_related("org").all()[0].org
    colleague = make_member(org, family_name="戸田", given_name="陸", language="ja").person
    page.get_by_role("link", name="ユーザーの招待").first.click()
    page.get_by_label("戸田 陸", exact=True).check()
    page.get_by_label("戸田 陸さんの役割").select_option(label="管理者")
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("button", name="招待メールを送信").click()
    expect(page.get_by_text("1人を招待しました。")).to_be_visible()
    link = re.search(r"https?://\S+", Mail.objects.get(recipient=colleague.email).text)
    assert link
    desk = meet(colleague).open(urlsplit(link[0]).path)
    expect(desk).to_have_url(re.compile(r"/desk/\d+/"))
    return colleague


def promise(portal: Portal) -> None:
    """Four hours to answer, eight to solve; whoever administers is told an hour after that was missed."""
    create_targets(portal, TargetDraft(minutes={"": (240, 480)}), actor=MAKER)
    level = LevelDraft(minutes=60, raises_priority=True, marks_escalated=True)
    create_rule(portal, deadline=Deadline.RESOLUTION, department=None, level=level, actor=MAKER)


def mails_arrive(portal: Portal, drain: Drain) -> None:
    """A customer's, and whatever the world sends: nothing is lost, whatever it looks like."""
    own = make_mail(
        sender="misaki@tsukimizaka.example", subject="冷蔵庫3号機のロガーが切断される", message_id="<day@c.example>"
    )
    world = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]
    take_in(portal, [Delivery(raw) for raw in (own, *world)])
    file_waiting(portal.pk)
    drain()
    assert not IncomingMail.objects.filter(portal=portal, state="received").exists()
    assert Ticket.objects.filter(portal=portal, subject__contains="ロガー").count() == 1


def the_ticket() -> Ticket:
    return Ticket.objects.get(subject__contains="ロガー")


def answer(page: Page, base: str, drain: Drain) -> None:
    """From the customer's record in the CRM, without leaving it."""
    record = Record.objects.get(module__api_name="Contacts", name__contains="相沢")
    page.goto(f"{base}/Contacts/{record.pk}/")
    page.locator("#desk-tickets .k-row a[data-sheet]").first.click()
    expect(page.locator("#ticket-conversation")).to_contain_text("15分ごとに切断されます")
    type_message(page, "本日中に確認してご連絡します。")
    expect(page.locator("#ticket-conversation")).to_contain_text("本日中に確認してご連絡します。")
    Message.objects.filter(direction="out").update(send_after=clock.now())  # ten seconds later
    for message in Message.objects.filter(direction="out", state="pending"):
        deliver(message.pk)
    assert "misaki@tsukimizaka.example" in OutboxMail.objects.latest("pk").recipients[0]
    drain()


def a_deadline_is_missed(portal: Portal, drain: Drain) -> None:
    """The customer writes again, and nobody sees it for a week."""
    reply = make_mail(
        sender="misaki@tsukimizaka.example", subject=f"Re: [#{the_ticket().number}]", message_id="<day2@c.example>",
        text="まだ切断されます。", in_reply_to="<day@c.example>",
    )  # fmt: skip
    take_in(portal, [Delivery(reply)])
    file_waiting(portal.pk)
    drain()
    with clock.frozen_at(clock.now() + timedelta(days=7)):
        tell_overdue()
        escalate_due()
        drain()
    assert the_ticket().is_escalated


def the_customer_rates(meet: Meet, portal: Portal, drain: Drain) -> None:
    guest = meet().open(f"/rate/{make_token(the_ticket(), Scope.RATING)}/")
    guest.get_by_role("button", name="良い").click()
    expect(guest.get_by_role("status").first).to_be_visible()
    drain()
    assert the_ticket().rating == "good"


def signals_are_seen(page: Page, base: str) -> None:
    """The owner of the customer was told of each thing once, and acts on it from there."""
    kinds = list(Signal.objects.filter(kind__startswith="ticket_").values_list("kind", flat=True))
    assert set(kinds) >= {"ticket_opened", "ticket_answered", "ticket_overdue", "ticket_escalated", "ticket_rated"}
    page.goto(f"{base}/signals/")
    page.locator("main a.k-signal").first.click()
    expect(page.locator("#ticket-conversation")).to_contain_text("まだ切断されます。")


def hand_over_and_part(meet: Meet, page: Page, base: str, colleague: Person) -> None:
    """The one who set it up leaves the Desk; a colleague takes over, and in the end the two products part."""
    owner = Agent.objects.exclude(person=colleague).get(portal__name="みなもサポート")
    deactivate_agent(owner, actor=colleague.as_actor())
    page.goto(integration(base))
    page.get_by_label("Deskのユーザー").select_option(value=str(colleague.pk))
    page.get_by_role("button", name="引き継ぐ").click()
    expect(page.locator("#connection")).to_contain_text("戸田 陸")
    page.locator("#ending").get_by_role("link", name="無効化").click()
    page.get_by_label("確認のため").fill("みなもサポート")
    page.get_by_role("button", name="無効化").click()
    expect(page.get_by_role("heading", name="以前の連携")).to_be_visible()
    assert Connection.objects.get().state == State.DISABLED
    assert Ticket.objects.filter(subject__contains="ロガー").exists(), "people keep their tickets in the Desk"
