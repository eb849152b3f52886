"""Mail over real SMTP: known recipients only, stored before "250", put off while the database is away; no machine loops with another."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections
from django.test import override_settings

from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, Reason
from kakehashi.desk.intake.smtp import listen
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_desk_person, make_portal
from tests.makers.mail import make_mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


@pytest.fixture
def door(portal: Portal) -> Iterator[int]:
    """The listener in a thread of its own; answers its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    loop = asyncio.new_event_loop()
    with override_settings(MAIL_LIMIT_BYTES=200_000):
        server = loop.run_until_complete(listen("127.0.0.1", port))
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        yield port
        asyncio.run_coroutine_threadsafe(sync_to_async(connections.close_all)(), loop).result(5)
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def send(port: int, raw: bytes, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("misaki@c.example", list(recipients), raw)


def test_a_forwarded_mail_becomes_a_ticket(portal: Portal, door: int) -> None:
    send(door, make_mail(to="hidden@elsewhere.example", files={"log.txt": b"x" * 50_000}), "support+tag@minamo.example")
    mail = IncomingMail.objects.get()
    assert (mail.state, mail.source, mail.recipients, mail.envelope_sender) == (
        "received",
        "smtp",
        ["support+tag@minamo.example"],
        "misaki@c.example",
    )
    assert file_waiting(portal.pk) == 1
    assert Ticket.objects.get().subject == "ロガーが切断される"


def test_strangers_addresses_are_refused_and_nothing_is_relayed(door: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(door, make_mail(), "somebody@elsewhere.example")
    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert not IncomingMail.objects.exists()


def test_each_portal_gets_its_own_copy(portal: Portal, door: int) -> None:
    other = make_portal(name="Second", administrator=make_desk_person())
    send(door, make_mail(), "support@minamo.example", f"support-{other.pk}@minamo.example")
    assert {mail.portal_id: mail.recipients for mail in IncomingMail.objects.all()} == {
        portal.pk: ["support@minamo.example"],
        other.pk: [f"support-{other.pk}@minamo.example"],
    }


def test_what_is_too_large_is_refused(door: int) -> None:
    with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused:
        send(door, make_mail(files={"a.bin": b"x" * 300_000}), "support@minamo.example")
    assert refused.value.smtp_code == 552


def test_while_the_database_is_away_the_sender_is_asked_to_come_again(
    door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr("kakehashi.desk.intake.smtp.take_in", away)
        with pytest.raises(smtplib.SMTPDataError) as put_off:
            send(door, make_mail(), "support@minamo.example")
        assert put_off.value.smtp_code == 451
        patch.setattr("kakehashi.desk.intake.smtp.find_addresses", away)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(door, make_mail(), "support@minamo.example")
    send(door, make_mail(), "support@minamo.example")
    assert IncomingMail.objects.count() == 1


def test_an_automatic_answerer_on_the_other_side_does_not_loop(portal: Portal, door: int) -> None:
    send(door, make_mail(), "support@minamo.example")
    for number in range(5):
        raw = make_mail(
            message_id=f"<auto{number}@c.example>",
            subject="自動返信: ロガーが切断される [#101]",
            extra="Auto-Submitted: auto-replied",
        )
        send(door, raw, "support@minamo.example")
    file_waiting(portal.pk)
    assert Ticket.objects.get().message_count == 1
    assert IncomingMail.objects.filter(reason=Reason.AUTO_REPLY, ticket=Ticket.objects.get()).count() == 5
