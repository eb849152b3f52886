"""What a forwarded mail carries: the ticket's latest words from the customer, with their files."""

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kakehashi.core.models import Attachment
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.templatetags.ui_words import moment_full

from .models import Direction, Message, TicketAttachment

_MOST_REFERENCES = 20


def forwarded(ticket: Ticket) -> tuple[str, list[Attachment]]:
    """(quotation, files) of the customer's last mail, else of the ticket's description."""
    last = ticket.messages.filter(direction=Direction.IN).order_by("-at", "-id").first()
    files = TicketAttachment.objects.filter(ticket=ticket, comment=None, message=last).select_related("attachment")
    if last is not None:
        html = _quotation(last.sender, moment_full(last.at), last.subject, last.html + last.quoted_html)
    else:
        sender = str(ticket.contact or ticket.email or ticket.created_by)
        html = _quotation(sender, moment_full(ticket.created_at), ticket.subject, ticket.description_html)
    return html, [link.attachment for link in files]


def references_of(last: Message | None) -> tuple[str, str]:
    """(In-Reply-To, References) of an answer to this mail (RFC 5322 §3.6.4). Of a long thread the first and the latest are kept."""
    if last is None:
        return "", ""
    ids = [*last.references.split(), last.message_id]
    if len(ids) > _MOST_REFERENCES:
        ids = [ids[0], *ids[1 - _MOST_REFERENCES :]]
    return last.message_id, " ".join(ids)


def _quotation(sender: str, at: str, subject: str, html: str) -> str:
    return format_html(
        '<blockquote type="cite"><p>{}<br>{}: {}<br>{}: {}<br>{}: {}</p>{}</blockquote>',
        _("---- Forwarded message ----"),
        _("From"), sender, _("Date"), at, _("Subject"), subject,
        mark_safe(html),  # noqa: S308 - stored HTML was cleaned on the way in
    )  # fmt: skip
