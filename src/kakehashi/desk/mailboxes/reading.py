"""Reading a mailbox: every mail is stored before anything is done to it on the server, and where we stand is saved with it."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from imap_tools import BaseMailBox

from kakehashi.core import clock
from kakehashi.desk.intake.taking import Delivery, take_in

from .imap import (
    MailboxTrouble,
    finish,
    open_mailbox,
    raw_mail,
    status_of,
    uids_after,
    uids_since,
    unread_uids,
)
from .models import AfterReading, Mailbox

_BATCH = 20
_LONGEST_WAIT = timedelta(hours=1)


def read_new(box: BaseMailBox, mailbox: Mailbox) -> int:
    """Take in what is new; answers how many mails. Raises `MailboxTrouble` by `open_mailbox`."""
    uids = _uids_to_read(box, mailbox)
    for start in range(0, len(uids), _BATCH):
        _read_batch(box, mailbox, uids[start : start + _BATCH])
    if mailbox.after_reading == AfterReading.MOVE:  # what a process left that died before it moved them
        finish(box, [uid for uid in uids_after(box, mailbox.first_uid) if uid <= mailbox.last_uid], mailbox)
    note_success(mailbox)
    return len(uids)


def try_connection(mailbox: Mailbox) -> int:
    """Sign in and look, without taking anything: how many mails lie in the folder. Raises `MailboxTrouble`."""
    with open_mailbox(mailbox) as box:
        return len(box.uids("ALL"))


def note_success(mailbox: Mailbox) -> None:
    now = clock.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failures=0, error="", error_detail="", tried_at=now, succeeded_at=now, next_try_at=None
    )


def note_trouble(mailbox: Mailbox, trouble: MailboxTrouble) -> None:
    """Twice the wait each time, an hour at most."""
    failures = Mailbox.objects.values_list("failures", flat=True).get(pk=mailbox.pk) + 1
    wait = min(timedelta(seconds=15 * 2 ** min(failures - 1, 10)), _LONGEST_WAIT)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failures=failures,
        error=trouble.trouble,
        error_detail=trouble.detail.replace("\x00", ""),
        tried_at=clock.now(),
        next_try_at=clock.now() + wait,
    )


def _uids_to_read(box: BaseMailBox, mailbox: Mailbox) -> list[int]:
    validity, following = status_of(box, mailbox.folder)
    if mailbox.uid_validity == validity:
        return uids_after(box, mailbox.last_uid)
    if mailbox.uid_validity is None:
        uids = unread_uids(box) if mailbox.takes_unread else []
    else:  # the server has numbered its mails anew; what we have already is known by its Message-ID
        since = (mailbox.succeeded_at or mailbox.created_at) - timedelta(days=2)
        uids = uids_since(box, since.strftime("%d-%b-%Y"))
    mailbox.uid_validity = validity
    mailbox.first_uid = mailbox.last_uid = (min(uids) if uids else following) - 1
    mailbox.save(update_fields=["uid_validity", "first_uid", "last_uid"])
    return uids


def _read_batch(box: BaseMailBox, mailbox: Mailbox, uids: Sequence[int]) -> None:
    fetched = [raw_mail(box, uid, limit_bytes=settings.MAIL_LIMIT_BYTES) for uid in uids]
    deliveries = [Delivery(found[0], source="imap", is_cut=found[1]) for found in fetched if found]
    with transaction.atomic():
        take_in(mailbox.portal, deliveries, mailbox=mailbox)
        mailbox.last_uid = max(mailbox.last_uid, *uids)
        Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=mailbox.last_uid, count=F("count") + len(deliveries))
    finish(box, uids, mailbox)
