"""Open tickets of our own Desk, sorted by what something outside it keeps with them, for the seam (spec X6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from kakehashi.bridge.sides.customer_types import BoardPage, BoardPlace, BoardTicket, OpenTicket
from kakehashi.bridge.sides.tickets import Choice
from kakehashi.core.actors import Actor
from kakehashi.core.keyset import Page, read_page
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.desk.customers.models import Account, Contact, with_email, with_phone
from kakehashi.desk.outside_ranks.models import OutsideRank
from kakehashi.desk.portals.models import Department
from kakehashi.desk.ticket_views.queries import COUNTED_ROWS, capped_count
from kakehashi.desk.tickets.models import IS_LIVE, IS_OPEN, Ticket
from kakehashi.desk.tickets.queries import lines_in_order
from kakehashi.desk.tickets.rows import deadline_of

from .desk_ticket_lists import DeskTicketLists, departments_of
from .ticket_rows import row_of

_SORTS = {
    "due": ("due_at", False, True),
    "activity": ("last_activity_at", True, False),
}  # column, falling, may be empty


@dataclass(frozen=True)
class DeskSorting(DeskTicketLists):
    """Implements `SortedTicketSide` for one portal."""

    def open_tickets(self, ticket_ids: Collection[int]) -> Sequence[OpenTicket]:
        return _told(self._still_open().filter(pk__in=ticket_ids).order_by("pk"))

    def scan_open(self, *, after_id: int = 0, limit: int = 500) -> Sequence[OpenTicket]:
        return _told(self._still_open().filter(pk__gt=after_id).order_by("pk")[:limit])

    def open_tickets_of(
        self,
        *,
        contact_ids: Collection[int] = (),
        account_ids: Collection[int] = (),
        emails: Collection[str] = (),
        phones: Collection[str] = (),
    ) -> Sequence[int]:
        found: set[int] = set()
        people = [*contact_ids, *self._contacts_with(emails, phones)]
        for whose in (Q(contact_id__in=people), Q(account_id__in=account_ids), self._nobodys(emails, phones)):
            if whose:
                found |= set(self._still_open().filter(whose).values_list("pk", flat=True))
        return sorted(found)

    def ranks(self, key: str, ticket_ids: Collection[int]) -> Mapping[int, Decimal]:
        kept = OutsideRank.objects.filter(portal=self.portal, key=key, ticket_id__in=ticket_ids)
        return dict(kept.values_list("ticket_id", "rank"))

    def board_pages(
        self, key: str, asked: Mapping[int, BoardPlace], actor: Actor, *, sort: str, department_id: int | None = None
    ) -> Mapping[int, BoardPage]:
        found = {
            rank: self._read(self._board_rows(key, rank, actor, department_id), sort, place)
            for rank, place in asked.items()
        }
        tickets = {
            ticket.pk: ticket
            for ticket in lines_in_order([one.pk for page, _count in found.values() for one in page.rows])
        }
        return {
            rank: BoardPage(
                tuple(self._card(tickets[one.pk]) for one in page.rows if one.pk in tickets), count, page.next
            )
            for rank, (page, count) in found.items()
        }

    def board_places(
        self, key: str, ranks: Collection[int], actor: Actor, *, department_id: int | None = None, limit: int
    ) -> Mapping[int, int]:
        placed = self._seen_open(actor, department_id).filter(
            outside_ranks__portal=self.portal, outside_ranks__key=key, outside_ranks__rank__in=ranks
        )
        return {pk: int(rank) for pk, rank in placed.values_list("pk", "outside_ranks__rank")[:limit]}

    def customer_of(
        self, *, ticket: int | None, contact: int | None, account: int | None, actor: Actor
    ) -> OpenTicket | None:
        if ticket:
            rows = Ticket.objects.filter(IS_LIVE, portal=self.portal, pk=ticket)
            if (seen := departments_of(self._access(actor))) is not None:
                rows = rows.filter(department_id__in=seen)
            return next(iter(_told(rows)), None)
        person = Contact.objects.filter(portal=self.portal, pk=contact or 0).first()
        company = Account.objects.filter(portal=self.portal, pk=account or 0).first()
        if person is None and company is None:
            return None
        account_id = company.pk if company else person.account_id if person else None
        if person is None:
            return OpenTicket(0, None, account_id)
        return OpenTicket(0, person.pk, account_id, person.emails_normal, person.phones_normal)

    def departments_seen(self, actor: Actor) -> Sequence[Choice]:
        found = Department.objects.filter(portal=self.portal).order_by("pk")
        if (seen := departments_of(self._access(actor))) is not None:
            found = found.filter(pk__in=seen)
        return [Choice(str(one.pk), one.name) for one in found]

    def _read(self, rows: QuerySet[Ticket], sort: str, place: BoardPlace) -> tuple[Page[Ticket], int]:
        if not place.limit:
            return Page([], "", "", is_whole=False), capped_count(rows, COUNTED_ROWS)
        column, is_falling, may_be_empty = _SORTS.get(sort, _SORTS["due"])
        page = read_page(
            rows.only("pk", column),
            column,
            is_falling=is_falling,
            may_be_empty=may_be_empty,
            after=place.after,
            size=place.limit,
        )
        return page, len(page.rows) if page.is_whole else capped_count(rows, COUNTED_ROWS)

    def _board_rows(self, key: str, rank: int, actor: Actor, department_id: int | None) -> QuerySet[Ticket]:
        kept = OutsideRank.objects.filter(portal=self.portal, key=key, rank=rank, ticket=OuterRef("pk"))
        return self._seen_open(actor, department_id).filter(Exists(kept))

    def _seen_open(self, actor: Actor, department_id: int | None) -> QuerySet[Ticket]:
        """Without a seat nobody sees any."""
        access, rows = self._access(actor), self._still_open()
        if access is None:
            return rows.none()
        if access.department_ids is not None:
            rows = rows.filter(department_id__in=access.department_ids)
        return rows.filter(department_id=department_id) if department_id else rows

    def _card(self, ticket: Ticket) -> BoardTicket:
        deadline = deadline_of(ticket)
        return BoardTicket(
            row_of(ticket),
            ticket.contact_id,
            ticket.account_id,
            deadline.words,
            deadline.state,
            reverse("desk_ticket", args=[self.portal.pk, ticket.pk]),
        )

    def _still_open(self) -> QuerySet[Ticket]:
        return Ticket.objects.filter(IS_OPEN, portal=self.portal).order_by()

    def _contacts_with(self, emails: Collection[str], phones: Collection[str]) -> list[int]:
        wanted = [make(keys) for make, keys in ((with_email, emails), (with_phone, phones)) if keys]
        found: set[int] = set()
        for one in wanted:
            found |= set(Contact.objects.filter(one, portal=self.portal).values_list("pk", flat=True))
        return sorted(found)

    def _nobodys(self, emails: Collection[str], phones: Collection[str]) -> Q:
        """Tickets without a contact, by what stands on the ticket itself. There are few, and they are compared one by one."""
        if not emails and not phones:
            return Q()
        rows = self._still_open().filter(contact=None).values_list("pk", "email", "phone")
        fits = [pk for pk, email, phone in rows if normal_email(email) in emails or normal_phone(phone) in phones]
        return Q(pk__in=fits) if fits else Q()


_COLUMNS = (
    "pk", "contact_id", "account_id", "email", "phone", "contact__email_normal", "contact__secondary_email_normal",
    "contact__more_emails_normal", "contact__phone_normal", "contact__mobile_normal", "contact__more_phones_normal",
    "contact__account_id",
)  # fmt: skip


def _told(rows: QuerySet[Ticket]) -> list[OpenTicket]:
    return [
        OpenTicket(
            id=pk,
            contact_id=contact_id,
            account_id=account_id or company_id,
            emails=frozenset(one for one in (normal_email(email), first, second, *(more or ())) if one),
            phones=frozenset(one for one in (normal_phone(phone), fixed, mobile, *(others or ())) if one),
        )
        for pk, contact_id, account_id, email, phone, first, second, more, fixed, mobile, others, company_id in rows.values_list(
            *(F(column) if column == "pk" else column for column in _COLUMNS)
        )
    ]
