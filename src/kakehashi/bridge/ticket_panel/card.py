"""The block 問い合わせ on a record: filters with counts, rows, paging (spec T2)."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kakehashi.bridge.related_lists.queries import connection_showing
from kakehashi.bridge.sides.tickets import TicketFilter
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_lists import Filter

from .access import RecordTickets, tickets_of
from .showing import line_of

TEMPLATES = "bridge/ticket_panel/templates"
PAGE_SIZE = 10


def has_panel(org_id: int, module: str) -> bool:
    return connection_showing(org_id, module) is not None


def count_of(org_id: int, module: str, record_id: int, actor: Actor) -> int | None:
    tickets = tickets_of(org_id, module, record_id, actor)
    if tickets.party.is_nobody:
        return 0
    return tickets.desk.list_tickets(tickets.party, actor, limit=1).counts["all"]


def render_card(request: HttpRequest, org_id: int, module: str, record_id: int, actor: Actor) -> SafeString:
    tickets = tickets_of(org_id, module, record_id, actor)
    return render_to_string(f"{TEMPLATES}/panel.html", card_context(request, tickets), request)


def card_context(request: HttpRequest, tickets: RecordTickets) -> dict[str, Any]:
    show = _chosen_filter(request)
    number = request.GET.get("tickets_page", "1")
    offset = (max(1, int(number)) - 1) * PAGE_SIZE if number.isdecimal() else 0
    found = tickets.desk.list_tickets(tickets.party, tickets.actor, show=show, limit=PAGE_SIZE, offset=offset)
    url = reverse("record_tickets", args=tickets.address)
    page = Paginator(range(found.total), PAGE_SIZE).get_page(number)
    return {
        "tickets": tickets,
        "rights": tickets.rights,
        "lines": [line_of(row, tickets) for row in found.rows],
        "total": found.counts["all"],
        "filters": [
            Filter(label, f"{url}?tickets={key}", found.counts[key], key == show, is_late=key == "overdue")
            for key, label in _filters(tickets).items()
        ],
        "show": show,
        "page": page,
        "list_url": f"{url}?tickets={show}",
        "here": f"{url}?tickets={show}&tickets_page={page.number}",
        "previous": _page_url(url, show, page, -1),
        "next": _page_url(url, show, page, 1),
        "why_empty": _why_empty(tickets, found.counts["all"]),
        "mend_url": tickets.crm.edit_url(tickets.record.module, tickets.record.id),
        "show_contact": tickets.record.module != "Contacts",
        "live": "desk.ticket",  # any of the portal: a new one may be this customer's
    }


def _filters(tickets: RecordTickets) -> dict[TicketFilter, str]:
    filters: dict[TicketFilter, str] = {
        "all": _("All"),
        "open": _("Open"),
        "overdue": _("Overdue"),
        "closed": _("Closed"),
        "escalated": _("Escalated"),
        "high_priority": _("High priority"),
    }
    return filters | {"mine": _("Mine")} if tickets.rights.may_reply else filters


def _chosen_filter(request: HttpRequest) -> TicketFilter:
    asked = request.GET.get("tickets", "all")
    known: tuple[TicketFilter, ...] = ("all", "open", "overdue", "closed", "escalated", "high_priority", "mine")
    return next((one for one in known if one == asked), "all")


def _page_url(url: str, show: str, page: Page[Any], step: int) -> str:
    exists = page.has_next() if step > 0 else page.has_previous()
    return f"{url}?tickets={show}&tickets_page={page.number + step}" if exists else ""


def _why_empty(tickets: RecordTickets, total: int) -> Text:
    """Why there is nothing to see, where there is a reason (lesson B12)."""
    if total:
        return ""
    record = tickets.record
    if tickets.party.is_nobody and record.module == "Deals":
        return _("This deal has no contact and no account, so nobody's tickets can be shown.")
    if tickets.party.is_nobody and record.module == "Accounts":
        return _("This account is not in the Desk yet, and none of its contacts has an e-mail address.")
    if tickets.party.is_nobody:
        return _("There is no e-mail address here, so no tickets can be found.")
    return _("No tickets yet.")
