"""How much came lately: the breaker against loops that no header gives away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kakehashi.desk.conversations.models import Direction, Message

from .models import IncomingMail, MailState

_WINDOW = timedelta(minutes=10)
MOST_OF_SENDER = 60
MOST_IN_TICKET = 30


@dataclass(frozen=True, slots=True)
class Floods:
    """When mails came that were filed, by normalised sender; and into which tickets."""

    of_senders: defaultdict[str, list[datetime]]
    of_tickets: defaultdict[int, list[datetime]]

    @classmethod
    def around(cls, mails: Sequence[IncomingMail], ticket_ids: Sequence[int]) -> "Floods":
        """Two queries, for mails of one portal."""
        floods = cls(defaultdict(list), defaultdict(list))
        moments = [mail.received_at for mail in mails]
        first, last = min(moments) - _WINDOW, max(moments)
        filed = IncomingMail.objects.filter(
            portal_id=mails[0].portal_id,
            sender_normal__in={mail.sender_normal for mail in mails},
            received_at__gt=first,
            received_at__lte=last,
            state=MailState.FILED,
        )
        for sender, at in filed.values_list("sender_normal", "received_at"):
            floods.of_senders[sender].append(at)
        if ticket_ids:
            written = Message.objects.filter(ticket_id__in=ticket_ids, direction=Direction.IN, at__gt=first)
            for ticket_id, at in written.values_list("ticket_id", "at"):
                floods.of_tickets[ticket_id].append(at)
        return floods

    def is_sender_too_busy(self, mail: IncomingMail) -> bool:
        since = mail.received_at - _WINDOW
        lately = [at for at in self.of_senders[mail.sender_normal] if since < at <= mail.received_at]
        return len(lately) >= MOST_OF_SENDER

    def is_ticket_too_busy(self, ticket_id: int, mail: IncomingMail) -> bool:
        since = mail.received_at - _WINDOW
        return sum(at > since for at in self.of_tickets[ticket_id]) >= MOST_IN_TICKET

    def note(self, mail: IncomingMail) -> None:
        """This one is about to be filed: it counts for the mails that are decided with it."""
        self.of_senders[mail.sender_normal].append(mail.received_at)
