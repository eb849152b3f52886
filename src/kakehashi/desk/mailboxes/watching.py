"""Watching all mailboxes: one thread and one IMAP connection each, woken by the server (IDLE), or every minute where it cannot.

A thread holds the mailbox's claim as long as it watches, so that of several workers only one ever reads a mailbox. When its process
dies PostgreSQL gives the claim up at once, and the next worker that looks goes on.
"""

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import Q
from imap_tools import BaseMailBox

from kakehashi.core import clock
from kakehashi.core.events.subscribers import claim

from .imap import MailboxTrouble, open_mailbox
from .models import Mailbox
from .reading import note_trouble, read_new

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 3.0
_STEP_SECONDS = 3.0  # how long a stop or a change of settings waits at most
_POLL_SECONDS = 60.0
_LONGEST_IDLE_SECONDS = 300.0  # shorter than what firewalls keep a silent line open for


def watch_mailboxes(stopped: threading.Event) -> None:
    """Until `stopped`: a thread for every mailbox that is enabled and due."""
    threads: dict[int, threading.Thread] = {}
    while not stopped.is_set():
        try:
            for mailbox_id in _due():
                if not (thread := threads.get(mailbox_id)) or not thread.is_alive():
                    threads[mailbox_id] = _start(mailbox_id, stopped)
        except (DatabaseError, InterfaceError) as failure:
            logger.warning("Mailboxes wait for the database: %s", str(failure).partition("\n")[0])
            close_old_connections()
        stopped.wait(_LOOK_SECONDS)
    for thread in threads.values():
        thread.join(_STEP_SECONDS + 2)
    connection.close()


def read_once(mailbox_id: int) -> bool:
    """One look into a mailbox, by hand or in tests. False when somebody else reads it."""
    with claim(_claim_of(mailbox_id)) as is_ours:
        if is_ours and (mailbox := _wanted(mailbox_id)):
            _look(mailbox)
        return is_ours


def _start(mailbox_id: int, stopped: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=_watch, args=[mailbox_id, stopped], daemon=True, name=f"mailbox {mailbox_id}")
    thread.start()
    return thread


def _due() -> list[int]:
    close_old_connections()
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=clock.now())
    return list(Mailbox.objects.filter(due, is_enabled=True).values_list("pk", flat=True))


def _watch(mailbox_id: int, stopped: threading.Event) -> None:
    try:
        with claim(_claim_of(mailbox_id)) as is_ours:
            if is_ours and (mailbox := _wanted(mailbox_id)):
                _follow(mailbox, stopped)
    except (DatabaseError, InterfaceError) as failure:
        logger.warning("The mailbox %s waits for the database: %s", mailbox_id, str(failure).partition("\n")[0])
    except Exception:
        logger.exception("Watching the mailbox %s failed; it goes on soon", mailbox_id)
    finally:
        connection.close()


def _follow(mailbox: Mailbox, stopped: threading.Event) -> None:
    """Read, wait for news, read again, on one connection, until it breaks or somebody changes the settings."""
    try:
        with open_mailbox(mailbox) as box:
            read_new(box, mailbox)
            while not stopped.is_set() and _is_unchanged(mailbox):
                _wait(box, mailbox, stopped)
                read_new(box, mailbox)
    except MailboxTrouble as trouble:
        note_trouble(mailbox, trouble)


def _look(mailbox: Mailbox) -> None:
    try:
        with open_mailbox(mailbox) as box:
            read_new(box, mailbox)
    except MailboxTrouble as trouble:
        note_trouble(mailbox, trouble)


def _wait(box: BaseMailBox, mailbox: Mailbox, stopped: threading.Event) -> None:
    """Until the server tells of something, a stop, other settings, or the time for a look in any case."""
    if "IDLE" not in box.client.capabilities:
        stopped.wait(_POLL_SECONDS)
        return
    until = time.monotonic() + _LONGEST_IDLE_SECONDS
    box.idle.start()  # type: ignore[no-untyped-call]  # imap-tools leaves these two so
    try:
        while time.monotonic() < until and not stopped.is_set():
            if box.idle.poll(timeout=_STEP_SECONDS) or not _is_unchanged(mailbox):
                return
    finally:
        box.idle.stop()  # type: ignore[no-untyped-call]


def _wanted(mailbox_id: int) -> Mailbox | None:
    return Mailbox.objects.select_related("portal").filter(pk=mailbox_id, is_enabled=True).first()


def _is_unchanged(mailbox: Mailbox) -> bool:
    """Also keeps the claim's connection in use."""
    now = Mailbox.objects.filter(pk=mailbox.pk, is_enabled=True).first()
    return now is not None and all(getattr(now, name) == getattr(mailbox, name) for name in _SETTINGS)


def _claim_of(mailbox_id: int) -> str:
    return f"mailbox:{mailbox_id}"


_SETTINGS = (
    "host", "port", "security", "username", "sealed_password", "folder", "after_reading", "move_to", "department_id", "uid_validity",
)  # fmt: skip
