"""Filing stored mails, a few at a time in one transaction with everything they make, so that a process may die at any moment.

A mail is counted as tried before it is read. One that takes its process down with it ends in quarantine instead of going round for ever.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import F, QuerySet

from kakehashi.core import clock
from kakehashi.core.events.log import facts_together
from kakehashi.core.events.subscribers import claim

from .deciding import House, decide
from .models import IncomingMail, MailState, Reason

logger = logging.getLogger(__name__)

_BATCH = 10
_MOST_ATTEMPTS = 5
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
    while rows := list(_waiting(portal_id).values_list("id", "attempts")[:_BATCH]):
        fresh = [mail_id for mail_id, attempts in rows if not attempts]
        ids = fresh if fresh and not rows[0][1] else [rows[0][0]]
        IncomingMail.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
        yield ids


@transaction.atomic
def _file(mail_ids: Sequence[int]) -> int:
    """One transaction, a savepoint for each mail: one that cannot be filed does not keep the others."""
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("portal", "mailbox__department")
    mails = list(rows.defer("search").filter(pk__in=mail_ids, state=MailState.RECEIVED).order_by("id"))
    if not mails:
        return 0
    house = House.of(mails[0].portal)
    with facts_together() as facts:
        for mail in mails:
            told = len(facts)
            try:
                with transaction.atomic():
                    _file_one(mail, house)
            except OperationalError:
                raise
            except Exception as failure:
                logger.exception("The incoming mail %s could not be filed", mail.pk)
                del facts[told:]
                _note_failure(mail.pk, failure)
    return len(mails)


def _file_one(mail: IncomingMail, house: House) -> None:
    if mail.attempts > _MOST_ATTEMPTS:
        mail.state, mail.reason = MailState.QUARANTINED, Reason.KEEPS_FAILING
        mail.save(update_fields=["state", "reason"])
    else:
        mail.portal = house.portal
        decide(mail, house)


def _note_failure(mail_id: int, failure: Exception) -> None:
    """Tried again at the next sweep, in quarantine with its reason at last."""
    detail = f"{type(failure).__name__}: {failure}"[:2000].replace("\x00", "")
    mails = IncomingMail.objects.filter(pk=mail_id, state=MailState.RECEIVED)
    mails.update(detail=detail, decided_at=clock.now())
    mails.filter(attempts__gte=_MOST_ATTEMPTS).update(state=MailState.QUARANTINED, reason=Reason.KEEPS_FAILING)
