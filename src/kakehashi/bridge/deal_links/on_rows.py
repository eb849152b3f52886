"""On lists and boards of deals: how the tickets that are linked to each of them stand (lesson E1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.related_lists.queries import connection_showing
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.ticket_panel.access import shows_tickets
from kakehashi.core.actors import Actor

from .queries import tickets_of_deals
from .risk import RiskMark, added_up, marks_of


@dataclass(frozen=True, slots=True)
class DealMark:
    """The worst of it as a pill, and the whole in a sentence."""

    worst: RiskMark
    sentence: str


def marks_of_deals(org_id: int, deal_ids: Sequence[int], actor: Actor) -> Mapping[int, DealMark]:
    """Of those whose tickets this person may see, as on the deal's own page; the same number of queries for a page of deals as for one.

    A Desk that does not answer just now costs the list nothing but its marks.
    """
    connection = connection_showing(org_id, "Deals") if deal_ids else None
    if connection is None:
        return {}
    try:
        return _marks(connection, crm_side(org_id), desk_side(connection.portal_id), deal_ids, actor)
    except SideIsAway:
        return {}


def _marks(
    connection: Connection, crm: CrmSide, desk: DeskSide, deal_ids: Sequence[int], actor: Actor
) -> Mapping[int, DealMark]:
    linked = tickets_of_deals(connection, crm, desk, deal_ids)
    shown = _shown(connection, crm, desk, list(linked), actor)
    seen = desk.visible_tickets([one for deal_id in shown for one in linked[deal_id]], actor) if shown else {}
    risks = desk.risks_of(list(seen)) if seen else {}
    found = {deal_id: marks_of(added_up(risks[one] for one in linked[deal_id] if one in risks)) for deal_id in shown}
    return {deal_id: DealMark(marks[0], _sentence(marks)) for deal_id, marks in found.items() if marks}


def _shown(
    connection: Connection, crm: CrmSide, desk: DeskSide, deal_ids: Sequence[int], actor: Actor
) -> Sequence[int]:
    """Those on whose pages this person sees tickets."""
    if not deal_ids:
        return []
    rights = desk.rights(actor)
    if shows_tickets(connection, rights, is_owner=False):
        return deal_ids
    if not shows_tickets(connection, rights, is_owner=True):
        return []
    deals = crm.deals(deal_ids, actor)
    return [one for one in deal_ids if one in deals and deals[one].owner_id == actor.person_id]


def _sentence(marks: Sequence[RiskMark]) -> str:
    words = pgettext("between marks", ", ").join(mark.words for mark in marks)
    return _("Linked tickets: %(marks)s") % {"marks": words}
