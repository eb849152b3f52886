"""Reading incoming mails."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.tickets.models import Ticket

from .models import IncomingMail, MailState


@dataclass(frozen=True, slots=True)
class Hint:
    """What a ticket's page asks about the mail that opened it."""

    mail: IncomingMail
    suggested: Ticket | None
    original_sender: str


def incoming_mails(portal: Portal, *, state: str = "", text: str = "") -> QuerySet[IncomingMail]:
    """Newest first."""
    mails = IncomingMail.objects.filter(portal=portal).select_related("ticket").defer("search")
    if state in MailState.values:
        mails = mails.filter(state=state)
    if text:
        mails = found_by(mails, portal, text)
    return mails.order_by("-id")


def counts_by_state(portal: Portal) -> dict[str, int]:
    counted = IncomingMail.objects.filter(portal=portal).values_list("state").annotate(number=Count("id")).order_by()
    return dict(counted)


def find_mail(access: DeskAccess, mail_id: int) -> IncomingMail:
    mails = IncomingMail.objects.filter(portal=access.portal, pk=mail_id).defer("search")
    if (mail := mails.select_related("ticket", "message", "mailbox").first()) is None:
        raise NotFound
    mail.portal = access.portal
    return mail


def hint_of(access: DeskAccess, ticket: Ticket) -> Hint | None:
    """Only for what this person may see: a ticket of another department is not named."""
    if (mail := first_row(_with_hint(ticket.pk))) is None:
        return None
    suggested = mail.suggested_ticket
    is_hidden = suggested is not None and (suggested.deleted_at is not None or not access.sees(suggested.department_id))
    if is_hidden and not mail.original_sender:
        return None
    return Hint(mail, None if is_hidden else suggested, mail.original_sender)


@fixed_read
def _with_hint(ticket_id: int) -> QuerySet[IncomingMail]:
    """The first mail of a ticket that there is something to say about."""
    mails = IncomingMail.objects.filter(ticket_id=ticket_id).exclude(suggested_ticket=None, original_sender="")
    return mails.select_related("suggested_ticket").defer("search").order_by("pk")[:1]
