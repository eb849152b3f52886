"""Filing stored mails, many in one transaction with everything they make, so that a process may die at any moment.

A mail is counted as tried before it is read. One that takes its process down with it ends in quarantine instead of going round for ever.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import accumulate

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet

from kakehashi.core import clock
from kakehashi.core.events.log import facts_together
from kakehashi.core.events.subscribers import claim

from .deciding import decide_all
from .house import House
from .models import IncomingMail, MailState, Reason
from .reading import ReadMail, first_round, parted, read_mail, threads_of
from .threads import Threads

logger = logging.getLogger(__name__)

_BATCH = 100
_MOST_BYTES = 50_000_000  # of a batch: its mails are in memory together
_MOST_ATTEMPTS = 5
_GIVEN_UP = {"state": MailState.QUARANTINED, "reason": Reason.KEEPS_FAILING}
_PAUSE = timedelta(seconds=30)


def file_waiting(portal_id: int) -> int:
    """File what waits in a portal, oldest first; answers how many. Nothing is done while somebody else does it."""
    count = 0
    while _waits(portal_id):
        with claim(f"mail intake:{portal_id}") as is_ours:
            if not is_ours:  # they look once more after they have let go
                return count
            for mail_ids in _batches(portal_id):
                count += _file(mail_ids)
    return count


def portals_with_waiting_mail() -> list[int]:
    waiting = IncomingMail.objects.filter(state=MailState.RECEIVED).order_by()
    return list(waiting.values_list("portal_id", flat=True).distinct())


def _waits(portal_id: int) -> bool:
    return _waiting(portal_id).exists()


def _waiting(portal_id: int) -> QuerySet[IncomingMail]:
    """A mail that failed waits a moment: the others go on meanwhile, and it is tried again when somebody looks once more."""
    mails = IncomingMail.objects.filter(portal_id=portal_id, state=MailState.RECEIVED)
    return mails.exclude(decided_at__gt=clock.now() - _PAUSE).order_by("id")


def _batches(portal_id: int) -> Iterator[list[int]]:
    """Some mails at a time. One that was tried before goes alone: if it takes its process down, it takes no other mail along."""
    while rows := list(_waiting(portal_id).values_list("id", "attempts", "size_bytes")[:_BATCH]):
        sizes = list(accumulate(size for _mail_id, _attempts, size in rows))
        fresh = [row[0] for row, size in zip(rows, sizes, strict=True) if not row[1] and size <= _MOST_BYTES]
        ids = fresh if fresh and not rows[0][1] else [rows[0][0]]
        IncomingMail.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
        yield ids


def _file(mail_ids: Sequence[int]) -> int:
    """Bytes are read before anything is locked; then they are filed round by round."""
    if not (mails := _mails(mail_ids)):
        return 0
    house = House.of(mails[0].portal)
    waiting = [read for mail in mails if (read := _read(mail, house))]
    while waiting:
        threads = threads_of(house, waiting)
        now, waiting = first_round(waiting, threads)
        for together in parted(now, threads):
            _file_together(together, threads, house)
    return len(mails)


def _mails(mail_ids: Sequence[int]) -> list[IncomingMail]:
    rows = IncomingMail.objects.select_related("portal", "mailbox__department").defer("search")
    return list(rows.filter(pk__in=mail_ids, state=MailState.RECEIVED).order_by("id"))


def _read(mail: IncomingMail, house: House) -> ReadMail | None:
    if mail.attempts > _MOST_ATTEMPTS:
        IncomingMail.objects.filter(pk=mail.pk, state=MailState.RECEIVED).update(**_GIVEN_UP)
        return None
    mail.portal = house.portal
    try:
        return read_mail(mail, house)
    except Exception as failure:
        logger.exception("The incoming mail %s could not be read", mail.pk)
        _note_failure(mail.pk, failure)
        return None


def _file_together(read: Sequence[ReadMail], threads: Threads, house: House) -> None:
    """All at once; if one of them cannot be filed, each by itself, so that it does not keep the others."""
    try:
        _decide_locked(read, threads, house)
    except OperationalError:
        raise
    except Exception as failure:
        logger.exception("%s incoming mails could not be filed, the first is %s", len(read), read[0].mail.pk)
        if len(read) == 1:
            _note_failure(read[0].mail.pk, failure)
            return
        for mail in _mails([one.mail.pk for one in read]):
            if again := _read(mail, house):
                _file_together([again], threads_of(house, [again]), house)


@transaction.atomic
def _decide_locked(read: Sequence[ReadMail], threads: Threads, house: House) -> None:
    """Those that somebody has decided on meanwhile are left out. Everything that comes of the others is in this transaction."""
    rows = IncomingMail.objects.filter(pk__in=[one.mail.pk for one in read], state=MailState.RECEIVED).order_by("pk")
    still = set(rows.select_for_update().values_list("pk", flat=True))
    with facts_together():
        if mine := [one for one in read if one.mail.pk in still]:
            decide_all(mine, threads, house)


def _note_failure(mail_id: int, failure: Exception) -> None:
    """Tried again at the next sweep, in quarantine with its reason at last."""
    detail = f"{type(failure).__name__}: {failure}"[:2000].replace("\x00", "")
    mails = IncomingMail.objects.filter(pk=mail_id, state=MailState.RECEIVED)
    mails.update(detail=detail, decided_at=clock.now())
    mails.filter(attempts__gte=_MOST_ATTEMPTS).update(**_GIVEN_UP)
