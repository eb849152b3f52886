"""The people of the CRM as the Desk knows them (spec P1, P3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.people import Colleague, Role, Seat


@dataclass(frozen=True, slots=True)
class Mutual:
    """Somebody who is in the CRM and has, had or was offered a seat in the Desk."""

    colleague: Colleague
    seat: Seat


@dataclass(frozen=True, slots=True)
class People:
    """相互ユーザー, pending invitations, and who may be invited."""

    mutual: Sequence[Mutual]
    pending: Sequence[Mutual]
    free: Sequence[Colleague]


def people_of(connection: Connection) -> People:
    seats = {seat.person_id: seat for seat in desk_side(connection.portal_id).seats()}
    colleagues = crm_side(connection.org_id).colleagues()
    seated = [Mutual(one, seats[one.person_id]) for one in colleagues if one.person_id in seats]
    return People(
        mutual=[one for one in seated if one.seat.state != "invited"],
        pending=[one for one in seated if one.seat.state == "invited"],
        free=[one for one in colleagues if one.person_id not in seats or seats[one.person_id].state == "inactive"],
    )


def roles_of(connection: Connection) -> Sequence[Role]:
    return desk_side(connection.portal_id).roles()


def is_desk_administrator(connection: Connection, person_id: int | None) -> bool:
    seats = desk_side(connection.portal_id).seats()
    return any(seat.person_id == person_id and seat.is_active and seat.is_administrator for seat in seats)
