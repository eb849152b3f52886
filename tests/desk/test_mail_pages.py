"""What people see of mail: the settings, the log with its decisions, hints on a ticket, remote images, and writing as a customer."""

from pathlib import Path

import pytest
from django.test import override_settings
from django.urls import reverse

from kakehashi.desk.conversations.models import Message
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, MailState, Reason
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.mailbox.outbox import OUTBOX
from kakehashi.desk.mailboxes.models import Mailbox, OutgoingServer
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_contact, make_ticket
from tests.makers.mail import make_mail

from .conftest import People

pytestmark = pytest.mark.django_db
FORWARD = "お願いします。\n\n---------- Forwarded message ---------\nFrom: 高橋 花子 <hanako@customer.example>\nDate: 2026\nTo: x\n\n見積書をください。"
OUTLOOK = "FYI\n\n-----Original Message-----\nFrom: Hanako Takahashi [mailto:hanako@customer.example]\nSent: Monday\nTo: x\n\nPlease"
JAPANESE = "確認願います\n\n差出人: 高橋 花子 <hanako@customer.example>\n送信日時: 2026年11月25日\n宛先: 森本\n件名: 見積\n\n本文"


def file(portal: Portal, raw: bytes) -> IncomingMail:
    taken = take_in(portal, [Delivery(raw)])[0]
    assert taken is not None
    file_waiting(portal.pk)
    return IncomingMail.objects.get(pk=taken.pk)


