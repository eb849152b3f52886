"""Spec T3, T4, P4: a ticket in its sheet, its parts, and who else is there."""

import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core import clock
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.after_sending import withdraw_message
from kakehashi.desk.conversations.models import Comment, Draft, Message
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.presence.models import Presence
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER

from .worlds import EMAIL, Panel, make_panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Panel:
    return make_panel()


def say(ticket: Ticket, count: int) -> None:
    for number in range(count):
        receive_message(ticket, sender=EMAIL, html=f"<p>word {number:03}</p>", actor=MAKER)


@pytest.mark.spec("T3")
def test_a_long_conversation_comes_part_by_part_and_costs_the_same_at_any_length(panel: Panel) -> None:
    ticket, client = panel.ticket(description_html="<p>how it began</p>"), panel.client()
    url = panel.url("record_ticket", ticket.pk)
    counts = []
    for more in (3, 60, 60):
        say(ticket, more)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            sheet = client.get(url).content.decode()
        counts.append(len(queries))
    assert counts[1] == counts[2] <= counts[0] + 1
    assert "how it began" not in sheet
    assert (sheet.count("word 0"), "word 020" in sheet, "word 019" in sheet) == (40, True, False)
    text, seen = sheet, 40
    while found := re.search(r'hx-get="([^"]*/earlier[^"]*)"', text):
        text = client.get(html.unescape(found[1])).content.decode()
        seen += text.count("<p>word ")
    assert (seen, "how it began" in text) == (123, True)


@pytest.mark.spec("T3")
def test_a_refreshed_conversation_begins_where_it_was_shown_and_has_what_is_new(panel: Panel) -> None:
    ticket, client = panel.ticket(), panel.client()
    say(ticket, 45)
    sheet = client.get(panel.url("record_ticket", ticket.pk)).content.decode()
    newest = html.unescape(re.search(r'hx-get="([^"]*since=[^"]*)"', sheet)[1])  # type: ignore[index]
    receive_message(ticket, sender=EMAIL, html="<p>just now</p>", actor=MAKER)
    again = client.get(newest).content.decode()
    assert again.count("<p>word ") == 40
    assert "just now" in again
    assert client.get(newest.split("=")[0] + "=tomorrow").status_code == 404


@pytest.mark.spec("T4")
def test_fields_stand_as_the_department_lays_them_out_and_its_own_are_changed_in_place(panel: Panel) -> None:
    portal = panel.joined.portal
    field = add_field(portal, kind="picklist", draft=FieldDraft("機種", choices=["TL-100", "TL-200"]), actor=MAKER)
    ticket, client = panel.ticket(), panel.client()
    url = panel.url("record_ticket_properties", ticket.pk)
    assert f'name="{field.api_name}"' in client.get(url).content.decode()
    changed = client.post(url, {"own": field.api_name, field.api_name: "TL-200"})
    ticket.refresh_from_db()
    assert (changed.status_code, ticket.custom) == (200, {field.api_name: "TL-200"})
    assert "ticket-changed" in changed.headers["HX-Trigger"]
    refused = client.post(url, {"own": field.api_name, field.api_name: "TL-300"})
    assert (refused.status_code, 'class="k-error"' in refused.content.decode()) == (422, True)


@pytest.mark.spec("T4")
def test_a_field_changed_in_the_sheet_is_taken_back_unless_somebody_went_on(panel: Panel) -> None:
    ticket, client = panel.ticket(), panel.client()
    url = panel.url("record_ticket_properties", ticket.pk)

    def change() -> str:
        answer = client.post(url, {"priority": "High"}, headers={"HX-Request": "true"})
        return str(json.loads(answer["HX-Trigger"])["toast"]["undo"])

    undo = change()
    assert "As before" in client.post(undo)["HX-Trigger"]
    ticket.refresh_from_db()
    assert ticket.priority == ""
    undo = change()
    update_ticket(ticket, values={"priority": "Low"}, actor=MAKER)
    assert "Somebody has changed it since" in client.post(undo)["HX-Trigger"]
    ticket.refresh_from_db()
    assert ticket.priority == "Low"
    assert panel.client(panel.agent()).post(undo).status_code == 404, "a token is one person's"
    assert panel.client(panel.colleague()).post(undo).status_code == 403


