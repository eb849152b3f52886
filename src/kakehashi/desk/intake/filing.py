"""Filing stored mails: each in one transaction with everything it makes, so that a process may die at any moment.

A mail is counted as tried before it is read. One that takes its process down with it ends in quarantine instead of going round for ever.
"""

import logging
from collections.abc import Iterator

from django.db import OperationalError, transaction
from django.db.models import F

from kakehashi.core.events.subscribers import claim
from kakehashi.desk.addresses.queries import own_addresses

from .deciding import House, decide
from .models import IncomingMail, MailState, Reason

logger = logging.getLogger(__name__)

_BATCH = 50
_MOST_ATTEMPTS = 5


def file_waiting(portal_id: int) -> int:
    """File what waits in a portal, oldest first; answers how many. Nothing is done while somebody else does it."""
    count = 0
    while _waits(portal_id):
        with claim(f"mail intake:{portal_id}") as is_ours:
            if not is_ours:  # they look once more after they have let go
                return count
            for mail_ids in _batches(portal_id):
                count += sum(file_mail(mail_id) for mail_id in mail_ids)
    return count


def file_mail(mail_id: int) -> bool:
    """File one mail if it still waits."""
    try:
        return _file(mail_id)
    except OperationalError:
        raise
    except Exception as failure:
        logger.exception("The incoming mail %s could not be filed", mail_id)
        _note_failure(mail_id, failure)
        return False


def portals_with_waiting_mail() -> list[int]:
    waiting = IncomingMail.objects.filter(state=MailState.RECEIVED).order_by()
    return list(waiting.values_list("portal_id", flat=True).distinct())


def _waits(portal_id: int) -> bool:
    return IncomingMail.objects.filter(portal_id=portal_id, state=MailState.RECEIVED).exists()


def _batches(portal_id: int) -> Iterator[list[int]]:
    while True:
        waiting = IncomingMail.objects.filter(portal_id=portal_id, state=MailState.RECEIVED).order_by("id")
        ids = list(waiting.values_list("id", flat=True)[:_BATCH])
        if not ids:
            return
        IncomingMail.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
        yield ids


@transaction.atomic
def _file(mail_id: int) -> bool:
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("portal", "mailbox__department")
    mail = rows.defer("search").filter(pk=mail_id, state=MailState.RECEIVED).first()
    if mail is None:
        return False
    if mail.attempts > _MOST_ATTEMPTS:
        mail.state, mail.reason = MailState.QUARANTINED, Reason.KEEPS_FAILING
        mail.save(update_fields=["state", "reason"])
        return True
    decide(mail, House(mail.portal, own_addresses(mail.portal)))
    return True


def _note_failure(mail_id: int, failure: Exception) -> None:
    """Tried again at the next sweep, in quarantine with its reason at last."""
    detail = f"{type(failure).__name__}: {failure}"[:2000].replace("\x00", "")
    mails = IncomingMail.objects.filter(pk=mail_id, state=MailState.RECEIVED)
    mails.update(detail=detail)
    mails.filter(attempts__gte=_MOST_ATTEMPTS).update(state=MailState.QUARANTINED, reason=Reason.KEEPS_FAILING)
