"""A planned ticket as the deeds that made it, each with its time and who did it. No database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.staff import Colleague
from kakehashi.assembly.demo.tickets import PlannedTicket, Said

Kind = Literal["receive", "reply", "comment", "assign", "status", "rate"]
_MOMENT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Deed:
    """`by` is a colleague's key, "customer" or "system"; `said` is the number of the words; `value` a status or an assignee."""

    at: datetime
    ticket: PlannedTicket
    kind: Kind
    by: str
    said: int = 0
    value: str = ""


def deeds_of(ticket: PlannedTicket) -> Iterator[Deed]:
    """What was done after it was opened, in order."""
    yield from _assignment(ticket)
    is_on_hold = False
    for number, said in enumerate(ticket.said[1:], start=1):
        yield _words(ticket, number, said)
        if said.by == "customer" and is_on_hold and not said.puts_on_hold:
            yield Deed(said.at + _MOMENT, ticket, "status", "system", value="Open")
            is_on_hold = False
        if said.puts_on_hold and not is_on_hold:
            yield Deed(said.at + _MOMENT, ticket, "status", ticket.assignee or "takase", value="On Hold")
            is_on_hold = True
        if said.escalates:
            yield Deed(said.at + _MOMENT, ticket, "status", ticket.assignee or "takase", value="Escalated")
    yield from _ending(ticket)


def is_assigned_at_once(ticket: PlannedTicket) -> bool:
    """Calls stay with whoever takes them; some mails are given out by their category."""
    return bool(ticket.assignee) and (ticket.channel == "Phone" or ticket.key % 3 == 0)


def opened_by(ticket: PlannedTicket) -> str:
    """Whoever takes the call writes the ticket."""
    return (ticket.assignee or "takase") if ticket.channel == "Phone" else "customer"


def _assignment(ticket: PlannedTicket) -> Iterator[Deed]:
    """By the administrator, or the agent takes it; always before the agent's first answer."""
    if not ticket.assignee or is_assigned_at_once(ticket):
        return
    chance = stream(f"assignment {ticket.key}")
    answers = [said.at for said in ticket.said if said.by != "customer"]
    latest = min([*answers, ticket.opened_at + timedelta(hours=20)])
    at = ticket.opened_at + (latest - ticket.opened_at) * chance.uniform(0.2, 0.9)
    yield Deed(at, ticket, "assign", chance.choice(("takase", ticket.assignee, ticket.assignee)), value=ticket.assignee)


def _words(ticket: PlannedTicket, number: int, said: Said) -> Deed:
    if said.by == "customer":
        return Deed(said.at, ticket, "receive", "customer", number)
    author = said.author.key if isinstance(said.author, Colleague) else ""
    return Deed(said.at, ticket, "reply" if said.by == "agent" else "comment", author, number)


def _ending(ticket: PlannedTicket) -> Iterator[Deed]:
    course = ticket.course
    if course.closed_at:
        yield Deed(course.closed_at + 2 * _MOMENT, ticket, "status", ticket.assignee or "takase", value="Closed")
    if course.rated_at:
        yield Deed(course.rated_at + 3 * _MOMENT, ticket, "rate", "customer")
