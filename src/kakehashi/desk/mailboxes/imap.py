"""Speaking IMAP with one mailbox. What goes wrong is told as a `MailboxTrouble`, in words that people can act on."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from .models import Mailbox, MailServer, Security

_TIMEOUT_SECONDS = 30
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Trouble(models.TextChoices):
    UNKNOWN_HOST = "unknown_host", _("There is no server of this name. Check the server's name.")
    NO_ANSWER = (
        "no_answer",
        _("The server does not answer. Check its name and port; perhaps a firewall stands between."),
    )
    NO_TRUST = (
        "no_trust",
        _("The server could not prove who it is (its certificate). Check its name, or ask whoever runs it."),
    )
    WRONG_ENCRYPTION = "wrong_encryption", _("The server does not speak this kind of encryption on this port.")
    REFUSED = (
        "refused",
        _("The server refuses this user name or password. Some providers want an app password for IMAP."),
    )
    NO_FOLDER = "no_folder", _("There is no such folder in the mailbox.")
    LOCKED = "locked", _("The stored password cannot be read any more. Enter it again.")
    OTHER = "other", _("The server answered something unexpected.")


class MailboxTrouble(Exception):
    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, detail[:1000]


@contextmanager
def open_mailbox(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """Signed in, its folder chosen. Raises `MailboxTrouble`, also for what happens inside."""
    with _telling():
        password = mailbox.password()
        if password is None:
            raise MailboxTrouble(Trouble.LOCKED)
        box = _connect(mailbox)
        try:
            box.login(mailbox.username, password, initial_folder=mailbox.folder)
            yield box
        finally:
            _leave(box)


def uids_after(box: BaseMailBox, uid: int) -> list[int]:
    """Ascending. A server answers its newest mail to "n:*" even when that is older than n."""
    return sorted(number for number in _numbers(box.uids(f"UID {uid + 1}:*")) if number > uid)


def unread_uids(box: BaseMailBox) -> list[int]:
    return sorted(_numbers(box.uids("UNSEEN")))


def uids_since(box: BaseMailBox, day: str) -> list[int]:
    return sorted(_numbers(box.uids(f"SINCE {day}")))


def raw_mail(box: BaseMailBox, uid: int, *, limit_bytes: int) -> tuple[bytes, bool] | None:
    """(bytes, is only the head) of a mail, None if it is gone. It stays unread."""
    size = _fetch(box, uid, "(UID RFC822.SIZE)")
    if size is None:
        return None
    found = _SIZE.search(size)
    is_cut = bool(found and int(found[1]) > limit_bytes)
    raw = _fetch(box, uid, "(UID BODY.PEEK[HEADER])" if is_cut else "(UID BODY.PEEK[])")
    return None if raw is None else (raw, is_cut)


def finish(box: BaseMailBox, uids: Sequence[int], mailbox: Mailbox) -> None:
    """Mark as read, or move, what is safe with us."""
    listed = [str(uid) for uid in uids]
    if not listed or mailbox.after_reading == "leave":
        return
    box.flag(listed, [r"\Seen"], True)
    if mailbox.after_reading == "move" and mailbox.move_to:
        if not box.folder.exists(mailbox.move_to):
            box.folder.create(mailbox.move_to)
        box.move(listed, mailbox.move_to)


def status_of(box: BaseMailBox, folder: str) -> tuple[int, int]:
    """(UIDVALIDITY, UIDNEXT)."""
    status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    return int(status["UIDVALIDITY"]), int(status["UIDNEXT"])


def _connect(server: MailServer) -> BaseMailBox:
    if server.security == Security.TLS:
        return MailBox(server.host, server.port, timeout=_TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    if server.security == Security.STARTTLS:
        return MailBoxStartTls(
            server.host, server.port, timeout=_TIMEOUT_SECONDS, ssl_context=ssl.create_default_context()
        )
    return MailBoxUnencrypted(server.host, server.port, timeout=_TIMEOUT_SECONDS)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except MailboxTrouble:
        raise
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, UnicodeError) as failure:
        raise MailboxTrouble(_trouble_of(failure), str(failure)) from failure


def _trouble_of(failure: Exception) -> Trouble:
    kinds: tuple[tuple[type[Exception], Trouble], ...] = (
        (socket.gaierror, Trouble.UNKNOWN_HOST),
        (ssl.SSLCertVerificationError, Trouble.NO_TRUST),
        (ssl.SSLError, Trouble.WRONG_ENCRYPTION),
        (MailboxLoginError, Trouble.REFUSED),
        (MailboxFolderSelectError, Trouble.NO_FOLDER),
        (OSError, Trouble.NO_ANSWER),
        (imaplib.IMAP4.abort, Trouble.NO_ANSWER),
    )
    return next((trouble for kind, trouble in kinds if isinstance(failure, kind)), Trouble.OTHER)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):  # the line was cut, and so we have left
        return


def _numbers(uids: Sequence[str]) -> list[int]:
    return [int(uid) for uid in uids]


def _fetch(box: BaseMailBox, uid: int, what: str) -> bytes | None:
    answer, parts = box.client.uid("fetch", str(uid), what)
    if answer != "OK":
        raise imaplib.IMAP4.error(str(parts))
    for part in parts:
        line: Any = part
        if isinstance(line, tuple) and (found := _UID.search(line[0])) and int(found[1]) == uid:
            return bytes(line[1])
        if isinstance(line, bytes) and (found := _UID.search(line)) and int(found[1]) == uid and b"SIZE" in line:
            return line
    # Some servers put the UID behind the literal.
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)
