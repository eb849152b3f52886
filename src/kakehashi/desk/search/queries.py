"""One box for the whole Desk: what is exactly meant, and the latest that hold every word, ranked together (as the CRM does)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.normalise.text import fold
from kakehashi.core.search.highlights import holds
from kakehashi.core.search.ranking import Find, rank
from kakehashi.core.search.tokens import query_tokens
from kakehashi.desk.customers.models import Account, Contact, with_email, with_phone
from kakehashi.desk.customers.queries import visible_accounts, visible_contacts
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.ticket_search.queries import places_of, searched
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import visible_tickets

_LEAST_RANKED = 60
_MOST_EXACT = 20
_MOST_TICKETS = 400
_READ_OF_TICKETS = (
    "number", "subject", "email", "last_activity_at", "assignee_id", "status__name", "contact__last_name", "contact__first_name",
    "account__account_name",
)  # fmt: skip
_SHORTEST_PHONE = 6
_NUMBER = re.compile(r"[#＃]?\s*(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Found:
    """One find: `name` and `hint` are read, `rank` is compared with others of any kind."""

    id: int
    name: str
    hint: str
    url: str
    rank: tuple[int, float]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, best first; `has_more` when there is more than was asked for."""

    kind: str
    finds: Sequence[Found]
    has_more: bool


def search_desk(access: DeskAccess, text: str, *, limit: int) -> list[Group]:
    """The kind with the best find first. The same number of queries, however many rows there are."""
    if not query_tokens(text):
        return []
    asked = _Asked(access, text, clock.now(), max(_LEAST_RANKED, limit * 2))
    groups = []
    for kind, finds in (
        ("tickets", _tickets(asked)),
        ("contacts", _contacts(asked)),
        ("accounts", _accounts(asked)),
        ("products", _products(asked)),
    ):
        if finds:
            finds.sort(key=lambda found: found.rank)
            shown = _with_places(finds[:limit], text) if kind == "tickets" else finds[:limit]
            groups.append(Group(kind, shown, has_more=len(finds) > limit))
    return sorted(groups, key=lambda group: group.finds[0].rank)


@dataclass(frozen=True, slots=True)
class _Asked:
    access: DeskAccess
    text: str
    now: datetime
    most: int

    def rank(
        self, name: str, modified_at: datetime, *, is_own: bool = False, is_exact: bool = False
    ) -> tuple[int, float]:
        return rank(Find(name, modified_at, is_own, is_exact), self.text, self.now)

    def url(self, page: str, number: int) -> str:
        return reverse(page, args=[self.access.portal.pk, number])

    def latest(self, rows: QuerySet[Any], meant: Q) -> list[Any]:
        """The latest that hold every word, and those that are exactly meant."""
        words = found_by(rows, self.access.portal, self.text).order_by("-modified_at", "-pk")[: self.most]
        found = {row.pk: row for row in words}
        if meant:
            found |= {row.pk: row for row in rows.filter(meant).order_by("-modified_at", "-pk")[:_MOST_EXACT]}
        return list(found.values())


def _tickets(asked: _Asked) -> list[Found]:
    rows = visible_tickets(asked.access).select_related(None).select_related("status", "contact", "account")
    rows, own = rows.defer(None).only(*_READ_OF_TICKETS), asked.access.agent.pk
    words, _count = searched(rows, asked.access.portal.pk, asked.text, most=_MOST_TICKETS)
    words = words.order_by("-last_activity_at", "-pk")[: asked.most]
    found = {ticket.pk: ticket for ticket in words}
    number = int(match[1]) if (match := _NUMBER.fullmatch(asked.text)) else 0
    if number:
        found |= {ticket.pk: ticket for ticket in rows.filter(number=number)}
    return [
        Found(
            ticket.pk,
            f"#{ticket.number} {ticket.subject}",
            _hint(ticket.contact.name if ticket.contact else ticket.email, _account_of(ticket), ticket.status.label),
            asked.url("desk_ticket", ticket.pk),
            asked.rank(
                ticket.subject,
                ticket.last_activity_at,
                is_own=ticket.assignee_id == own,
                is_exact=ticket.number == number,
            ),
        )
        for ticket in found.values()
    ]


def _with_places(finds: Sequence[Found], text: str) -> list[Found]:
    """Where a ticket holds the words that its line does not show."""
    lines = {found.id: f"{found.name} {found.hint}" for found in finds}
    missing = {key: " ".join(word for word in text.split() if not holds(line, word)) for key, line in lines.items()}
    places = places_of({key: words for key, words in missing.items() if words})
    return [replace(found, hint=places.get(found.id, found.hint)) for found in finds]


def _account_of(ticket: Ticket) -> str:
    return ticket.account.account_name if ticket.account else ""


def _contacts(asked: _Asked) -> list[Found]:
    email, phone = normal_email(asked.text), _phone(asked.text)
    meant = Q()
    if email:
        meant |= with_email([email])
    if phone:
        meant |= with_phone([phone])
    rows: list[Contact] = asked.latest(visible_contacts(asked.access), meant)
    return [
        Found(
            contact.pk,
            contact.name,
            _hint(
                contact.account.account_name if contact.account else "", contact.email, contact.phone or contact.mobile
            ),
            asked.url("desk_contact", contact.pk),
            asked.rank(
                contact.name,
                contact.modified_at,
                is_exact=email in contact.emails_normal or phone in contact.phones_normal,
            ),
        )
        for contact in rows
    ]


def _accounts(asked: _Asked) -> list[Found]:
    phone, name = _phone(asked.text), normal_name(asked.text)
    meant = Q(phone_normal=phone) if phone else Q()
    if name:
        meant |= Q(name_normal=name)
    rows: list[Account] = asked.latest(visible_accounts(asked.access), meant)
    return [
        Found(
            account.pk,
            account.account_name,
            _hint(account.city, account.website, account.phone),
            asked.url("desk_account", account.pk),
            asked.rank(
                account.account_name, account.modified_at, is_exact=bool(phone and phone == account.phone_normal)
            ),
        )
        for account in rows
    ]


def _products(asked: _Asked) -> list[Found]:
    rows = Product.objects.filter(portal=asked.access.portal, deleted_at__isnull=True).defer("search")
    code = fold(asked.text)
    found: list[Product] = asked.latest(rows, Q(code_normal=code))
    return [
        Found(
            product.pk,
            product.product_name,
            product.product_code,
            asked.url("desk_product", product.pk),
            asked.rank(product.product_name, product.modified_at, is_exact=product.code_normal == code),
        )
        for product in found
    ]


def _phone(text: str) -> str:
    phone = normal_phone(text)
    return phone if len(phone) >= _SHORTEST_PHONE else ""


def _hint(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)[:120]
