"""What the composer offers while one types: templates after "/", colleagues after "@", tickets after "#", addresses for a mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from kakehashi.core.normalise.text import fold
from kakehashi.desk.customers.queries import visible_contacts
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.reply_templates.queries import offered_templates
from kakehashi.desk.ticket_search.queries import searched
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import visible_tickets

from .addresses import Address
from .composing import Writing
from .mentions import agents_who_see

_MOST = 8
_MOST_SEARCHED = 200
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` and `hint` are read; `insert` is put into the text, or `html` where it is more than a word."""

    text: str
    hint: str = ""
    insert: str = ""
    html: str = ""


def suggest(writing: Writing, access: DeskAccess | None, kind: str, text: str) -> Sequence[Suggestion]:
    """`access` is None for somebody without a seat: they are offered colleagues and templates only."""
    if kind == "template":
        return _templates(writing, text)
    if kind == "person":
        return _people(writing, text)
    if access and kind == "ticket":
        return _tickets(access, writing.ticket, text)
    if access and kind == "address" and access.rights.may_reply:
        return _addresses(access, text)
    return []


def links_to_tickets(access: DeskAccess | None, numbers: Collection[int]) -> Mapping[int, str]:
    """Where the tickets of these numbers are, as far as this person may open them."""
    if access is None or not numbers:
        return {}
    found = visible_tickets(access).filter(number__in=numbers).values_list("number", "pk")
    return {number: reverse("desk_ticket", args=[access.portal.pk, pk]) for number, pk in found}


def _templates(writing: Writing, text: str) -> Sequence[Suggestion]:
    found = offered_templates(writing.ticket, text, writing.actor.name, _MOST)
    return [Suggestion(name, language, html=html) for name, language, html in found]


def _people(writing: Writing, text: str) -> Sequence[Suggestion]:
    wanted = fold(text)
    others = [a for a in agents_who_see(writing.ticket)[:500] if a.person_id != writing.actor.person_id]
    found = [agent for agent in others if wanted in fold(f"{agent.name} {agent.person.email}")]
    found.sort(key=lambda agent: (not fold(agent.name).startswith(wanted), agent.name))
    return [Suggestion(agent.name, agent.get_role_display(), insert=f"@{agent.name} ") for agent in found[:_MOST]]


def _tickets(access: DeskAccess, ticket: Ticket, text: str) -> Sequence[Suggestion]:
    rows = visible_tickets(access).exclude(pk=ticket.pk)
    found = _matching(rows, ticket, text.strip())[:_MOST]
    return [Suggestion(f"#{one.number}", one.subject, insert=f"#{one.number} ") for one in found]


def _matching(rows: QuerySet[Ticket], ticket: Ticket, text: str) -> QuerySet[Ticket]:
    """By the beginning of a number, by words, or, before anything is typed, the same customer's."""
    if text.isdecimal() and len(text) <= _MOST_DIGITS:
        number = int(text)
        ranges = [Q(number__range=(number * 10**more, (number + 1) * 10**more - 1)) for more in range(4)]
        return rows.filter(ranges[0] | ranges[1] | ranges[2] | ranges[3]).order_by("number")
    if text:
        rows = searched(rows, ticket.portal_id, text, most=_MOST_SEARCHED)[0]
    elif ticket.account_id:
        rows = rows.filter(account_id=ticket.account_id)
    elif ticket.contact_id:
        rows = rows.filter(contact_id=ticket.contact_id)
    return rows.order_by("-last_activity_at", "-id")


def _addresses(access: DeskAccess, text: str) -> Sequence[Suggestion]:
    if not text.strip():
        return []
    rows = found_by(visible_contacts(access), access.portal, text).exclude(email="")
    found = rows.order_by("-modified_at", "-id")[:_MOST]
    return [
        Suggestion(contact.name, contact.email, insert=str(Address(contact.name, contact.email))) for contact in found
    ]