@pytest.mark.spec("T3")
def test_the_history_tells_who_changed_what(panel: Panel) -> None:
    ticket = panel.ticket()
    update_ticket(ticket, values={"priority": "High"}, actor=panel.agent().as_actor())
    history = panel.client(panel.colleague()).get(panel.url("record_ticket_history", ticket.pk)).content.decode()
    assert "Priority" in history


@pytest.mark.spec("T3", "P4")
def test_who_writes_is_seen_by_others_and_an_agent_takes_over(panel: Panel) -> None:
    ticket, here = panel.ticket(), panel.url
    writer, other, guest = panel.agent(), panel.agent(), panel.colleague()
    panel.client(writer).post(here("record_ticket_presence", ticket.pk), {"state": "typing"})
    seen = panel.client(other).post(here("record_ticket_presence", ticket.pk), {"state": "here"}).content.decode()
    assert f"{writer.name} is writing an answer." in seen
    assert "Take over" in seen
    by_guest = panel.client(guest).post(here("record_ticket_presence", ticket.pk), {"state": "typing"}).content.decode()
    assert (f"{writer.name} is writing" in by_guest, "Take over" in by_guest) == (True, False)
    assert panel.client(guest).post(here("record_ticket_takeover", ticket.pk)).status_code == 403
    panel.client(other).post(here("record_ticket_takeover", ticket.pk))
    assert Presence.objects.get(holds_reply=True).agent.person == other
    assert panel.client(other).post(here("record_ticket_presence", ticket.pk), {"state": "away"}).status_code == 204
    assert Presence.objects.count() == 1


@pytest.mark.spec("T3")
def test_an_answer_that_is_sent_again_after_a_lost_connection_leaves_once(panel: Panel) -> None:
    ticket, client = panel.ticket(), panel.client()
    say(ticket, 1)
    form = {
        "mode": "reply", "html": "<div>確認します</div>", "to": [EMAIL], "seen": Message.objects.get().pk, "key": "k1",
    }  # fmt: skip
    url = panel.url("record_ticket_replies", ticket.pk)
    assert client.post(url, form).status_code == 200
    say(ticket, 2)  # the customer was quicker than the second attempt
    assert client.post(url, form).status_code == 200
    mail = Message.objects.get(direction="out")
    assert client.post(url, {**form, "html": "<div>もう一つ</div>"}).status_code == 422
    withdraw_message(mail, actor=MAKER)
    client.post(url, {**form, "seen": Message.objects.latest("pk").pk})
    assert Message.objects.filter(direction="out").count() == 2


@pytest.mark.spec("T3")
def test_a_comment_that_is_sent_again_after_a_lost_connection_stands_once_and_changed_words_are_no_repetition(
    panel: Panel,
) -> None:
    ticket, client = panel.ticket(), panel.client()
    url = panel.url("record_ticket_comments", ticket.pk)
    form = {"mode": "comment", "html": "<div>確認します</div>", "key": "k1"}
    client.post(url, form)
    client.post(panel.url("record_ticket_draft", ticket.pk), form)
    assert client.post(url, form).status_code == 200
    assert Comment.objects.count() == 1
    assert not Draft.objects.exists()
    client.post(url, {**form, "html": "<div>確認しました</div>"})
    client.post(url, {**form, "key": "k2"})
    panel.client(panel.agent()).post(url, form)
    assert Comment.objects.count() == 4


@pytest.mark.spec("T3")
def test_images_and_lost_mails_of_the_sheet_have_its_own_addresses(panel: Panel) -> None:
    ticket = panel.ticket()
    lost = send_reply(ticket, html="<p>x</p>", to=[EMAIL], actor=panel.agent().as_actor(), at=clock.now())
    Message.objects.filter(pk=lost.pk).update(state="failed", failure="550 no such user")
    url = panel.url("record_ticket_talk", ticket.pk)
    again = panel.url("record_ticket_sending", ticket.pk, lost.pk)
    assert again in panel.client().get(url).content.decode()
    assert again not in panel.client(panel.colleague(AgentRole.LIGHT_AGENT)).get(url).content.decode()
    assert panel.client().post(again).status_code == 200
    assert Message.objects.get(pk=lost.pk).state == "pending"


