"""Getting a stored message out of the house once.

A message is claimed (state "sending", saved) before the server is spoken to, and marked "sent" after. A process that dies in
between leaves it claimed; it is tried again after ten minutes with the same Message-ID. So a crash at that very moment can send
a mail twice, never lose it, and a receiver that knows Message-IDs sees one mail.
"""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.mailboxes.models import OutgoingServer, Security

from .letters import Letter, letter_of

_STALE_CLAIM = timedelta(minutes=10)
_MOST_ATTEMPTS = 10
_LONGEST_WAIT = timedelta(hours=4)
_UNKNOWN = gettext_noop("The mail could not be written.")
_LOCKED = gettext_noop("The password of the mail server cannot be read any more. Enter it again in the settings.")


class MailIsRefused(Exception):
    """The server will not take this mail, now or later."""


def deliver(message_id: int) -> Message | None:
    """Send one message if it is due and nobody else has it. Answers it as it stands afterwards, None if it was not ours."""
    if not _claim(message_id):
        return None
    message = Message.objects.select_related("portal", "ticket__department__answers_from").get(pk=message_id)
    try:
        _hand_over(message)
    except MailIsRefused as refusal:
        _note_failure(message, str(refusal), is_final=True)
    except (OSError, smtplib.SMTPException) as failure:
        _note_failure(message, reason_of(failure), is_final=message.attempts >= _MOST_ATTEMPTS)
    else:
        Message.objects.filter(pk=message_id).update(state=MessageState.SENT, sent_at=clock.now(), failure="")
        _tell(message, "sent")
    message.refresh_from_db()
    return message


def due_messages() -> list[int]:
    """Messages whose time has come, those of a process that died included."""
    return list(Message.objects.filter(_is_due()).order_by("send_after").values_list("id", flat=True)[:500])


def _claim(message_id: int) -> bool:
    claimed = Message.objects.filter(_is_due(), pk=message_id).update(
        state=MessageState.SENDING, claimed_at=clock.now(), attempts=F("attempts") + 1
    )
    return bool(claimed)


def _is_due() -> Q:
    now = clock.now()
    return Q(state=MessageState.PENDING, send_after__lte=now) | Q(
        state=MessageState.SENDING, claimed_at__lt=now - _STALE_CLAIM
    )


def _hand_over(message: Message) -> None:
    try:
        letter = letter_of(message)
    except (ValueError, UnicodeError) as problem:
        raise MailIsRefused(f"{_UNKNOWN} {problem}") from problem
    hand_over(letter, message.ticket.department_id)


def hand_over(letter: Letter, department_id: int) -> None:
    """To the department's own server, else the installation's. Raises `MailIsRefused` where no later try would help."""
    server = OutgoingServer.objects.filter(department_id=department_id).first()
    connection = connection_to(server) if server else get_connection(fail_silently=False)
    try:
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as refusal:
        if all(code >= 500 for code, _text in refusal.recipients.values()):
            raise MailIsRefused(reason_of(refusal)) from refusal
        raise
    except smtplib.SMTPResponseException as answer:
        if answer.smtp_code >= 500 and not isinstance(answer, smtplib.SMTPAuthenticationError):
            raise MailIsRefused(reason_of(answer)) from answer
        raise


def connection_to(server: OutgoingServer) -> BaseEmailBackend:
    password = server.password()
    if password is None:
        raise MailIsRefused(_LOCKED)
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.username,
        password=password,
        use_ssl=server.security == Security.TLS,
        use_tls=server.security == Security.STARTTLS,
        timeout=settings.EMAIL_TIMEOUT,
    )


def _note_failure(message: Message, reason: str, *, is_final: bool) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED if is_final else MessageState.PENDING,
        failure=reason[:2000],
        send_after=clock.now() + waiting_time(message.attempts),
    )
    _tell(message, "send_failed" if is_final else "send_delayed")


def waiting_time(attempts: int) -> timedelta:
    """How long to wait after a try that failed."""
    return min(timedelta(seconds=30 * 2 ** (attempts - 1)), _LONGEST_WAIT)


def reason_of(failure: Exception) -> str:
    """What the server said, in one line."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{who}: {code} {_words(text)}" for who, (code, text) in failure.recipients.items())
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{failure.smtp_code} {_words(failure.smtp_error)}"
    return str(failure) or type(failure).__name__


def _words(text: bytes | str) -> str:
    return " ".join((text.decode("utf-8", "replace") if isinstance(text, bytes) else text).split())


def _tell(message: Message, topic: str) -> None:
    with transaction.atomic():
        fact = Fact(
            message.portal.tenant,
            f"desk.ticket.reply_{topic}",
            "desk.ticket",
            message.ticket_id,
            {"message": message.pk},
        )
        write_fact(fact, SYSTEM)


def problem_of_connection(server: OutgoingServer) -> str:
    """Sign in and leave again; what went wrong, "" if nothing did."""
    try:
        connection = connection_to(server)
        connection.open()
        connection.close()
    except MailIsRefused as refusal:
        return gettext(str(refusal))
    except (OSError, smtplib.SMTPException) as failure:
        return reason_of(failure)
    return ""