def test_addresses_are_added_chosen_and_removed(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    department = portal.departments.all()[0]
    new = reverse("desk_mail_address_new", args=[portal.pk])
    form = {"address": "help@minamo.example", "name": "Help", "department": department.pk}
    assert client.post(new, form).status_code == 302
    refused = client.post(new, form)
    assert refused.status_code == 422
    assert "belongs to another department" in refused.content.decode()
    added = portal.mail_addresses.get(address="help@minamo.example")
    client.post(reverse("desk_mail_address_answering", args=[portal.pk, added.pk]))
    department.refresh_from_db()
    assert department.answers_from == added
    client.post(reverse("desk_mail_address_deletion", args=[portal.pk, added.pk]))
    department.refresh_from_db()
    assert department.answers_from is not None
    assert department.answers_from.address == "support@minamo.example"


def test_a_mailbox_keeps_its_password_sealed_and_tells_its_trouble(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    form = {
        "name": "Support", "department": portal.departments.all()[0].pk, "host": "127.0.0.1", "port": 1, "security": "none",
        "username": "u", "password": "open sesame", "folder": "INBOX", "after_reading": "seen",
    }  # fmt: skip
    new = reverse("desk_mailbox_new", args=[portal.pk])
    assert client.post(new, {**form, "after_reading": "move"}).status_code == 422
    assert client.post(new, form).status_code == 302
    mailbox = Mailbox.objects.get()
    assert "sesame" not in mailbox.sealed_password
    assert mailbox.password() == "open sesame"
    page = reverse("desk_mailbox", args=[portal.pk, mailbox.pk])
    client.post(page, {**form, "password": "", "name": "Renamed"})
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.password()) == ("Renamed", "open sesame")
    told = client.post(reverse("desk_mailbox_test", args=[portal.pk, mailbox.pk]), follow=True).content.decode()
    assert "does not answer" in told
    assert "sesame" not in told


def test_a_department_gets_a_server_of_its_own_and_gives_it_up(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    here = [portal.pk, portal.departments.all()[0].pk]
    form = {"host": "127.0.0.1", "port": 1, "security": "none", "username": "", "password": ""}
    assert client.post(reverse("desk_mail_server", args=here), form).status_code == 302
    assert "refused" in client.post(reverse("desk_mail_server_test", args=here), follow=True).content.decode().lower()
    client.post(reverse("desk_mail_server_deletion", args=here))
    assert not OutgoingServer.objects.exists()


def test_the_log_tells_of_every_mail_and_is_searched(portal: Portal, people: People) -> None:
    file(portal, make_mail(subject="冷蔵庫3号機"))
    file(portal, make_mail(message_id="<2@c>", subject="自動返信: 不在です"))
    client = people.client_of("administrator")
    here = reverse("desk_incoming_mails", args=[portal.pk])
    page = client.get(here).content.decode()
    assert "冷蔵庫3号機" in page
    assert "An automatic reply" in page
    assert "冷蔵庫3号機" not in client.get(here, {"state": "ignored"}).content.decode()
    assert "自動返信" not in client.get(here, {"q": "冷蔵庫"}).content.decode()


def test_an_ignored_mail_and_an_unreadable_one_become_tickets_by_hand(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    ignored = file(portal, make_mail(extra="Auto-Submitted: auto-replied"))
    garbage = file(portal, b"\x00 no mail at all")
    for mail in (ignored, garbage):
        client.post(reverse("desk_incoming_filing", args=[portal.pk, mail.pk]))
        mail.refresh_from_db()
        assert (mail.state, mail.reason) == (MailState.FILED, Reason.BY_HAND)
    assert garbage.message is not None
    assert garbage.message.attachments.get().attachment.name == "mail.eml"


def test_the_source_of_a_mail_cannot_act(portal: Portal, people: People) -> None:
    mail = file(portal, make_mail(html="<script>alert(1)</script>"))
    assert mail.message_id is not None
    for url in (
        reverse("desk_incoming_source", args=[portal.pk, mail.pk]),
        reverse("desk_message_source", args=[portal.pk, mail.message_id]),
    ):
        answer = people.client_of("administrator").get(url)
        assert answer["Content-Type"].startswith("text/plain")
        assert "sandbox" in answer["Content-Security-Policy"]
    original = reverse("desk_message_original", args=[portal.pk, mail.message_id])
    assert people.client_of("light_agent").get(original).status_code == 200
    assert people.client_of("stranger").get(original).status_code == 404


def test_a_strangers_answer_is_moved_to_its_ticket_with_one_click(portal: Portal, people: People) -> None:
    target = make_ticket(portal, contact=make_contact(portal))
    close_ticket(target, actor=MAKER)
    mail = file(portal, make_mail(subject=f"Re: [#{target.number}]", files={"a.txt": b"x"}))
    left = mail.ticket
    assert left is not None
    client = people.client_of("agent")
    assert f"#{target.number}" in client.get(reverse("desk_ticket", args=[portal.pk, left.pk])).content.decode()
    answer = client.post(reverse("desk_ticket_joining", args=[portal.pk, left.pk]))
    assert answer["HX-Redirect"] == reverse("desk_ticket", args=[portal.pk, target.pk])
    target.refresh_from_db()
    left.refresh_from_db()
    assert (target.message_count, target.closed_at, target.is_our_turn) == (1, None, True)
    assert target.messages.get().attachments.get().ticket == target
    assert left.deleted_at is not None
    again = file(portal, make_mail(message_id="<n@c>", in_reply_to="<one@c.example>"))
    assert again.ticket == target  # whoever was moved here takes part


def test_a_hint_is_dismissed(portal: Portal, people: People) -> None:
    target = make_ticket(portal, contact=make_contact(portal))
    mail = file(portal, make_mail(subject=f"Re: [#{target.number}]"))
    people.client_of("agent").post(reverse("desk_ticket_hint_deletion", args=[portal.pk, mail.ticket_id]))
    mail.refresh_from_db()
    assert mail.suggested_ticket is None


@pytest.mark.parametrize("text", [FORWARD, OUTLOOK, JAPANESE])
def test_a_forwarded_mail_is_the_customers_once_somebody_confirms(portal: Portal, people: People, text: str) -> None:
    colleague = people.agent.person
    mail = file(portal, make_mail(sender=colleague.email, name=colleague.name, subject="FW: 見積もり", text=text))
    ticket = mail.ticket
    assert ticket is not None
    assert ticket.contact is None
    assert "hanako@customer.example" in mail.original_sender
    people.client_of("agent").post(reverse("desk_ticket_attribution", args=[portal.pk, ticket.pk]))
    ticket.refresh_from_db()
    message = Message.objects.get(ticket=ticket)
    assert ticket.contact is not None
    assert (ticket.contact.email, ticket.email) == ("hanako@customer.example", "hanako@customer.example")
    assert "hanako@customer.example" in message.sender
    assert colleague.email in message.forwarded_by
    assert message.quoted_html == ""


def test_a_customer_who_forwards_is_the_customer(portal: Portal) -> None:
    mail = file(portal, make_mail(subject="Fwd: x", text=FORWARD))
    assert mail.original_sender == ""
    assert mail.ticket is not None
    assert mail.ticket.contact is not None


def test_remote_images_are_shown_only_after_somebody_asked(portal: Portal, people: People) -> None:
    mail = file(portal, make_mail(html='<p>x<img src="https://img.example.com/a.png" alt="logo"></p>'))
    client = people.client_of("agent")
    page = reverse("desk_ticket", args=[portal.pk, mail.ticket_id])
    before = client.get(page)
    assert "img.example.com" not in before.content.decode()
    assert "https:" not in before["Content-Security-Policy"]
    asked = client.post(reverse("desk_message_images", args=[portal.pk, mail.message_id]))
    assert asked["HX-Refresh"] == "true"
    after = client.get(page)
    assert "img.example.com" in after.content.decode()
    assert "img-src 'self' data: blob: https:" in after["Content-Security-Policy"]


@override_settings(EMAIL_BACKEND=OUTBOX, DEMO=True)
def test_one_writes_to_a_portal_as_a_customer_and_answers_its_mails(portal: Portal, people: People) -> None:
    client = people.client_of("agent")
    page = reverse("dev_outbox_write")
    form = {
        "name": "相沢 美咲",
        "sender": "misaki@c.example",
        "to": "support@minamo.example",
        "subject": "質問",
        "text": "はい",
    }
    assert client.get(page).status_code == 200
    assert client.post(page, {**form, "to": "support@elsewhere.example"}).status_code == 422
    assert client.post(page, form).status_code == 302
    file_waiting(portal.pk)
    assert Ticket.objects.get(portal=portal).subject == "質問"
    with override_settings(DEMO=False, DEBUG=False):
        assert client.get(page).status_code == 404


def test_samples_all_pass_through_the_whole_intake(portal: Portal) -> None:
    samples = sorted(Path(__file__).with_name("mails").glob("*.eml"))
    states = [
        file(portal, path.read_bytes().replace(b"<sample@", b"<%d@" % number)).state
        for number, path in enumerate(samples)
    ]
    assert len(states) > 20
    assert MailState.RECEIVED not in states
