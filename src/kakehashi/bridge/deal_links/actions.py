"""Linking tickets to deals and taking that back. Each is told in the timelines of both ends, in one transaction."""

from collections.abc import Sequence

from django.db import connection as database
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound

from .models import DealLink, TurnedDown
from .ranking import rank_tickets

_LINK = """
    INSERT INTO bridge_deallink (connection_id, deal_id, ticket_id, by_id, by_name, at)
    SELECT %s, %s, one, %s, %s, %s FROM unnest(%s::bigint[]) AS one
    ON CONFLICT (connection_id, deal_id, ticket_id) DO NOTHING RETURNING ticket_id
"""


def find_deal(connection: Connection, deal_id: int, actor: Actor) -> Deal:
    """A deal that this person may see. Raises `InvalidValues` beside the field "deal"."""
    deal = crm_side(connection.org_id).deals([deal_id], actor).get(deal_id)
    if deal is None:
        raise InvalidValues({"deal": _("Choose a deal.")})
    return deal


@transaction.atomic
def link_tickets(connection: Connection, deal: Deal, ticket_ids: Sequence[int], *, actor: Actor) -> Sequence[int]:
    """Those that were not linked to the deal before. Raises `NotFound` for tickets out of sight, `NotAllowed` without the right to change them."""
    _require(connection, ticket_ids, actor)
    with database.cursor() as cursor:
        cursor.execute(
            _LINK, [connection.pk, deal.id, actor.person_id, actor.name, clock.now(), sorted(set(ticket_ids))]
        )
        new = sorted(row[0] for row in cursor.fetchall())
    _tell(connection, deal, new, ("ticket_linked", "deal_linked"), actor)
    return new


@transaction.atomic
def unlink_tickets(connection: Connection, deal: Deal, ticket_ids: Sequence[int], *, actor: Actor) -> Sequence[int]:
    """Those that were linked, also by way of a record or ticket that was merged since. Raises as `link_tickets` does."""
    _require(connection, ticket_ids, actor)
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    absorbed = desk.absorbed_tickets(ticket_ids)
    rows = DealLink.objects.select_for_update().filter(
        connection=connection,
        deal_id__in=[deal.id, *crm.absorbed("Deals", [deal.id])],
        ticket_id__in=[*ticket_ids, *absorbed],
    )
    found = list(rows)
    DealLink.objects.filter(pk__in=[row.pk for row in found]).delete()
    gone = sorted({absorbed.get(row.ticket_id, row.ticket_id) for row in found})
    _tell(connection, deal, gone, ("ticket_unlinked", "deal_unlinked"), actor)
    return gone


def turn_down(connection: Connection, deal_id: int, ticket_id: int, *, actor: Actor) -> None:
    """The deal is not suggested for this ticket again, to nobody. Raises as `link_tickets` does."""
    _require(connection, [ticket_id], actor)
    TurnedDown.objects.get_or_create(
        connection=connection, deal_id=deal_id, ticket_id=ticket_id, defaults={"by_name": actor.name}
    )


def suggest_again(connection: Connection, deal_id: int, ticket_id: int, *, actor: Actor) -> None:
    """Take "not this one" back. Raises as `link_tickets` does."""
    _require(connection, [ticket_id], actor)
    TurnedDown.objects.filter(connection=connection, deal_id=deal_id, ticket_id=ticket_id).delete()


def _require(connection: Connection, ticket_ids: Sequence[int], actor: Actor) -> None:
    desk = desk_side(connection.portal_id)
    if not ticket_ids or not set(ticket_ids) <= set(desk.visible_tickets(ticket_ids, actor)):
        raise NotFound
    if not desk.rights(actor).may_update:
        raise NotAllowed


def _tell(connection: Connection, deal: Deal, ticket_ids: Sequence[int], deeds: tuple[str, str], actor: Actor) -> None:
    """One line on the deal names all tickets by number; what they are about is for who may read them."""
    if not ticket_ids:
        return
    desk = desk_side(connection.portal_id)
    numbers = sorted(one.number for one in desk.visible_tickets(ticket_ids, actor).values())
    about = ", ".join(f"#{number}" for number in numbers)
    crm_side(connection.org_id).note("Deals", [deal.id], deeds[0], about, actor)
    desk.note_on_tickets(ticket_ids, deeds[1], actor)
    rank_tickets(connection, ticket_ids)
