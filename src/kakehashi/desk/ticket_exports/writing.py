"""Tickets as lines of a spreadsheet, batch by batch: what the compact list shows, in words that sort and count."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.plain import plain_moment, plain_text
from kakehashi.core.spreadsheets import encoded, file_mark
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_views.columns import Cell, Column, columns_of, table_of
from kakehashi.desk.ticket_views.lines import lines_of
from kakehashi.desk.ticket_views.offer import Offer
from kakehashi.desk.ticket_views.queries import every_ticket
from kakehashi.desk.tickets.fields import PRIORITIES
from kakehashi.desk.tickets.models import Rating, Ticket
from kakehashi.desk.tickets.rows import TicketLine

BATCH_TICKETS = 500


def export_lines(
    portal: Portal,
    tickets: QuerySet[Ticket],
    names: Sequence[str],
    offer: Offer,
    *,
    sort: str,
    encoding: str,
) -> Iterator[bytes]:
    """The file in pieces. Memory holds one batch; number and subject stand first, as in every list."""
    columns = columns_of(names, offer)
    yield file_mark(encoding) + encoded([[_("Number"), _("Subject"), *(str(one.label) for one in columns)]], encoding)
    for batch in every_ticket(tickets, sort, batch=BATCH_TICKETS):
        lines = lines_of(portal, batch, shown=names)
        table = table_of(lines, columns, offer)
        yield encoded([_row(line, columns, cells, offer) for line, cells in table], encoding)


def _row(line: TicketLine, columns: Sequence[Column], cells: Sequence[Cell], offer: Offer) -> list[str]:
    return [
        str(line.ticket.number),
        line.ticket.subject,
        *(
            plain_text(line.ticket.custom.get(column.name), schema, Names())
            if (schema := offer.schemas.get(column.name))
            else _PLAIN[cell.kind](line)
            if cell.kind in _PLAIN
            else plain_moment(cell.moment)
            if cell.kind == "moment"
            else str(cell.text)
            for column, cell in zip(columns, cells, strict=True)
        ),
    ]


def _turn(line: TicketLine) -> str:
    if line.ticket.closed_at:
        return ""
    return _("Our turn") if line.ticket.is_our_turn else _("Customer's turn")


# What the list shows as a pill, a colour or a chip.
_PLAIN: Mapping[str, Callable[[TicketLine], str]] = {
    "status": lambda line: str(line.ticket.status.label),
    "priority": lambda line: str(PRIORITIES.get(line.ticket.priority, line.ticket.priority)),
    "deadline": lambda line: plain_moment(line.ticket.due_at),
    "next": lambda line: " / ".join(words for words in (line.target, line.coming) if words),
    "tags": lambda line: ";".join(line.tags),
    "turn": _turn,
    "rating": lambda line: str(Rating(line.ticket.rating).label) if line.ticket.rating else "",
}
