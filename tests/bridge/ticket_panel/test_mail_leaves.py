"""Spec T3: what is written in the CRM really arrives, over SMTP, once, with its files; what is taken back does not."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.core import clock
from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.mailbox.sending import deliver, due_messages
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, SUPPORT
from tests.makers.postbox import Postbox, postbox_at_work

from .worlds import EMAIL, Panel, make_panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Panel:
    return make_panel()


def asked(panel: Panel) -> Ticket:
    ticket = panel.ticket(subject="冷蔵庫3号機")
    sender = f"相沢 美咲 <{EMAIL}>"
    receive_message(
        ticket, sender=sender, html="<p>x</p>", message_id="<one@c.example>", cc=["qa@c.example"], actor=MAKER
    )
    return ticket


def send_due() -> None:
    Message.objects.filter(direction="out").update(send_after=clock.now())  # ten seconds later
    for message_id in list(due_messages()):
        deliver(message_id)


@pytest.mark.spec("T3")
def test_a_reply_to_all_with_a_file_and_an_image_arrives_once(panel: Panel) -> None:
    ticket, client = asked(panel), panel.client()
    files = [
        client.post(panel.url("record_tickets_uploads"), {"file": SimpleUploadedFile(name, b"x", kind)}).json()
        for name, kind in (("log.csv", "text/csv"), ("photo.png", "image/png"))
    ]
    html = f'<div>確認します<img src="{files[1]["url"]}"></div>'
    form = {"mode": "reply_all", "html": html, "to": [EMAIL], "cc": ["qa@c.example"], "uploads": files[0]["id"]}
    client.post(panel.url("record_ticket_replies", ticket.pk), form)
    with postbox_at_work() as box:
        send_due()
        send_due()
    [(_sender, recipients, mail)] = box.mails
    assert sorted(recipients) == sorted([EMAIL, "qa@c.example"])
    assert (mail["In-Reply-To"], SUPPORT in str(mail["From"])) == ("<one@c.example>", True)
    body = mail.get_body(("html",))
    assert body is not None
    assert "確認します" in body.get_content()
    assert 'src="cid:' in body.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["log.csv"]


@pytest.mark.spec("T3")
def test_what_is_taken_back_in_the_sheet_never_leaves(panel: Panel) -> None:
    ticket, client = asked(panel), panel.client()
    sent = client.post(
        panel.url("record_ticket_replies", ticket.pk), {"mode": "reply", "html": "<p>x</p>", "to": [EMAIL]}
    )
    client.post(json.loads(sent.headers["HX-Trigger"])["toast"]["undo"])
    with postbox_at_work() as box:
        send_due()
    assert box.mails == []


def test_a_comment_from_the_crm_is_no_mail(panel: Panel) -> None:
    ticket = asked(panel)
    panel.client(panel.colleague()).post(panel.url("record_ticket_comments", ticket.pk), {"html": "<p>社内</p>"})
    box: Postbox
    with postbox_at_work() as box:
        send_due()
    assert box.mails == []
