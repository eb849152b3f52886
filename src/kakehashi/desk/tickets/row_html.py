"""A line of a list of tickets as HTML. A page shows fifty of them: a template for each would take half of the page's time."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.ui.addresses import NUMBER, numbered
from kakehashi.ui.templatetags.ui import avatar, icon, pill
from kakehashi.ui.templatetags.ui_tickets import deadline, priority, rating, turn

from .models import Ticket
from .rows import TicketLine


def row_html(line: TicketLine, *, has_check: bool) -> SafeString:
    """The whole row, with a box to choose it by or without."""
    ticket = line.ticket
    is_ours = ticket.is_our_turn and not ticket.closed_at
    return mark_safe(  # noqa: S308 - of what is escaped
        f'<div data-row="{ticket.pk}" class="k-row{" is-ours" if is_ours else ""}">'
        f'{_check(ticket) if has_check else _NO_CHECK}<span class="k-row-number">#{ticket.number}</span>{_subject(line)}'
        f'<span class="k-row-state">{_state(line)}</span>{priority(ticket.priority)}'
        f'<span class="k-row-deadline">{deadline_html(line)}{_coming(line)}</span>{_person(ticket)}'
        f'<div class="k-row-activity"><div class="k-cut">{escape(line.activity)}</div>{_turn(line)}</div>'
        f'<span class="k-row-rating">{rating(ticket.rating)}</span></div>'
    )


_NO_CHECK = '<span class="k-row-check"></span>'


def _check(ticket: Ticket) -> str:
    label = escape(_("Select #%(number)s") % {"number": ticket.number})
    box = f'<input type="checkbox" name="selected" value="{ticket.pk}" aria-label="{label}">'
    return f'<label class="k-row-check k-check">{box}</label>'


def _subject(line: TicketLine) -> str:
    ticket = line.ticket
    url = numbered("desk_ticket", ticket.portal_id, NUMBER)(ticket.pk)
    picture = icon(line.channel_icon, line.channel, size="small")
    return (
        f'<div class="k-row-subject"><a class="k-cut" href="{url}" data-row-link>{escape(ticket.subject)}</a>'
        f'<span class="k-dots" id="presence-{ticket.pk}"></span><small>{picture}<span class="k-cut">{_customer(ticket)}</span></small></div>'
    )


def _customer(ticket: Ticket) -> str:
    return in_a_line(*whose(ticket), ticket.product.product_name if ticket.product else "")


def whose(ticket: Ticket) -> tuple[str, str]:
    """The contact, else the address that wrote, and the account; "" for what there is not."""
    contact = ticket.contact.name if ticket.contact else ticket.email
    return contact, ticket.account.account_name if ticket.account else ""


def in_a_line(*names: str) -> str:
    """Those that are not empty, escaped."""
    return escape(pgettext("separator", " · ").join(one for one in names if one))


def _state(line: TicketLine) -> str:
    ticket = line.ticket
    parts: list[str] = [pill(ticket.status.label, line.tone, line.is_hollow)]
    if ticket.is_escalated and ticket.status.name != "Escalated":
        parts.append(f" {icon('alert-circle', _('Escalated'), size='small')}")
    if line.escalated_by:
        rule = escape(line.escalated_by)
        parts.append(f'<small class="k-cut k-muted k-only-wide" title="{rule}">{rule}</small>')
    return "".join(parts)


def deadline_html(line: TicketLine) -> str:
    """What is left until the target that comes next; "" for a ticket that waits for none."""
    if not line.deadline.words:
        return ""
    return f'<span title="{escape(line.target)}">{deadline(line.deadline.words, line.deadline.state)}</span>'


def _coming(line: TicketLine) -> str:
    if not line.coming:
        return ""
    bell = icon("bell-ringing", _("Escalation"), size="small")
    return f'<small class="k-muted" title="{escape(line.coming)}">{bell} {escape(line.coming_at)}</small>'


def _person(ticket: Ticket) -> str:
    name = ticket.assignee.name if ticket.assignee else ""
    words = (
        f'<span class="k-cut">{escape(name)}</span>'
        if name
        else f'<span class="k-cut k-muted">{escape(_("Unassigned"))}</span>'
    )
    return f'<span class="k-row-person">{avatar(name)}{words}</span>'


def _turn(line: TicketLine) -> str:
    if line.ticket.closed_at:
        return f'<span class="k-muted k-sm">{escape(line.outcome)}</span>'
    return turn(line.ticket.is_our_turn)
