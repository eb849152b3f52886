"""Reading a real IMAP server: each mail once, nothing lost when a process dies, trouble told in words, never two readers."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from kakehashi.core import clock
from kakehashi.core.events.subscribers import claim
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, Reason
from kakehashi.desk.mailboxes import reading
from kakehashi.desk.mailboxes.imap import MailboxTrouble, Trouble, open_mailbox
from kakehashi.desk.mailboxes.models import Mailbox, Security
from kakehashi.desk.mailboxes.reading import try_connection
from kakehashi.desk.mailboxes.watching import read_once, watch_mailboxes
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_portal
from tests.makers.mail import make_mail

from .dovecot import PASSWORD, PROGRAM, Dovecot, running_dovecot

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not PROGRAM, reason="no IMAP server here: install dovecot-imapd (tools/install-imap does as root)"
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="kakehashi-imap-"))
    with running_dovecot(folder / "server") as dovecot:
        yield dovecot
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    return make_portal()


@pytest.fixture
def mailbox(portal: Portal, server: Dovecot, request: pytest.FixtureRequest) -> Mailbox:
    """A mailbox of its own for each test, looked into once, so that it stands at its beginning."""
    made = make_mailbox(portal, server, username=f"u{abs(hash(request.node.name)) % 10**8}")
    read_once(made.pk)
    made.refresh_from_db()
    assert made.error == ""
    return made


def make_mailbox(portal: Portal, server: Dovecot, **options: Any) -> Mailbox:
    department = portal.departments.all()[0]
    shape = {"host": "127.0.0.1", "port": server.port, "security": Security.NONE, "username": "support", **options}
    made = Mailbox(portal=portal, name="Support", department=department, **shape)
    made.seal_password(PASSWORD)
    made.save()
    return made


def mails(number: int, first: int = 0) -> list[bytes]:
    return [make_mail(message_id=f"<i{at}@c>", sender=f"i{at}@c.example") for at in range(first, first + number)]


def test_new_mails_are_taken_in_once_and_marked_as_read(portal: Portal, server: Dovecot, mailbox: Mailbox) -> None:
    server.put(*mails(3), user=mailbox.username)
    for _ in range(2):
        assert read_once(mailbox.pk)
    assert file_waiting(portal.pk) == 3
    assert Ticket.objects.count() == 3
    with server.open(mailbox.username) as box:
        assert len(box.uids("SEEN")) == 3
    mailbox.refresh_from_db()
    assert (mailbox.count, mailbox.failures, mailbox.succeeded_at is not None) == (3, 0, True)


def test_old_mails_stay_where_they_are_unless_unread_ones_are_wanted(portal: Portal, server: Dovecot) -> None:
    server.put(*mails(2), user="old")
    for takes_unread, count in ((False, 0), (True, 2)):
        made = make_mailbox(portal, server, username="old", takes_unread=takes_unread)
        read_once(made.pk)
        assert IncomingMail.objects.count() == count


def test_a_process_that_died_before_marking_is_followed_up(
    portal: Portal, server: Dovecot, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox.objects.update(after_reading="move", move_to="Done")
    server.put(*mails(2), user=mailbox.username)

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(reading, "finish", die)
        with pytest.raises(SystemExit):
            read_once(mailbox.pk)
    assert IncomingMail.objects.count() == 2
    read_once(mailbox.pk)
    assert IncomingMail.objects.count() == 2
    with server.open(mailbox.username) as box:
        assert box.uids("ALL") == []
        box.folder.set("Done")
        assert len(box.uids("ALL")) == 2


def test_mails_numbered_anew_are_not_taken_twice(server: Dovecot, mailbox: Mailbox) -> None:
    server.put(*mails(2), user=mailbox.username)
    read_once(mailbox.pk)
    server.forget_numbers(mailbox.username)
    server.put(*mails(1, first=2), user=mailbox.username)
    read_once(mailbox.pk)
    assert IncomingMail.objects.count() == 3


def test_of_a_mail_too_large_only_the_head_is_taken(server: Dovecot, mailbox: Mailbox) -> None:
    server.put(make_mail(files={"a.bin": b"x" * 100_000}), user=mailbox.username)
    with override_settings(MAIL_LIMIT_BYTES=50_000):
        read_once(mailbox.pk)
    mail = IncomingMail.objects.get()
    assert (mail.state, mail.reason, mail.subject) == ("quarantined", Reason.TOO_LARGE, "ロガーが切断される")


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"port": 1}, Trouble.NO_ANSWER),
        ({"security": Security.TLS}, Trouble.WRONG_ENCRYPTION),
        ({"folder": "Nowhere"}, Trouble.NO_FOLDER),
        ({"sealed_password": "sealed elsewhere"}, Trouble.LOCKED),
        ({"host": "no.such.host.invalid"}, Trouble.UNKNOWN_HOST),
    ],
)
def test_trouble_is_told_and_waited_for(mailbox: Mailbox, change: dict[str, Any], trouble: Trouble) -> None:
    Mailbox.objects.update(**change)
    waits = []
    for _ in range(3):
        read_once(mailbox.pk)
        mailbox.refresh_from_db()
        assert mailbox.next_try_at is not None
        waits.append((mailbox.next_try_at - clock.now()).total_seconds())
    assert (mailbox.error, mailbox.failures) == (trouble, 3)
    assert waits == sorted(waits)
    with pytest.raises(MailboxTrouble):
        try_connection(mailbox)


def test_a_wrong_password_is_told_as_such(mailbox: Mailbox) -> None:
    mailbox.seal_password("wrong")
    with pytest.raises(MailboxTrouble) as told, open_mailbox(mailbox):
        pass
    assert told.value.trouble == Trouble.REFUSED


def test_two_workers_never_read_one_mailbox_at_once(mailbox: Mailbox) -> None:
    answers: list[bool] = []

    def second() -> None:
        answers.append(read_once(mailbox.pk))
        connection.close()

    with claim(f"mailbox:{mailbox.pk}"):
        other = threading.Thread(target=second)
        other.start()
        other.join()
    assert answers == [False]


def test_the_watcher_hears_of_a_mail_at_once(portal: Portal, server: Dovecot, mailbox: Mailbox) -> None:
    stopped = threading.Event()
    watcher = threading.Thread(target=watch_mailboxes, args=[stopped])
    watcher.start()
    try:
        time.sleep(1)  # it waits by now
        server.put(*mails(1), user=mailbox.username)
        until = time.monotonic() + 10
        while not IncomingMail.objects.exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert IncomingMail.objects.count() == 1
    finally:
        stopped.set()
        watcher.join(10)
    assert not watcher.is_alive()
