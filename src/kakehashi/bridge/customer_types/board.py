"""The board: open tickets in columns by what the CRM knows of their customers, as one agent may see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.queries import seen_in_desk
from kakehashi.bridge.deal_links.sight import sight_for
from kakehashi.bridge.sides.customer_types import BoardPage, BoardPlace, BoardTicket
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.ticket_panel.showing import tone_of
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

from .columns import hint_of
from .models import CountedRecord, TypeColumn
from .queries import folded_columns
from .sorting import RANK
from .stakes import stakes_of

CARDS = 20
MOST_CARDS = 200
COUNTED = 1_000
SORTS = ("due", "activity")


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks of the board."""

    sort: str = "due"
    department_id: int | None = None
    opened: Mapping[int, int] = field(default_factory=dict)  # how many cards of a column stand on the page already

    def query(self) -> dict[str, str]:
        said = {"sort": self.sort} if self.sort != "due" else {}
        return said | ({"department": str(self.department_id)} if self.department_id else {})


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket with the open deal of its customer that is at stake: the largest, by rights."""

    ticket: BoardTicket
    tone: str
    deal: Deal | None = None
    more_deals: int = 0

    @property
    def is_hollow(self) -> bool:
        return self.tone == "amber"


@dataclass(frozen=True, slots=True)
class BoardColumn:
    column: TypeColumn
    hint: Text
    cards: Sequence[Card]
    count: int
    next: str
    opened: int
    stake: Text = ""
    is_folded: bool = False

    @property
    def is_counted(self) -> bool:
        return self.count <= COUNTED

    @property
    def shown_count(self) -> int:
        return min(self.count, COUNTED)


def may_see(connection: Connection, actor: Actor) -> bool:
    """Where agents without an account in the CRM see nothing of deals, a column would tell them."""
    return sight_for(connection, crm_side(connection.org_id), actor) != Sight.NOTHING


def board_of(connection: Connection, columns: Sequence[TypeColumn], actor: Actor, choice: Choice) -> list[BoardColumn]:
    """Two light queries a column, one where it is folded, and a few for what stands on the cards."""
    folded = folded_columns(connection, actor.person_id)
    places = {column.pk: BoardPlace(0 if column.pk in folded else _size(column, choice)) for column in columns}
    pages = _read(connection, places, actor, choice)
    deals = _deals(connection, [ticket for page in pages.values() for ticket in page.tickets], actor)
    stakes = stakes_of(connection, columns, actor, department_id=choice.department_id)
    told = [_told(column, pages[column.pk], deals, 0) for column in columns]
    return [replace(one, stake=stakes.get(one.column.pk, ""), is_folded=one.column.pk in folded) for one in told]


def _size(column: TypeColumn, choice: Choice) -> int:
    return min(max(CARDS, choice.opened.get(column.pk, 0)), MOST_CARDS)


def more_of(connection: Connection, column: TypeColumn, actor: Actor, choice: Choice, after: str) -> BoardColumn:
    """The next cards of one column. Raises `NotFound` for a place that is none of its."""
    page = _read(connection, {column.pk: BoardPlace(CARDS, after)}, actor, choice)[column.pk]
    return _told(column, page, _deals(connection, page.tickets, actor), choice.opened.get(column.pk, 0))


def _read(
    connection: Connection, places: Mapping[int, BoardPlace], actor: Actor, choice: Choice
) -> Mapping[int, BoardPage]:
    desk = desk_side(connection.portal_id)
    return desk.board_pages(RANK, places, actor, sort=choice.sort, department_id=choice.department_id)


def _told(column: TypeColumn, page: BoardPage, deals: Mapping[int, Sequence[Deal]], before: int) -> BoardColumn:
    cards = [_card(ticket, deals.get(ticket.row.id, ())) for ticket in page.tickets]
    return BoardColumn(column, hint_of(column), cards, page.count, page.next, before + len(cards))


def _card(ticket: BoardTicket, deals: Sequence[Deal]) -> Card:
    still_open = sorted((one for one in deals if one.is_open), key=lambda one: (-(one.amount or 0), one.id))
    return Card(ticket, tone_of(ticket.row), next(iter(still_open), None), max(0, len(still_open) - 1))


def _deals(connection: Connection, tickets: Collection[BoardTicket], actor: Actor) -> Mapping[int, Sequence[Deal]]:
    """The deals that had a say in where tickets stand, as this person may see them."""
    ids = [ticket.row.id for ticket in tickets]
    rows = CountedRecord.objects.filter(connection=connection, ticket_id__in=ids).values_list("ticket_id", "record_id")
    by_ticket: dict[int, list[int]] = {}
    for ticket_id, record_id in rows:
        by_ticket.setdefault(ticket_id, []).append(record_id)
    wanted = sorted({one for found in by_ticket.values() for one in found})
    crm = crm_side(connection.org_id)
    living = sorted(crm.live_among("Deals", wanted)) if wanted else []
    deals = seen_in_desk(connection, crm, actor)(living) if living else {}
    return {ticket_id: [deals[one] for one in found if one in deals] for ticket_id, found in by_ticket.items()}
