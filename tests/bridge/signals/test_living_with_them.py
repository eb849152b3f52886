"""Spec G2, G3: the bell, the page of all signals, records' icons; acting in place; what a person chooses for themselves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.models import Connection, SeatlessSight
from kakehashi.core import clock
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.sales_signals import digest
from kakehashi.crm.sales_signals.digest import is_due, send_digests
from kakehashi.crm.sales_signals.models import Signal, SignalMute
from kakehashi.crm.sales_signals.putting_off import moment_of, wake_due
from kakehashi.desk.conversations.actions import add_comment, receive_mail
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.mails.jobs import send_mail
from kakehashi.identity.mails.models import Mail
from tests.bridge.signals.conftest import CUSTOMER, HX, World
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db(transaction=True)


def unseen(world: World) -> int:
    return Membership.objects.get(person=world.rep).unseen_signals


def post(world: World, name: str, *more: object, **sent: Any) -> str:
    """The address of the undo that the answer offers, "" for none."""
    answer = world.client().post(reverse(name, args=[world.org_id, *more]), sent, headers=HX)
    assert answer.status_code == 204, answer.content
    return str(json.loads(answer.headers["HX-Trigger"]).get("toast", {}).get("undo", ""))


@pytest.mark.spec("G3")
def test_a_signal_opens_the_ticket_in_its_sheet_with_the_composer_that_rights_allow(world: World) -> None:
    ticket = world.ticket(description_html="<p>15分ごとに切断されます</p>")
    world.drain()
    bell = world.page("crm_bell")
    assert f"#{ticket.number}" in bell
    assert "15分ごとに切断されます" in bell
    signal = Signal.objects.get(person=world.rep)
    url = reverse("crm_signal", args=[world.org_id, signal.pk])
    assert f'href="{url}" data-sheet' in bell
    answer = world.client().get(url, headers={**HX, "HX-Target": "sheet"}, follow=True)
    sheet = answer.content.decode()
    assert (
        reverse("record_ticket_comments", args=[world.org_id, "Contacts", world.customer.contact.pk, ticket.pk])
        in sheet
    )
    assert (
        reverse("record_ticket_replies", args=[world.org_id, "Contacts", world.customer.contact.pk, ticket.pk])
        not in sheet
    )
    signal.refresh_from_db()
    assert signal.read_at


@pytest.mark.spec("G3")
def test_a_leads_ticket_opens_although_leads_show_no_block(world: World) -> None:
    lead = make_record(world.customer.joined.org, "Leads", Last_Name="見込", Email="lead@example.com", owner=world.rep)
    ticket = world.ticket_of("lead@example.com")
    sheet = reverse("record_ticket", args=[world.org_id, "Leads", lead.pk, ticket.pk])
    assert world.client().get(sheet, headers=HX).status_code == 200
    assert world.client(world.member(permissions=[])).get(sheet, headers=HX).status_code == 404


@pytest.mark.spec("G2")
def test_the_page_groups_filters_marks_and_takes_back(world: World) -> None:
    other = make_record(world.customer.joined.org, Last_Name="別", Email="other@example.com", owner=world.rep)
    world.ticket()
    world.ticket_of("other@example.com")
    page = world.page("crm_signals")
    assert page.index("別</a></h3>") < page.index("美咲</a></h3>"), "the newest customer first"
    assert "美咲</a></h3>" not in world.page("crm_signals", record=other.pk)
    assert "k-signal-row" not in world.page("crm_signals", kind="ticket_rated")
    undo = post(world, "crm_signals_reading")
    assert "k-signal-row" not in world.page("crm_signals", show="unread")
    world.client().post(undo, headers=HX)
    assert world.page("crm_signals", show="unread").count("k-signal-row") == 2
    first = Signal.objects.filter(person=world.rep)[0]
    post(world, "crm_signals_reading", signal=first.pk)
    post(world, "crm_signal_unreading", first.pk)
    assert world.page("crm_signals", show="unread").count("k-signal-row") == 2


@pytest.mark.spec("G2")
def test_what_its_reader_may_not_see_by_now_is_not_told(world: World) -> None:
    world.ticket()
    world.drain()
    Connection.objects.update(seatless_sight=SeatlessSight.NONE)
    assert "ロガー" not in world.page("crm_signals")
    Connection.objects.update(seatless_sight=SeatlessSight.ALL)
    assert "ロガー" in world.page("crm_signals")
    world.own(world.customer.contact, None)
    Membership.objects.filter(person=world.rep).update(
        profile=world.customer.joined.administrator.membership.profile.__class__.objects.create(
            org=world.customer.joined.org, name="Own", module_rights={"default": {"view": "own"}}
        )
    )
    page = world.page("crm_signals")
    assert "ロガー" not in page
    assert "not for you" in page


@pytest.mark.spec("G2")
def test_records_carry_the_number_of_unread_signals_in_one_query(world: World) -> None:
    url = reverse("crm_list", args=[world.org_id, "Contacts"])
    client = world.client()
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(url)
    other = make_record(world.customer.joined.org, Last_Name="別", Email="other@example.com", owner=world.rep)
    world.ticket()
    world.ticket()
    world.ticket_of("other@example.com")
    with CaptureQueriesContext(connection) as after:
        page = client.get(url).content.decode()
    assert len(after) <= len(before) + 1, "the new row's owner's name at most"
    assert 'aria-label="2 unread signals"' in page
    assert 'aria-label="1 unread signal"' in page
    account = world.page("crm_record", "Accounts", world.customer.account.pk)
    assert 'aria-label="2 unread signals"' in account
    assert "ロガー" in world.page("crm_record_signals", "Accounts", world.customer.account.pk)
    marks = world.page("crm_signal_marks", ids=f"{other.pk},{world.customer.contact.pk}")
    assert marks.count("hx-swap-oob") == 2


def test_the_page_costs_the_same_queries_however_many_signals(world: World) -> None:
    def queries() -> int:
        world.page("crm_signals")
        with CaptureQueriesContext(connection) as asked:
            world.page("crm_signals")
        return len(asked)

    def everything(ticket: Ticket) -> None:
        receive_mail(
            ticket, IncomingText("a <a@b.example>", text="x", message_id=f"<{ticket.pk}@b.example>"), actor=CUSTOMER
        )
        add_comment(ticket, html="<p>x</p>", actor=CUSTOMER)

    everything(world.ticket())
    world.drain()
    few = queries()
    for _number in range(3):
        everything(world.ticket())
    world.drain()
    assert world.page("crm_signals").count("k-signal-row") == 12
    assert queries() == few


def test_a_signal_that_is_put_off_rings_anew_when_its_time_has_come(world: World) -> None:
    world.ticket()
    world.drain()
    signal = Signal.objects.get(person=world.rep)
    undo = post(world, "crm_signal_snooze", signal.pk, until="hour")
    assert unseen(world) == 0
    assert "ロガー" not in world.page("crm_bell")
    assert "ロガー" in world.page("crm_signals", show="later")
    world.client().post(undo, headers=HX)
    assert "ロガー" in world.page("crm_bell")
    post(world, "crm_signal_snooze", signal.pk, until="hours")
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert wake_due() == 0
    with clock.frozen_at(clock.now() + timedelta(hours=4)):
        assert (wake_due(), wake_due()) == (1, 0)
    assert unseen(world) == 1
    refused = world.client().post(
        reverse("crm_signal_snooze", args=[world.org_id, signal.pk]), {"until": "never"}, headers=HX
    )
    assert refused.status_code == 422


def test_mornings_are_those_of_the_readers_time_zone() -> None:
    friday = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
    assert moment_of("tomorrow", friday) == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert moment_of("monday", friday) == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert moment_of("monday", datetime(2026, 11, 30, 8, tzinfo=UTC)) == datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert (is_due(friday, None), is_due(friday, friday.date()), is_due(friday.replace(hour=7), None)) == (
        True,
        False,
        False,
    )


def test_a_ticket_or_a_customer_is_silenced_and_rings_again(world: World) -> None:
    ticket = world.ticket()
    world.drain()
    signal = Signal.objects.get(person=world.rep)
    undo = post(world, "crm_signal_mute", signal.pk, of="thread")
    assert f"#{ticket.number}" in world.page("crm_signal_habits")
    add_comment(ticket, html="<p>x</p>", actor=CUSTOMER)
    assert world.heard() == ["ticket_opened"]
    world.client().post(undo, headers=HX)
    add_comment(ticket, html="<p>x</p>", actor=CUSTOMER)
    assert world.heard() == ["ticket_opened", "ticket_commented"]
    post(world, "crm_signal_mute", signal.pk, of="customer")
    world.ticket()
    assert len(world.heard()) == 2
    mute = SignalMute.objects.get()
    removal = reverse("crm_signal_mute_removal", args=[world.org_id, mute.pk])
    assert world.client(world.administrator).post(removal).status_code == 404, "somebody else's"


def test_each_kind_rings_waits_for_the_daily_mail_or_is_off(world: World) -> None:
    world.client().post(
        reverse("crm_signal_habits", args=[world.org_id]), {"ticket_opened": "digest", "ticket_commented": "off"}
    )
    ticket = world.ticket()
    add_comment(ticket, html="<p>x</p>", actor=CUSTOMER)
    assert world.heard() == ["ticket_opened"]
    assert unseen(world) == 0
    assert "ロガー" not in world.page("crm_bell")
    morning = clock.now().replace(hour=23, minute=30)  # 8:30 in Tokyo
    with clock.frozen_at(morning.replace(hour=22)):
        assert send_digests() == 0
    with clock.frozen_at(morning):
        assert (send_digests(), send_digests()) == (1, 0)
    with clock.frozen_at(morning + timedelta(days=1)):
        assert send_digests() == 0, "each signal stands in one mail"
        world.ticket()
        world.drain()
        assert send_digests() == 1
        world.ticket()
        world.drain()
        assert send_digests() == 0, "one mail a day"
    send_mail(Mail.objects.filter(recipient=world.rep.email).earliest("pk").pk)
    assert f"#{ticket.number} {ticket.subject}" in mail.outbox[-1].body
    assert "one signal" in mail.outbox[-1].subject


def test_a_daily_mail_says_what_did_not_fit_into_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "MOST", 1)
    world.client().post(reverse("crm_signal_habits", args=[world.org_id]), {"ticket_opened": "digest"})
    for _ticket in range(3):
        world.ticket()
    world.drain()
    with clock.frozen_at(clock.now().replace(hour=23, minute=30)):
        assert send_digests() == 1
    send_mail(Mail.objects.get(recipient=world.rep.email).pk)
    assert "3 signals" in mail.outbox[-1].subject
    assert "… and 2 earlier signals, which stand in the list." in mail.outbox[-1].body


def test_signals_go_along_when_their_record_is_merged(world: World) -> None:
    org, actor = world.customer.joined.org, world.administrator.as_actor()
    survivor = make_record(org, Last_Name="相沢", First_Name="美咲", owner=world.rep)
    world.ticket()
    world.drain()
    versions = {survivor.pk: survivor.version, world.customer.contact.pk: world.customer.contact.version}
    schema = schema_of(org)
    merge_records(schema, schema["Contacts"], survivor_id=survivor.pk, versions=versions, values={}, actor=actor)
    world.drain()
    signal = Signal.objects.get(person=world.rep)
    assert signal.record_id == survivor.pk
    assert survivor.pk in signal.about


def test_a_signal_of_a_lead_leads_to_the_contact_that_the_lead_became(world: World) -> None:
    org, actor = world.customer.joined.org, world.administrator.as_actor()
    lead = make_record(org, "Leads", Last_Name="見込", Email="lead@example.com", owner=world.rep)
    ticket = world.ticket_of("lead@example.com")
    plan = ConversionPlan(contact=Into(), carry=("signals",))
    done = convert_lead(schema_of(org), lead.pk, version=None, plan=plan, actor=actor)
    world.drain()
    signal = Signal.objects.get(person=world.rep, kind="ticket_opened")
    answer = world.client().get(reverse("crm_signal", args=[world.org_id, signal.pk]))
    assert signal.record_id == done.contact_id
    assert answer["Location"] == reverse("record_ticket", args=[world.org_id, "Contacts", done.contact_id, ticket.pk])
    assert world.client().get(answer["Location"], headers=HX).status_code == 200
