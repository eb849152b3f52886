"""Which templates a ticket's composer offers, and with what their placeholders are filled."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from kakehashi.core.normalise.text import fold
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .models import ReplyTemplate
from .placeholders import filled


def templates_of(portal: Portal) -> QuerySet[ReplyTemplate]:
    return ReplyTemplate.objects.filter(portal=portal).select_related("department")


def templates_for(ticket: Ticket, text: str, limit: int) -> list[ReplyTemplate]:
    """Those of the ticket's department and of all departments whose name holds the text, the department's own first."""
    rows = ReplyTemplate.objects.filter(
        Q(department=None) | Q(department_id=ticket.department_id), portal_id=ticket.portal_id
    )
    wanted = fold(text)
    found = [template for template in rows.order_by("name", "id")[:1_000] if wanted in fold(template.name)]
    return sorted(
        found, key=lambda template: (template.department_id is None, not fold(template.name).startswith(wanted))
    )[:limit]


def offered_templates(ticket: Ticket, text: str, agent_name: str, limit: int) -> list[tuple[str, str, str]]:
    """(name, language, text with its placeholders filled) of `templates_for`. The ticket need not be stored yet."""
    values = placeholder_values(ticket, agent_name)
    return [
        (template.name, template.get_language_display(), filled(template.html, values))
        for template in templates_for(ticket, text, limit)
    ]


def placeholder_values(ticket: Ticket, agent_name: str) -> Mapping[str, str]:
    contact, account = ticket.contact, ticket.account
    return {
        "contact.name": contact.name if contact else "",
        "contact.last_name": contact.last_name if contact else "",
        "contact.first_name": contact.first_name if contact else "",
        "account.name": account.account_name if account else "",
        "ticket.number": str(ticket.number or ""),
        "ticket.subject": ticket.subject,
        "agent.name": agent_name,
        "department.name": ticket.department.name,
        "portal.name": ticket.portal.name,
    }


def signature_of(ticket: Ticket, agent_name: str) -> str:
    """What stands below this agent's mails, "" where the department has no signature."""
    html = ticket.department.signature_html
    return filled(html, placeholder_values(ticket, agent_name)) if html else ""
