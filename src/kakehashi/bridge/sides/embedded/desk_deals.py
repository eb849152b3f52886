"""Tickets of our own Desk as ends of links from outside, for the seam."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from kakehashi.bridge.sides.deals import RankKey, TicketCustomer, TicketRisk
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.core.once import asked_once
from kakehashi.desk.outside_ranks.actions import keep_ranks
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_merging.models import TicketSplit
from kakehashi.desk.tickets.models import IS_LIVE, Rating, Ticket

from .desk_tickets import DeskTickets

_LONGEST_CHAIN = 50


class DeskDeals(DeskTickets):
    """Implements `TicketDealSide` for one portal."""

    def living_tickets(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        places = {one: one for one in ticket_ids}
        lives: dict[int, int] = {}
        for _step in range(_LONGEST_CHAIN):
            rows = self._own().filter(pk__in=set(places.values())).values_list("pk", "deleted_at", "merged_into_id")
            known = {pk: (gone is None, into) for pk, gone, into in rows}
            lives |= {one: place for one, place in places.items() if known.get(place, (False, None))[0]}
            steps = {one: known[place][1] for one, place in places.items() if place in known and one not in lives}
            places = {one: into for one, into in steps.items() if into}
            if not places:
                break
        return lives

    def absorbed_tickets(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        return _absorbed(self.portal, tuple(ticket_ids))

    def split_sources(self, ticket_ids: Sequence[int]) -> Mapping[int, int]:
        splits = TicketSplit.objects.filter(portal=self.portal, ticket_id__in=ticket_ids, undone_at=None)
        return dict(splits.values_list("ticket_id", "source_id"))

    def visible_tickets(self, ticket_ids: Sequence[int], actor: Actor) -> Mapping[int, TicketCustomer]:
        rows = self._within(self._access(actor)).filter(IS_LIVE, pk__in=ticket_ids)
        columns = rows.values_list("pk", "number", "contact_id", "account_id", "closed_at")
        return {
            pk: TicketCustomer(number, contact_id, account_id, is_closed=closed_at is not None)
            for pk, number, contact_id, account_id, closed_at in columns
        }

    def risks_of(self, ticket_ids: Sequence[int]) -> Mapping[int, TicketRisk]:
        now = clock.now()
        rows = self._own().filter(IS_LIVE, pk__in=ticket_ids)
        columns = rows.values_list("pk", "closed_at", "due_at", "response_due_at", "is_escalated", "rating")
        return {
            pk: TicketRisk(
                open=int(closed_at is None),
                overdue=int(closed_at is None and any(moment < now for moment in dues if moment)),
                escalated=int(closed_at is None and is_escalated),
                bad=int(rating == Rating.BAD),
            )
            for pk, closed_at, *dues, is_escalated, rating in columns
        }

    def keep_ranks(self, key: RankKey, ranks: Mapping[int, Decimal | None]) -> None:
        keep_ranks(self.portal, key, ranks)

    def note_on_tickets(self, ticket_ids: Sequence[int], deed: str, actor: Actor) -> None:
        facts = [Fact(self.portal.tenant, f"desk.ticket.{deed}", "desk.ticket", one, {}) for one in ticket_ids]
        write_facts(facts, actor)

    def _own(self) -> QuerySet[Ticket]:
        return Ticket.objects.filter(portal=self.portal).order_by()


@asked_once
def _absorbed(portal: Portal, ticket_ids: tuple[int, ...]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    latest = {one: one for one in ticket_ids}
    for _step in range(_LONGEST_CHAIN):
        if not latest:
            break
        rows = _merged_into(portal.pk, list(latest))
        latest = {pk: latest[into] for pk, into in rows if pk not in found and into in latest}
        found |= latest
    return found


@fixed_read
def _merged_into(portal_id: int, ticket_ids: Sequence[int]) -> QuerySet[Ticket, tuple[int, int]]:
    merged = Ticket.objects.filter(portal_id=portal_id, merged_into__pk__among=ticket_ids)
    return merged.order_by().values_list("pk", "merged_into_id")
