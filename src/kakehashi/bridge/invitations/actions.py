"""Inviting people of the CRM to the Desk, and what becomes of their seats (spec P1–P3).

The connection does it, in the name of whoever may use the integration settings. Only an administrator of the Desk makes others
administrators there, or takes that role away: a key to somebody else's portal is no key to its settings.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.people import Seat
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound

from .queries import is_desk_administrator, roles_of

MOST_AT_ONCE = 200


@transaction.atomic
def invite(connection: Connection, roles: Mapping[int, str], *, actor: Actor) -> Sequence[Seat]:
    """Offer seats: role by person id. All of them or none; each gets a mail of the Desk's. Raises `InvalidValues`, `NotFound`."""
    if not roles:
        raise InvalidValues({"people": _("Choose at least one person.")})
    if len(roles) > MOST_AT_ONCE:
        raise InvalidValues({"people": _("Invite no more than 200 people at once.")})
    colleagues = {one.person_id for one in crm_side(connection.org_id).colleagues()}
    if not set(roles) <= colleagues:
        raise NotFound
    for role in set(roles.values()):
        _require_to_give(connection, role, actor)
    desk, who = desk_side(connection.portal_id), connection.integration(actor.name)
    return [desk.invite(person_id, role, (), who) for person_id, role in roles.items()]


def send_again(connection: Connection, seat_id: int, *, actor: Actor) -> None:
    desk_side(connection.portal_id).send_invitation_again(
        _seat(connection, seat_id).id, connection.integration(actor.name)
    )


def withdraw(connection: Connection, seat_id: int, *, actor: Actor) -> None:
    desk_side(connection.portal_id).withdraw_invitation(
        _seat(connection, seat_id).id, connection.integration(actor.name)
    )


def change_role(connection: Connection, seat_id: int, role: str, *, actor: Actor) -> None:
    seat = _seat(connection, seat_id)
    _require_to_give(connection, role, actor)
    _require_to_give(connection, seat.role, actor)
    desk_side(connection.portal_id).change_seat(seat.id, role, connection.integration(actor.name))


def _seat(connection: Connection, seat_id: int) -> Seat:
    """A seat of somebody who works in this org: others are the Desk's own business."""
    colleagues = {one.person_id for one in crm_side(connection.org_id).colleagues()}
    found = [seat for seat in desk_side(connection.portal_id).seats() if seat.id == seat_id]
    if not found or found[0].person_id not in colleagues:
        raise NotFound
    return found[0]


def _require_to_give(connection: Connection, role: str, actor: Actor) -> None:
    known = {one.value: one for one in roles_of(connection)}
    if role not in known:
        raise InvalidValues({"role": _("There is no such role.")})
    if known[role].is_administrator and not is_desk_administrator(connection, actor.person_id):
        raise NotAllowed(who_can=_("Administrators of the Desk give and take this role."))
