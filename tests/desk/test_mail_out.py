"""Replies leave over real SMTP, once, with the headers that keep a conversation together; what fails is seen and tried again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.desk.addresses.models import MailAddress
from kakehashi.desk.conversations.actions import receive_mail, receive_message, send_reply
from kakehashi.desk.conversations.after_sending import send_again, withdraw_message
from kakehashi.desk.conversations.forwarding import references_of
from kakehashi.desk.conversations.incoming import IncomingText
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.mailbox.marks import mark_of_ticket, message_of_stamp
from kakehashi.desk.mailbox.models import OutboxMail
from kakehashi.desk.mailbox.sending import deliver, due_messages
from kakehashi.desk.mailboxes.models import OutgoingServer, Security
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_contact, make_desk_person, make_ticket
from tests.makers.postbox import Postbox, postbox_at_work

from .conftest import People

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with postbox_at_work() as box:
        yield box


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    ticket = make_ticket(portal, subject="冷蔵庫3号機", contact=make_contact(portal, email="a@c.example"))
    receive_message(ticket, sender="相沢 <a@c.example>", html="<p>x</p>", message_id="<one@c.example>", actor=MAKER)
    return ticket


def reply(ticket: Ticket, **options: Any) -> Message:
    return send_reply(
        ticket, **{"html": "<p>確認します</p>", "to": ["相沢 美咲 <a@c.example>"], "actor": MAKER, **options}
    )


def test_a_reply_threads_and_comes_from_the_department(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket, cc=["b@c.example"], bcc=["secret@c.example"])
    assert deliver(message.pk).state == MessageState.SENT  # type: ignore[union-attr]
    sender, recipients, mail = postbox.mails[0]
    assert sender == "support@minamo.example"
    assert recipients == ["a@c.example", "b@c.example", "secret@c.example"]
    assert mail["From"] == "Minamo Support <support@minamo.example>"
    assert str(mail["To"].addresses[0].display_name) == "相沢 美咲"
    assert mail["Cc"] == "b@c.example"
    assert mail["Bcc"] is None
    assert mail["Subject"] == f"Re: 冷蔵庫3号機 [#{ticket.number}]"
    assert mail["In-Reply-To"] == mail["References"] == "<one@c.example>"
    assert mail["Message-ID"] == message.message_id
    assert message_of_stamp(ticket.portal, mail["X-Kakehashi-Message"]) == message.pk
    assert mail["Auto-Submitted"] is None
    assert mail.get_body(("plain",)).get_content().startswith("確認します")  # type: ignore[union-attr]
    assert "<p>確認します</p>" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_answers_name_their_ticket(ticket: Ticket, postbox: Postbox) -> None:
    mark = mark_of_ticket(ticket.portal, ticket.pk)
    deliver(reply(ticket).pk)
    MailAddress.objects.update(takes_tags=True)
    deliver(reply(ticket).pk)
    deliver(reply(ticket, is_forward=True).pk)
    plain, tagged, forward = (mail for _sender, _recipients, mail in postbox.mails)
    assert plain["Reply-To"] is None
    assert mark in plain.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert tagged["Reply-To"] == f"Minamo Support <support+{mark}@minamo.example>"
    assert mark not in forward.as_string()


def test_a_department_may_send_through_a_server_of_its_own(ticket: Ticket, postbox: Postbox) -> None:
    server = OutgoingServer(department=ticket.department, host="127.0.0.1", port=1, security=Security.NONE)
    server.save()
    assert deliver(reply(ticket).pk).state == MessageState.PENDING  # type: ignore[union-attr]
    OutgoingServer.objects.update(port=settings.EMAIL_PORT)
    assert deliver(reply(ticket).pk).state == MessageState.SENT  # type: ignore[union-attr]
    OutgoingServer.objects.update(sealed_password="sealed elsewhere")
    failed = deliver(reply(ticket).pk)
    assert failed is not None
    assert (failed.state, "password" in failed.failure) == (MessageState.FAILED, True)


def test_the_next_reply_refers_to_all_before(ticket: Ticket, postbox: Postbox) -> None:
    first = reply(ticket)
    second = reply(ticket)
    assert (second.in_reply_to, second.references) == (first.message_id, f"<one@c.example> {first.message_id}")


def test_inline_images_and_files_travel(ticket: Ticket, portal: Portal, people: People, postbox: Postbox) -> None:
    image = store_attachment(
        tenant=portal.tenant, name="図.png", content=PNG, content_type="image/png", actor=people.agent.actor
    )
    caption = '<figcaption class="attachment__caption"><span class="attachment__name">図.png</span></figcaption>'
    html = f'<p>図:</p><figure><img src="/desk/{portal.pk}/uploads/{image.pk}/">{caption}</figure>'
    message = reply(ticket, html=html, uploads=[image, NewFile("手順.pdf", "application/pdf", b"%PDF")])
    assert f'src="attachment:{image.pk}"' in message.html
    deliver(message.pk)
    mail = postbox.mails[0][2]
    parts = {part.get_filename(): part for part in mail.walk() if part.get_filename()}
    assert set(parts) == {"図.png", "手順.pdf"}
    content_id = parts["図.png"]["Content-ID"].strip("<>")
    assert f"cid:{content_id}" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert parts["図.png"].get_content() == PNG
    assert "図.png" not in message.html


def test_a_forward_carries_the_customers_words_and_files(ticket: Ticket, postbox: Postbox) -> None:
    receive_message(
        ticket,
        sender="相沢 <a@c.example>",
        html="<p>写真です</p>",
        uploads=[NewFile("a.txt", "text/plain", b"x")],
        actor=MAKER,
    )
    message = reply(ticket, to=["factory@us.example"], is_forward=True)
    deliver(message.pk)
    mail = postbox.mails[0][2]
    assert mail["Subject"].startswith("Fwd: ")
    assert mail["In-Reply-To"] is None
    assert "写真です" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.txt"]


def test_images_inside_a_customers_mail_are_inside_its_forward_too(ticket: Ticket, postbox: Postbox) -> None:
    mail = IncomingText(
        sender="相沢 <a@c.example>",
        html='<p>写真<img src="cid:photo@c"></p>',
        images={"photo@c": NewFile("photo.png", "image/png", PNG)},
    )
    receive_mail(ticket, mail, actor=MAKER)
    deliver(reply(ticket, html="<p>ご覧ください</p>", to=["factory@us.example"], is_forward=True).pk)
    sent = postbox.mails[0][2]
    image = next(part for part in sent.walk() if part.get_content_type() == "image/png")
    shown = sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f"cid:{image['Content-ID'].strip('<>')}" in shown
    assert image.get_content_disposition() == "inline"
    assert shown.index("ご覧ください") < shown.index("写真")
    assert "attachment:" not in shown


def test_an_answer_after_a_forward_answers_the_customer(ticket: Ticket, postbox: Postbox) -> None:
    reply(ticket, to=["factory@us.example"], is_forward=True)
    assert reply(ticket).in_reply_to == "<one@c.example>"


def test_references_of_a_long_thread_keep_the_first_and_the_latest(ticket: Ticket) -> None:
    ids = [f"<{number}@c.example>" for number in range(60)]
    in_reply_to, references = references_of(Message(message_id="<last@c.example>", references=" ".join(ids)))
    assert in_reply_to == "<last@c.example>"
    assert references.split() == [ids[0], *ids[-18:], "<last@c.example>"]


def test_a_mail_is_held_and_can_be_taken_back(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket, hold_seconds=10)
    assert deliver(message.pk) is None
    ticket.refresh_from_db()
    assert (ticket.is_our_turn, ticket.first_response_seconds is None) == (False, False)
    assert withdraw_message(message, actor=MAKER)
    with clock.frozen_at(clock.now() + timedelta(seconds=11)):
        assert deliver(message.pk) is None
    ticket.refresh_from_db()
    assert (ticket.is_our_turn, ticket.first_response_seconds) == (True, None)
    assert postbox.mails == []


def test_a_mail_that_left_cannot_be_taken_back(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket)
    deliver(message.pk)
    assert not withdraw_message(message, actor=MAKER)


def test_a_message_is_sent_once_however_often_its_job_runs(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket)
    deliver(message.pk)
    assert deliver(message.pk) is None
    assert len(postbox.mails) == 1


def test_a_process_that_died_while_sending_is_followed_up(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket)
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING, claimed_at=clock.now(), attempts=1)
    assert due_messages() == []
    with clock.frozen_at(clock.now() + timedelta(minutes=11)):
        assert due_messages() == [message.pk]
        assert deliver(message.pk).state == MessageState.SENT  # type: ignore[union-attr]


def test_a_server_that_is_busy_is_asked_again_later(ticket: Ticket, postbox: Postbox) -> None:
    postbox.answer = "451 Try again later"
    message = deliver(reply(ticket).pk)
    assert message is not None
    assert (message.state, message.failure) == (MessageState.PENDING, "451 Try again later")
    assert due_messages() == []
    postbox.answer = "250 OK"
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        assert deliver(message.pk).state == MessageState.SENT  # type: ignore[union-attr]


def test_no_server_at_all_is_waited_for_and_given_up_in_the_end(ticket: Ticket) -> None:
    message = reply(ticket)
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    moment = clock.now()
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        for _ in range(10):
            moment += timedelta(hours=5)
            with clock.frozen_at(moment):
                deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.FAILED, 10)
    assert "refused" in message.failure.lower()


def test_a_refusal_stands_on_the_message_and_can_be_tried_again(
    portal: Portal, people: People, ticket: Ticket, postbox: Postbox
) -> None:
    postbox.answer = "550 No such user"
    message = deliver(reply(ticket).pk)
    assert message is not None
    assert (message.state, message.failure) == (MessageState.FAILED, "550 No such user")
    client = people.client_of("agent")
    page = client.get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    assert "550 No such user" in page
    again = reverse("desk_message_sending", args=[portal.pk, message.pk])
    assert again in page
    postbox.answer = "250 OK"
    assert client.post(again).status_code == 200
    assert deliver(message.pk).state == MessageState.SENT  # type: ignore[union-attr]
    send_again(message, actor=MAKER)
    assert len(postbox.mails) == 1


def test_an_address_no_mail_can_carry_fails_at_once(ticket: Ticket, postbox: Postbox) -> None:
    message = reply(ticket)
    Message.objects.filter(pk=message.pk).update(to=["no address"])
    assert deliver(message.pk).state == MessageState.FAILED  # type: ignore[union-attr]


@override_settings(EMAIL_BACKEND="kakehashi.desk.mailbox.outbox.OutboxBackend", DEMO=False, DEBUG=False)
def test_without_a_server_mails_are_read_in_the_outbox(portal: Portal, people: People, ticket: Ticket) -> None:
    message = reply(ticket, html="<p>確認します</p><script>alert(1)</script>")
    deliver(message.pk)
    mail = OutboxMail.objects.get(portal=portal)
    client = people.client_of("light_agent")
    assert mail.subject in client.get(reverse("dev_outbox")).content.decode()
    page = client.get(reverse("dev_outbox_mail", args=[mail.pk])).content.decode()
    assert message.message_id.strip("<>") in page
    html = client.get(reverse("dev_outbox_html", args=[mail.pk]))
    assert "sandbox" in html["Content-Security-Policy"]
    assert "確認します" in html.content.decode()
    assert people.client_of("stranger").get(reverse("dev_outbox_mail", args=[mail.pk])).status_code == 404


@override_settings(EMAIL_BACKEND="kakehashi.desk.mailbox.outbox.OutboxBackend", DEMO=False, DEBUG=False)
def test_mails_that_let_one_sign_in_are_for_the_installations_administrator(people: People) -> None:
    OutboxMail.objects.create(
        portal=None, sender="x@example.com", subject="Reset your password", raw=b"Subject: x\n\nx"
    )
    assert "Reset" not in people.client_of("administrator").get(reverse("dev_outbox")).content.decode()
    root = make_desk_person()
    root.is_superuser = True
    root.save()
    people.stranger = root
    assert "Reset" in people.client_of("stranger").get(reverse("dev_outbox")).content.decode()


def test_there_is_no_outbox_where_mail_is_sent(people: People, postbox: Postbox) -> None:
    assert people.client_of("administrator").get(reverse("dev_outbox")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_smtp_settings_are_read_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    from kakehashi.assembly.environment import mail_settings

    monkeypatch.setenv("KAKEHASHI_SMTP_URL", "smtp://me%40x:s%23cret@mail.example:587?starttls")
    settings = mail_settings()
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("me@x", "s#cret")
    monkeypatch.setenv("KAKEHASHI_SMTP_URL", "smtps://mail.example")
    assert (mail_settings()["EMAIL_PORT"], mail_settings()["EMAIL_USE_SSL"]) == (465, True)
