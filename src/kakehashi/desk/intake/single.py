"""What happens to a mail by itself: a colleague's comment, a report of a mail server."""

from django.utils.html import format_html_join
from django.utils.translation import override

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.conversations.actions import add_comment
from kakehashi.desk.conversations.after_sending import note_bounce
from kakehashi.desk.conversations.incoming import IncomingText, Kept, keep_files, note_left_out, parted
from kakehashi.desk.conversations.models import Direction, Message
from kakehashi.desk.mailbox.marks import message_of_stamp
from kakehashi.desk.parsing.mail import DeliveryReport
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

from .models import IncomingMail, MailState, Reason


def put(mail: IncomingMail, state: MailState, reason: Reason, detail: str = "") -> None:
    """In memory; whoever decides stores it."""
    mail.state, mail.reason, mail.detail = state, reason, detail.replace("\x00", "")[:2000]
    mail.decided_at = clock.now()


def comment_as_colleague(mail: IncomingMail, ticket: Ticket, text: IncomingText, person_id: int) -> None:
    """A colleague's answer to a notice that only they got: what they wrote anew, for colleagues. Never for the customer."""
    actor = Person.objects.get(pk=person_id).as_actor()
    (kept,) = keep_files(ticket.portal, [(text, actor)])
    new, _quoted = parted(kept)
    html = (new or "<p>…</p>") + _notes(ticket.portal, kept)
    mail.comment = add_comment(ticket, html=html, uploads=kept.files, actor=actor, at=mail.received_at)
    put(mail, MailState.FILED, Reason.NOTE)


def note_report(mail: IncomingMail, report: DeliveryReport, portal: Portal) -> None:
    message = _message_of(portal, report)
    if message is None:
        put(mail, MailState.IGNORED, Reason.UNKNOWN_BOUNCE, report.reason)
        return
    mail.ticket, mail.message = message.ticket, message
    reason = " ".join(
        part for part in (report.recipient and f"{report.recipient}:", report.reason or report.status) if part
    )
    if report.is_final:
        note_bounce(message, reason=reason, actor=actor_for(mail.sender))
    put(mail, MailState.IGNORED, Reason.BOUNCE if report.is_final else Reason.DELAY, reason)


def actor_for(name: str) -> Actor:
    """Whoever wrote the mail."""
    return Actor(person_id=None, name=name[:200], origin="mail")


def _notes(portal: Portal, kept: Kept) -> str:
    with override(portal.language):
        return format_html_join("", "<p><em>{}</em></p>", [(note_left_out(name),) for name in kept.left_out])


def _message_of(portal: Portal, report: DeliveryReport) -> Message | None:
    mails = Message.objects.filter(portal=portal, direction=Direction.OUT).select_related("ticket", "portal")
    if (number := message_of_stamp(portal, report.stamp)) and (found := mails.filter(pk=number).first()):
        return found
    return mails.filter(message_id__in=report.message_ids[:20]).order_by("-id").first()
