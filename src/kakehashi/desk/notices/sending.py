"""Getting a notice out of the house once: claimed, sent, marked, as the mails of a conversation are (mailbox/sending.py)."""

import smtplib
from datetime import timedelta

from django.db.models import F, Q

from kakehashi.core import clock
from kakehashi.desk.mailbox.sending import MailIsRefused, hand_over, reason_of, waiting_time

from .letters import letter_of_notice
from .models import Notice, NoticeState

_STALE_CLAIM = timedelta(minutes=10)
_MOST_ATTEMPTS = 10


def deliver_notice(notice_id: int) -> Notice | None:
    """Send one if it is due and nobody else has it. Answers it as it stands afterwards, None if it was not ours."""
    claimed = Notice.objects.filter(_is_due(), pk=notice_id).update(
        state=NoticeState.SENDING, claimed_at=clock.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    notice = Notice.objects.select_related(
        "portal", "person", "ticket__department__answers_from", "ticket__contact", "ticket__status"
    ).get(pk=notice_id)
    try:
        state = _send(notice)
    except MailIsRefused as refusal:
        _fail(notice, str(refusal), is_final=True)
    except (OSError, smtplib.SMTPException) as failure:
        _fail(notice, reason_of(failure), is_final=notice.attempts >= _MOST_ATTEMPTS)
    else:
        Notice.objects.filter(pk=notice_id).update(state=state, sent_at=clock.now(), failure="")
    notice.refresh_from_db()
    return notice


def due_notices() -> list[int]:
    """Those whose time has come, those of a process that died included."""
    return list(Notice.objects.filter(_is_due()).order_by("send_after").values_list("id", flat=True)[:500])


def _is_due() -> Q:
    now = clock.now()
    return Q(state=NoticeState.PENDING, send_after__lte=now) | Q(
        state=NoticeState.SENDING, claimed_at__lt=now - _STALE_CLAIM
    )


def _send(notice: Notice) -> NoticeState:
    try:
        letter = letter_of_notice(notice)
    except (ValueError, UnicodeError) as problem:
        raise MailIsRefused(str(problem)) from problem
    if letter is None:
        return NoticeState.DROPPED
    hand_over(letter, notice.ticket.department_id)
    return NoticeState.SENT


def _fail(notice: Notice, reason: str, *, is_final: bool) -> None:
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.FAILED if is_final else NoticeState.PENDING,
        failure=reason[:2000],
        send_after=clock.now() + waiting_time(notice.attempts),
    )