@pytest.mark.spec("T3", "T6")
def test_remote_images_are_asked_for_in_the_sheet_by_who_has_a_seat(panel: Panel) -> None:
    ticket = panel.ticket()
    text = '<p>x<img src="https://img.example.com/a.png" alt="chart"></p>'
    mail = receive_message(ticket, sender=EMAIL, html=text, actor=MAKER)
    guest, light = panel.client(panel.colleague()), panel.client(panel.colleague(AgentRole.LIGHT_AGENT))
    sheet, talk = panel.url("record_ticket", ticket.pk), panel.url("record_ticket_talk", ticket.pk)
    asking = panel.url("record_ticket_images", ticket.pk, mail.pk)
    assert [asking in one.get(sheet).content.decode() for one in (light, guest)] == [True, False]
    assert "img.example.com" not in light.get(sheet).content.decode()
    assert guest.post(asking).status_code == 403
    assert light.post(panel.url("record_ticket_images", panel.ticket().pk, mail.pk)).status_code == 404
    assert light.post(asking)["HX-Refresh"] == "true"
    assert light.get(sheet)["HX-Redirect"] == sheet, "only a page of its own may let the images in"
    whole = Client()
    whole.force_login(panel.agent())
    page = whole.get(sheet)
    assert "img.example.com" in page.content.decode()
    assert "img-src 'self' data: blob: https:" in page["Content-Security-Policy"]
    parts = [light.get(talk).content.decode(), light.get(f"{talk}?images=1").content.decode()]
    assert [("img.example.com" in part, asking in part) for part in parts] == [(False, True), (True, False)]


@pytest.mark.spec("P4")
def test_somebody_without_a_desk_account_reads_and_comments_on_every_route_and_nothing_else(panel: Panel) -> None:
    ticket, client = panel.ticket(description_html="<p>まだです</p>"), panel.client(panel.colleague())
    comment = add_comment(ticket, html="<p>社内</p>", actor=MAKER)
    sheet = client.get(panel.url("record_ticket", ticket.pk)).content.decode()
    assert "まだです" in sheet
    assert f"comment-{comment.pk}" in sheet
    assert "hx-post" not in sheet.split('id="ticket-properties"')[1]
    mail = {"html": "<p>x</p>", "to": [EMAIL]}
    for name, args, data, status in (
        ("record_ticket_replies", [ticket.pk], mail, 403),
        ("record_ticket_comments", [ticket.pk], {"mode": "public_comment", "html": "<p>x</p>"}, 403),
        ("record_ticket_draft", [ticket.pk], {"mode": "reply", "html": "<p>x</p>"}, 403),
        ("record_ticket_properties", [ticket.pk], {"priority": "Low"}, 403),
        ("record_ticket_takeover", [ticket.pk], {}, 403),
        ("record_ticket_images", [ticket.pk, 1], {}, 403),
        ("record_tickets_values", [], {"selected": ticket.pk, "field": "priority", "value": "Low"}, 403),
        ("record_tickets_closures", [], {"selected": ticket.pk}, 403),
        ("record_tickets_removals", [], {"selected": ticket.pk}, 403),
        ("record_tickets_undoing", [1], {}, 403),
        ("record_ticket_new", [], {"subject": "x"}, 403),
        ("record_ticket_new_fields", [], {}, 403),
        ("record_ticket_new_draft", [], {}, 403),
    ):
        assert client.post(panel.url(name, *args), data).status_code == status, name
    for name in ("record_ticket_new", "record_tickets_update", "record_ticket_new_suggestions"):
        assert client.get(panel.url(name)).status_code == 403, name
    for name in ("record_tickets_contacts", "record_tickets_accounts"):
        assert client.get(panel.url(name)).json() == []
    assert (Message.objects.count(), Ticket.objects.get().priority) == (0, ticket.priority)
