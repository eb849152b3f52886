"""The development outbox: where mail goes while no mail server is configured."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage as Mail
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

from kakehashi.desk.portals.queries import portals_of
from kakehashi.identity.people.models import Person

from .models import OutboxMail

OUTBOX = "kakehashi.desk.mailbox.outbox.OutboxBackend"


class OutboxBackend(BaseEmailBackend):
    """Keeps mails in a table instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for letter in email_messages:
            raw = letter.message().as_bytes()
            OutboxMail.objects.create(
                portal_id=getattr(letter, "portal_id", None),
                sender=letter.from_email[:400],
                recipients=letter.recipients(),
                subject=" ".join(str(letter.subject).split())[:1000],
                raw=raw,
            )
        return len(email_messages)


def visible_mails(person: Person, *, is_demo: bool) -> QuerySet[OutboxMail]:
    """Mails of the portals where the person has a seat. Those of sign-in carry links that let one in: only the
    installation's own administrator sees them, or anybody with a seat in a demo.
    """
    mails = OutboxMail.objects.defer("raw").order_by("-id")
    own = mails.filter(portal__in=portals_of(person.pk))
    if person.is_superuser or is_demo:
        own = own | mails.filter(portal__isnull=True)
    return own


def parsed(mail: OutboxMail) -> Mail:
    message: Any = message_from_bytes(bytes(mail.raw), policy=policy.default)
    return message  # type: ignore[no-any-return]  # policy.default makes it a modern message
