"""The block 問い合わせ on a record: filters with counts, rows, order, paging (spec T2)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.deal_links.in_block import chips_of, risk_context
from kakehashi.bridge.related_lists.queries import connection_showing
from kakehashi.bridge.sides.directory import front
from kakehashi.bridge.sides.tickets import TicketFilter, TicketPage, TicketRow, TicketSort
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, Text
from kakehashi.core.filters.definition import Filter as AskedFilter
from kakehashi.ui.templatetags.ui_lists import Filter

from .access import RecordTickets, block_of
from .choice import BlockChoice, read_choice
from .emptiness import why_empty
from .models import SavedFilter
from .row_html import row_html
from .saved_filters import asked_by, filters_of
from .showing import line_of

TEMPLATES = "bridge/ticket_panel/templates"


def has_panel(org_id: int, module: str) -> bool:
    return connection_showing(org_id, module) is not None


def count_of(org_id: int, module: str, record_id: int, actor: Actor) -> int | None:
    """None where tickets are not shown to this person."""
    tickets = block_of(org_id, module, record_id, actor)
    if not tickets.are_shown:
        return None
    return 0 if tickets.party.is_nobody else tickets.desk.count_tickets(tickets.party, actor)


def render_card(request: HttpRequest, org_id: int, module: str, record_id: int, actor: Actor) -> SafeString:
    tickets = block_of(org_id, module, record_id, actor)
    return render_to_string(f"{TEMPLATES}/panel.html", card_context(request, tickets), request)


def card_context(request: HttpRequest, tickets: RecordTickets, choice: BlockChoice | None = None) -> dict[str, Any]:
    """`choice` is what the address says, unless given."""
    choice = choice or read_choice(request.GET)
    found, choice = _page(tickets, choice)
    url = reverse("record_tickets", args=tickets.address)
    saved = filters_of(tickets.connection, tickets.actor.person_id)
    chosen = next((one for one in saved if asked_by(one) == choice.filter), None)
    is_empty = not found.counts["all"] and not found.counts["spam"]
    chips = chips_of(tickets, [row.id for row in (*found.linked, *found.rows)])
    is_spam = choice.show == "spam"
    may_choose = tickets.rights.may_delete or (tickets.rights.may_update and not is_spam)

    def lines(rows: Sequence[TicketRow]) -> list[SafeString]:
        shown = (line_of(row, tickets, chips.get(row.id, ()), is_in_bin=is_spam) for row in rows)
        show_contact = tickets.record.module != "Contacts"
        return [row_html(line, may_choose=may_choose, show_contact=show_contact) for line in shown]

    return {
        "tickets": tickets,
        "rights": tickets.rights,
        "choice": choice,
        "linked_lines": lines(found.linked),
        "lines": lines(found.rows),
        **risk_context(tickets),
        "has_linked": bool(tickets.party.ticket_ids),
        "found": found,
        "foot": _foot(found, choice),
        "pills": [
            *_pills(tickets, url, choice, found, is_saved=chosen is not None),
            *_saved(url, choice, saved, chosen),
        ],
        "saved_filter": chosen,
        "condition_count": sum(1 for _condition in choice.filter),
        "unfiltered_url": f"{url}?{choice.filtered(AskedFilter()).query()}",
        "sorts": [(f"{url}?{choice.sorted(sort).query()}", label, sort == choice.sort) for sort, label in _sorts()],
        "state": choice.state(),
        "here": f"{url}?{choice.query()}",
        "previous": f"{url}?{choice.ahead_of(found.previous).query()}" if found.previous else "",
        "next": f"{url}?{choice.beyond(found.next, len(found.linked) + len(found.rows)).query()}" if found.next else "",
        "emptiness": why_empty(tickets, found, may_administer=_administers(request, tickets)) if is_empty else None,
        "is_spam": is_spam,
        "may_choose": may_choose,
        "live": "desk.ticket",  # any of the portal: a new one may be this customer's
    }


def _page(tickets: RecordTickets, choice: BlockChoice) -> tuple[TicketPage, BlockChoice]:
    """A place that is not there any more is the beginning."""
    if tickets.party.is_nobody:
        nothing: dict[TicketFilter, int] = dict.fromkeys(_labels(), 0)
        return TicketPage((), 0, nothing), choice
    try:
        return tickets.desk.list_tickets(tickets.party, tickets.actor, choice.as_query()), choice
    except NotFound:
        choice = choice.from_start()
        return tickets.desk.list_tickets(tickets.party, tickets.actor, choice.as_query()), choice


def _pills(
    tickets: RecordTickets, url: str, choice: BlockChoice, found: TicketPage, *, is_saved: bool
) -> Sequence[Filter]:
    """Counts are over everything, whatever the filter says; a saved filter that is on is a pill of its own."""
    return [
        Filter(
            label,
            f"{url}?{(choice.filtered(AskedFilter()) if is_saved else choice).showing(key).query()}",
            found.counts[key],
            key == choice.show and not is_saved,
            is_late=key == "overdue",
        )
        for key, label in _labels().items()
        if _is_offered(key, tickets, found, choice)
    ]


def _is_offered(key: TicketFilter, tickets: RecordTickets, found: TicketPage, choice: BlockChoice) -> bool:
    """Spam is spoken of where there is any."""
    if key == "spam":
        return choice.show == "spam" or found.counts["spam"] > 0
    return key != "mine" or tickets.rights.may_reply


def _saved(url: str, choice: BlockChoice, saved: Sequence[SavedFilter], chosen: SavedFilter | None) -> Sequence[Filter]:
    return [
        Filter(one.name, f"{url}?{choice.showing('all').filtered(asked_by(one)).query()}", None, one == chosen)
        for one in saved
    ]


def _labels() -> dict[TicketFilter, Text]:
    return {
        "all": _("All"),
        "open": _("Open"),
        "overdue": _("Overdue"),
        "closed": _("Closed"),
        "escalated": _("Escalated"),
        "high_priority": _("High priority"),
        "mine": _("Mine"),
        "spam": _("Spam"),
    }


def _sorts() -> Sequence[tuple[TicketSort, Text]]:
    return [
        ("-activity", _("Latest activity")),
        ("due", _("Due soonest (open ones)")),
        ("-created", _("Newest")),
        ("created", _("Oldest")),
        ("activity", _("Longest without activity")),
    ]


def _foot(found: TicketPage, choice: BlockChoice) -> dict[str, Any]:
    """Which rows of how many. Linked ones stand before the first page and count, too."""
    shown = len(found.rows) + len(found.linked)
    first = choice.first if found.previous else 1
    return {"first": first, "last": first + shown - 1, "total": found.total, "is_capped": found.is_capped}


def _administers(request: HttpRequest, tickets: RecordTickets) -> bool:
    return DESK_INTEGRATION.code in front().visit(request, tickets.connection.org_id).permissions
