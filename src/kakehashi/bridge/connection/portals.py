"""Which portals this person may choose (spec S2), and which are taken, by whom as far as they may know; or which orgs, from the Desk (S7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.sides.directory import crm_side, front, portals
from kakehashi.bridge.sides.front import DeskVisit, Visit
from kakehashi.bridge.sides.tickets import Choice

from .models import Connection, State
from .permissions import DESK_INTEGRATION


@dataclass(frozen=True, slots=True)
class TakenPortal:
    """`by` is the name of the org that it is connected to, empty for who is no member there."""

    name: str
    by: str


@dataclass(frozen=True, slots=True)
class Offered:
    free: Sequence[Choice]
    taken: list[TakenPortal]


def free_portals(visit: Visit) -> Offered:
    """Of the portals where this person is an administrator; the one that this org is connected to is no news to anybody."""
    living = Connection.objects.exclude(state=State.DISABLED)
    holders = dict(living.values_list("portal_id", "org_id"))
    mine = portals().administered_by(visit.person_id)
    others = [one for one in mine if holders.get(int(one.value), visit.org_id) != visit.org_id]
    taken = [TakenPortal(str(one.label), _name(holders[int(one.value)], visit.person_id)) for one in others]
    return Offered([one for one in mine if int(one.value) not in holders], taken)


def free_orgs(visit: DeskVisit) -> list[Choice]:
    """From the Desk's side: the unconnected orgs in which this person may set the integration up."""
    mine = front().orgs_where(visit.actor.person_id or 0, DESK_INTEGRATION.code)
    living = Connection.objects.exclude(state=State.DISABLED).filter(org_id__in=[int(one.value) for one in mine])
    taken = set(living.values_list("org_id", flat=True))
    return [one for one in mine if int(one.value) not in taken]


def _name(org_id: int, person_id: int) -> str:
    crm = crm_side(org_id)
    return crm.name if crm.has_member(person_id) else ""
