"""A card of the board as HTML. A board shows more than a hundred of them: a template for each would take half of the page's time."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.row_html import deadline_html, in_a_line, whose
from kakehashi.desk.tickets.rows import TicketLine
from kakehashi.ui.addresses import NUMBER, numbered
from kakehashi.ui.templatetags.ui import avatar, icon
from kakehashi.ui.templatetags.ui_tickets import priority, turn


def card_html(line: TicketLine, *, may_move: bool) -> SafeString:
    """The whole card; who may not move it gets no handle."""
    ticket = line.ticket
    move = numbered("desk_ticket_status", ticket.portal_id, NUMBER)(ticket.pk)
    drag = ' draggable="true"' if may_move else ""
    return mark_safe(  # noqa: S308 - of what is escaped
        f'<article class="k-board-card" id="ticket-{ticket.pk}" data-board-card data-row="{ticket.pk}" '
        f'data-stage="{escape(ticket.status.name)}" data-url="{move}"{drag}>'
        f'<header><span>#{ticket.number}</span><span class="k-dots" id="presence-{ticket.pk}"></span>{_urgency(ticket)}</header>'
        f"<strong>{_name(ticket, may_move=may_move)}</strong>{_customer(ticket)}{_escalation(line)}"
        f'<footer>{_deadline(line)}<span class="k-end">{_person(ticket)}{_handle(ticket) if may_move else ""}</span></footer></article>'
    )


def _urgency(ticket: Ticket) -> str:
    high = priority(ticket.priority) if ticket.priority == "High" else ""
    return f"{high}{'' if ticket.closed_at else turn(ticket.is_our_turn)}"


def _name(ticket: Ticket, *, may_move: bool) -> str:
    url = numbered("desk_ticket", ticket.portal_id, NUMBER)(ticket.pk)
    help_id = ' aria-describedby="board-help"' if may_move else ""
    return (
        f'<a id="ticket-{ticket.pk}-name" href="{url}" draggable="false" data-row-link{help_id}>'
        f"{escape(ticket.subject)}</a>"
    )


def _customer(ticket: Ticket) -> str:
    if not (ticket.contact or ticket.account):
        return ""
    return f'<div>{icon("user")}<span class="k-cut">{in_a_line(*whose(ticket))}</span></div>'


def _escalation(line: TicketLine) -> str:
    parts = []
    if line.escalated_by:
        rule = escape(line.escalated_by)
        parts.append(f'<div>{icon("alert-circle", _("Escalated by"))}<span class="k-cut">{rule}</span></div>')
    if line.coming:
        coming, bell = escape(line.coming), icon("bell-ringing", _("Escalation"))
        parts.append(f'<div title="{coming}">{bell}<span class="k-cut">{coming}</span></div>')
    return "".join(parts)


def _deadline(line: TicketLine) -> str:
    return deadline_html(line) or f"<span>{escape(line.activity)}</span>"


def _person(ticket: Ticket) -> str:
    if not ticket.assignee:
        return ""
    name = escape(ticket.assignee.name)
    return f'<span title="{name}">{avatar(ticket.assignee.name, size="small")}<span class="k-sr">{name}</span></span>'


def _handle(ticket: Ticket) -> str:
    label = escape(_("Move #%(number)s") % {"number": ticket.number})
    return (
        f'<button class="k-icon-button is-low" type="button" data-board-move aria-haspopup="true" aria-label="{label}" '
        f'title="{escape(_("Move to"))}">{icon("dots")}</button>'
    )
