"""Lists of tickets of our own Desk and their figures, for the seam: the tickets of a party, filtered, sorted and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from django.db.models import QuerySet

from kakehashi.bridge.sides.tickets import Party, TicketFilter, TicketPage, TicketQuery
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, Text
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.core.once import asked_once
from kakehashi.desk.portals.access import DeskAccess, access_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statistics.queries import Customers, statistics
from kakehashi.desk.statistics.spread import with_spread
from kakehashi.desk.ticket_views.naming import SeatlessNaming, TicketNaming, field_sections
from kakehashi.desk.ticket_views.of_customers import (
    Whose,
    count_of_customers,
    fitting_tickets,
    read_customers_page,
)
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.models import Priority, Ticket
from kakehashi.desk.tickets.queries import lines_in_order, with_contacts_of
from kakehashi.desk.tickets.statistics import customer_statistics
from kakehashi.ui.list_builder.builder import Naming
from kakehashi.ui.statistics.figures import Report
from kakehashi.ui.statistics.periods import Basis, Period

from .ticket_rows import row_of

_FILTERS: tuple[TicketFilter, ...] = get_args(TicketFilter)
_COUNTED = 1_000
_OF_THE_CUSTOMER = {"contactId", "accountId", "customerId"}  # whose tickets these are is said already
_OF_A_SEAT = {"followers", "teamId"}


@dataclass(frozen=True)
class DeskTicketLists:
    """Implements the lists of `DeskSide` for one portal."""

    portal: Portal

    def ticket_subjects(self, actor: Actor) -> Subjects:
        left_out = _OF_THE_CUSTOMER if self._access(actor) else _OF_THE_CUSTOMER | _OF_A_SEAT
        return {name: one for name, one in subjects_of(self.portal).items() if name not in left_out}

    def ticket_naming(self, actor: Actor) -> Naming:
        access = self._access(actor)
        return TicketNaming(access) if access else SeatlessNaming(self.portal)

    def subject_sections(self, subjects: Subjects) -> Sequence[tuple[Text, Sequence[Subject]]]:
        return field_sections(subjects)

    def list_tickets(self, party: Party, actor: Actor, query: TicketQuery) -> TicketPage:
        access = self._access(actor)
        whose = _whose_of(self.portal, party)
        fitting = fitting_tickets(
            self.portal,
            access,
            show=query.show,
            asked=query.filter,
            subjects=subjects_of(self.portal) if query.filter else {},
        )
        linked, others = _apart(fitting, party.ticket_ids)
        page = read_customers_page(
            others,
            whose,
            query.sort,
            after=query.after,
            before=query.before,
            size=query.limit,
            is_usual=not query.filter,
        )
        counts = _counts_of(self.portal, party, access)
        total = counts[query.show]
        if query.filter:
            total = len(linked) + count_of_customers(others, whose, _COUNTED)
        return TicketPage(
            rows=tuple(row_of(ticket) for ticket in page.rows),
            linked=() if page.previous else tuple(row_of(ticket) for ticket in lines_in_order(linked)),
            total=min(total, _COUNTED) if query.filter else total,
            is_capped=bool(query.filter) and total > _COUNTED,
            is_limited=departments_of(access) is not None,
            counts=counts,
            previous=page.previous,
            next=page.next,
        )

    def count_tickets(self, party: Party, actor: Actor) -> int:
        return _counts_of(self.portal, party, self._access(actor))["all"]

    def owned_by(self, party: Party, ticket_ids: Sequence[int]) -> frozenset[int]:
        contacts = set(with_contacts_of(self.portal, party.contact_ids, party.emails))
        accounts, linked = set(party.account_ids), set(party.ticket_ids)
        rows = Ticket.objects.filter(portal=self.portal, pk__in=ticket_ids)
        return frozenset(
            pk
            for pk, contact_id, account_id in rows.values_list("pk", "contact_id", "account_id")
            if contact_id in contacts or account_id in accounts or pk in linked
        )

    def statistics(
        self, party: Party, actor: Actor, *, period: Period = Period.LAST_12_MONTHS, basis: Basis | None = None
    ) -> Report:
        whose = Customers(party.contact_ids, party.account_ids, party.emails, tuple(party.ticket_ids))
        seen = departments_of(self._access(actor))
        report = statistics(self.portal, whose, period=period, basis=basis, department_ids=seen)
        return with_spread(report, self.portal, whose, seen)

    def _access(self, actor: Actor) -> DeskAccess | None:
        """The seat of the person who acts, looked up once for each page; None for someone without one."""
        if actor.person_id not in self._seats:
            self._seats[actor.person_id] = self._find_seat(actor.person_id)
        return self._seats[actor.person_id]

    @cached_property
    def _seats(self) -> dict[int | None, DeskAccess | None]:
        return {}

    def _find_seat(self, person_id: int | None) -> DeskAccess | None:
        try:
            return access_of(person_id or 0, self.portal.pk)
        except NotFound:
            return None


@asked_once
def _whose_of(portal: Portal, party: Party) -> Whose:
    return Whose(with_contacts_of(portal, party.contact_ids, party.emails), party.account_ids)


@asked_once
def _counts_of(portal: Portal, party: Party, access: DeskAccess | None) -> Mapping[TicketFilter, int]:
    """Of the kept figures; linked tickets of others are counted one by one."""
    whose = _whose_of(portal, party)
    counted = customer_statistics(
        portal,
        contact_ids=whose.contact_ids,
        account_ids=whose.account_ids,
        agent_id=access.agent.pk if access else None,
        department_ids=departments_of(access),
    ).counts()
    strangers = _linked_of_others(portal, party, access)
    return {name: counted[name] + sum(_fits(one, name, access) for one in strangers) for name in _FILTERS}


def _linked_of_others(portal: Portal, party: Party, access: DeskAccess | None) -> Sequence[Ticket]:
    if not party.ticket_ids:
        return ()
    whose = _whose_of(portal, party)
    rows = Ticket.objects.filter(portal=portal, pk__in=party.ticket_ids, deleted_at=None)
    if (departments := departments_of(access)) is not None:
        rows = rows.filter(department_id__in=departments)
    columns = ("contact_id", "account_id", "closed_at", "due_at", "is_escalated", "priority", "assignee_id")
    return [
        one
        for one in rows.only(*columns)
        if one.contact_id not in whose.contact_ids and one.account_id not in whose.account_ids
    ]


def _apart(fitting: QuerySet[Ticket], ticket_ids: Sequence[int]) -> tuple[list[int], QuerySet[Ticket]]:
    """The linked ones, the latest activity first, and the others."""
    if not ticket_ids:
        return [], fitting
    linked = fitting.filter(pk__in=ticket_ids).order_by("-last_activity_at", "-id")
    return list(linked.values_list("pk", flat=True)), fitting.exclude(pk__in=ticket_ids)


def departments_of(access: DeskAccess | None) -> list[int] | None:
    """Those that a seated person is limited to; None for all."""
    return list(access.department_ids) if access and access.department_ids is not None else None


def _fits(ticket: Ticket, show: TicketFilter, access: DeskAccess | None) -> bool:
    is_open = ticket.closed_at is None
    return {
        "all": True,
        "open": is_open,
        "overdue": is_open and ticket.due_at is not None and ticket.due_at < clock.now(),
        "closed": not is_open,
        "escalated": ticket.is_escalated,
        "high_priority": ticket.priority == Priority.HIGH,
        "mine": is_open and access is not None and ticket.assignee_id == access.agent.pk,
        "spam": False,
    }[show]
