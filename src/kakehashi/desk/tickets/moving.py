"""Tickets that name another contact, account or product since theirs became part of it, or none since theirs is no more, any number in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.db.models import F

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.deadlines.following import CLOCK_COLUMNS, follow_clocks
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_search.jobs import refresh_search

from .actions import lock_tickets
from .models import Ticket
from .tallies import kept_figures

Column = Literal["contact_id", "account_id", "product_id"]
_API_NAMES: Mapping[Column, str] = {"contact_id": "contactId", "account_id": "accountId", "product_id": "productId"}
_BATCH = 500


def repoint_tickets(
    portal: Portal, column: Column, ids: Sequence[int], *, to_id: int | None, names: Mapping[int, str], actor: Actor
) -> None:
    """Inside a transaction: figures, deadlines of open tickets, events and search follow. `names` are those of whom they named and will name.

    Tickets in the recycle bin move along. Nobody's conversation or other field changes.
    """
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        _repoint(portal, column, wanted[start : start + _BATCH], to_id, names, actor)


def _repoint(
    portal: Portal, column: Column, ids: Sequence[int], to_id: int | None, names: Mapping[int, str], actor: Actor
) -> None:
    tickets = lock_tickets(portal, ids, deleted=True)
    facts = [_fact(portal, ticket, column, to_id, names) for ticket in tickets]
    with kept_figures(portal, tickets):
        for ticket in tickets:
            setattr(ticket, column, to_id)
        changed: dict[str, Any] = {column: to_id, "version": F("version") + 1, "modified_at": clock.now()}
        Ticket.objects.filter(pk__in=ids).update(**changed)
        if column == "account_id":
            _follow_clocks(portal, [one for one in tickets if one.closed_at is None and one.deleted_at is None])
    write_facts(facts, actor)
    refresh_search.defer(ticket_ids=list(ids))


def _follow_clocks(portal: Portal, tickets: Sequence[Ticket]) -> None:
    """Another account may be promised something else; only what that moves is written."""
    before = [[getattr(ticket, column) for column in CLOCK_COLUMNS] for ticket in tickets]
    follow_clocks(portal, tickets)
    moved = [t for t, was in zip(tickets, before, strict=True) if [getattr(t, one) for one in CLOCK_COLUMNS] != was]
    Ticket.objects.bulk_update(moved, CLOCK_COLUMNS)


def _fact(portal: Portal, ticket: Ticket, column: Column, to_id: int | None, names: Mapping[int, str]) -> Fact:
    pair = [names.get(getattr(ticket, column) or 0, ""), names.get(to_id or 0, "")]
    data = {"changes": {_API_NAMES[column]: pair}}
    return Fact(portal.tenant, "desk.ticket.updated", "desk.ticket", ticket.pk, data)
