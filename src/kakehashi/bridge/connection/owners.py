"""Who answers for a connection in the Desk, and what happens when they are gone (spec X2): sync goes on, the settings are closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.people import Seat
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError

from .models import Connection, Deed, Owner
from .queries import connection_of_portal
from .steps import note


class SettingsAreClosed(ProductError):
    code = "settings_are_closed"
    status = 409
    message = _("Nobody answers for this connection in the Desk any more. Name an active user who takes it over, or disable it.")  # fmt: skip


class LastOwner(ProductError):
    code = "last_owner"
    status = 409
    message = _("A connection keeps at least one owner who is active in the Desk. Add another one first.")


@dataclass(frozen=True, slots=True)
class OwnerState:
    """An owner, and the seat they have in the Desk, if any."""

    owner: Owner
    seat: Seat | None

    @property
    def is_in_place(self) -> bool:
        return self.seat is not None and self.seat.is_active


def owners_of(connection: Connection) -> Sequence[OwnerState]:
    seats = {seat.person_id: seat for seat in desk_side(connection.portal_id).seats()}
    return [OwnerState(owner, seats.get(owner.person_id)) for owner in connection.owners.all()]


def is_orphaned(connection: Connection) -> bool:
    """No owner is active in the Desk."""
    return not any(state.is_in_place for state in owners_of(connection))


def require_open(connection: Connection) -> None:
    """Raises `SettingsAreClosed`."""
    if is_orphaned(connection):
        raise SettingsAreClosed


def possible_owners(connection: Connection) -> Sequence[Seat]:
    """Active users of the Desk who are not owners yet, administrators first."""
    owners = set(connection.owners.values_list("person_id", flat=True))
    free = [seat for seat in desk_side(connection.portal_id).seats() if seat.is_active and seat.person_id not in owners]
    return sorted(free, key=lambda seat: (not seat.is_administrator, seat.id))


@transaction.atomic
def take_over(connection: Connection, *, person_id: int, actor: Actor) -> Connection:
    """Name an active user of the Desk; the owners who are gone leave. In one step, and everything goes on as it was."""
    Connection.objects.select_for_update().get(pk=connection.pk)
    gone = [state.owner.pk for state in owners_of(connection) if not state.is_in_place]
    if gone:
        connection.owners.filter(pk__in=gone).delete()
    _add(connection, person_id, actor, Deed.TAKEN_OVER)
    return connection


@transaction.atomic
def add_owner(connection: Connection, *, person_id: int, actor: Actor) -> Connection:
    Connection.objects.select_for_update().get(pk=connection.pk)
    require_open(connection)
    _add(connection, person_id, actor, Deed.OWNER_ADDED)
    return connection


@transaction.atomic
def remove_owner(connection: Connection, *, person_id: int, actor: Actor) -> Connection:
    """Raises `LastOwner`. Under the connection's lock: two owners cannot remove each other at once."""
    Connection.objects.select_for_update().get(pk=connection.pk)
    states = owners_of(connection)
    leaving = next((state for state in states if state.owner.person_id == person_id), None)
    if leaving is None:
        return connection
    if not any(state.is_in_place for state in states if state is not leaving):
        raise LastOwner
    leaving.owner.delete()
    note(connection, Deed.OWNER_REMOVED, actor, about=leaving.owner.name)
    return connection


def last_owner_in(portal_id: int) -> int | None:
    """The person without whom nobody in the Desk would answer for its connection (lesson D1: to be said before they leave)."""
    connection = connection_of_portal(portal_id)
    if connection is None:
        return None
    in_place = [state.owner.person_id for state in owners_of(connection) if state.is_in_place]
    return in_place[0] if len(in_place) == 1 else None


def _add(connection: Connection, person_id: int, actor: Actor, deed: Deed) -> None:
    seat = next((one for one in desk_side(connection.portal_id).seats() if one.person_id == person_id), None)
    if seat is None or not seat.is_active:
        raise InvalidValues({"person": _("Choose somebody who is active in the Desk.")})
    Owner.objects.get_or_create(
        connection=connection,
        person_id=person_id,
        defaults={"name": seat.name, "since": clock.now(), "added_by_name": actor.name},
    )
    note(connection, deed, actor, about=seat.name)
