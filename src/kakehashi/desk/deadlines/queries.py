"""What is known of tickets' pasts, and of the last time that open tickets were followed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.models import Direction, Message, MessageState
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import IS_OPEN, Status, StatusType, Ticket

from .steps import Letter, Move, Past

FOLLOWED = "desk.deadlines.followed"
_MOVING = ("desk.ticket.opened", "desk.ticket.updated", "desk.ticket.closed", "desk.ticket.reopened")
_IS_MOVE = Q(topic="desk.ticket.opened") | Q(data__changes__has_key="status")


@dataclass(frozen=True, slots=True)
class Following:
    """The last time that new targets or hours were applied."""

    at: datetime
    tickets: int
    moved: int


def pasts_of(portal: Portal, tickets: Sequence[Ticket]) -> list[Past]:
    """In the order of the tickets; three queries. What is in memory only counts as happening now."""
    ids = [ticket.pk for ticket in tickets if ticket.pk]
    moves, letters = _moves_of(portal, ids), _letters_of(ids)
    return [_past(ticket, moves.get(ticket.pk, []), letters.get(ticket.pk, [])) for ticket in tickets]


def count_followed(portal: Portal) -> int:
    return Ticket.objects.filter(IS_OPEN, portal=portal).count()


def last_following(portal: Portal) -> Following | None:
    event = Event.objects.filter(kind="desk.portal", subject_id=portal.pk, topic=FOLLOWED).order_by("-id").first()
    return Following(event.at, event.data["tickets"], event.data["moved"]) if event else None


def _past(ticket: Ticket, moves: list[tuple[Move, StatusType | None]], letters: list[Letter]) -> Past:
    """`moves` come with the type before each; the first of those is what the ticket was opened as."""
    now_type = StatusType(ticket.status.type)
    opened_as = moves[0][1] or StatusType.OPEN if moves else now_type if not ticket.pk else StatusType.OPEN
    real = [move for move, _before in moves]
    return Past(ticket.created_at, opened_as, real, letters, now_type, clock.now())


def _moves_of(portal: Portal, ids: Sequence[int]) -> dict[int, list[tuple[Move, StatusType | None]]]:
    found: defaultdict[int, list[tuple[Move, StatusType | None]]] = defaultdict(list)
    if not ids:
        return found
    events = Event.objects.filter(_IS_MOVE, kind="desk.ticket", subject_id__in=ids, topic__in=_MOVING)
    by_name: dict[str, StatusType] = {}
    for topic, subject_id, data, at in events.order_by("at", "id").values_list("topic", "subject_id", "data", "at"):
        if topic == "desk.ticket.opened":
            if kind := data.get("status_type"):
                found[subject_id].append((Move(at, StatusType(kind)), StatusType(kind)))
            continue
        kinds = data.get("status_types")
        if kinds is None:
            by_name = by_name or _types_by_name(portal)
            kinds = [_guess(name, topic, by_name) for name in data["changes"]["status"]]
        found[subject_id].append((Move(at, StatusType(kinds[1])), StatusType(kinds[0])))
    return found


def _types_by_name(portal: Portal) -> dict[str, StatusType]:
    rows = Status.objects.filter(portal=portal).values_list("name", "type")
    return {name: StatusType(kind) for name, kind in rows}


def _guess(name: str, topic: str, by_name: dict[str, StatusType]) -> StatusType:
    """Events from before types were written down name a status that may be gone by now."""
    if name in by_name:
        return by_name[name]
    return StatusType.CLOSED if topic.endswith(".closed") else StatusType.OPEN


def _letters_of(ids: Sequence[int]) -> dict[int, list[Letter]]:
    found: defaultdict[int, list[Letter]] = defaultdict(list)
    if not ids:
        return found
    rows = Message.objects.filter(ticket_id__in=ids, is_forward=False).exclude(state=MessageState.WITHDRAWN)
    for ticket_id, direction, at in rows.order_by("at", "id").values_list("ticket_id", "direction", "at"):
        found[ticket_id].append(Letter(at, direction == Direction.OUT))
    return found
