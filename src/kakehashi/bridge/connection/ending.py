"""Ending a connection, moving it to another portal, and taking it up again (spec X1, X3–X5, lesson B11).

An ended connection keeps its links: they are parked, not destroyed. Each end happens in one transaction, completely or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db import connection as database

from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.models import Dirty, Link, Module, Run
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.subscribers import await_claim

from .actions import CannotChangeState, IsConnectedAlready, change_state
from .models import Connection, Deed, Owner, State
from .steps import note

ALIVE = (State.PLANNED, State.CONNECTED, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What ends with a connection, counted."""

    linked: Mapping[str, int]  # the module's label → records
    waiting: int
    ticket_modules: int
    readers: int  # people of the CRM without an active seat in the Desk: they read tickets only through the connection


def consequences_of(connection: Connection) -> Consequences:
    live = Link.objects.filter(connection=connection, state=Link.State.LIVE)
    seated = {seat.person_id for seat in desk_side(connection.portal_id).seats() if seat.is_active}
    return Consequences(
        linked={
            str(Module(row.module).label): live.filter(module=row.module).count()
            for row in connection.modules.order_by("id")
        },
        waiting=Dirty.objects.filter(connection=connection).count(),
        ticket_modules=connection.ticket_modules.count(),
        readers=sum(1 for one in crm_side(connection.org_id).colleagues() if one.person_id not in seated),
    )


@transaction.atomic
def end(connection: Connection, *, deed: Deed, actor: Actor) -> Connection:
    """No change crosses any more when this returns: a batch in work is awaited. What was told through it is out of sight (spec X4). Raises
    `CannotChangeState`.
    """
    await_claim(connection.claim)
    change_state(connection, ALIVE, State.DISABLED, deed, actor)
    Dirty.objects.filter(connection=connection).delete()
    Run.objects.filter(connection=connection, finished_at=None).update(finished_at=clock.now())
    crm_side(connection.org_id).hush(connection.origin)
    return connection


def disable(connection: Connection, *, actor: Actor) -> Connection:
    """From the CRM (spec X1)."""
    return end(connection, deed=Deed.DISABLED, actor=actor)


def delete_from_desk(connection: Connection, *, actor: Actor) -> Connection:
    """From the Desk (spec X3); whoever calls this has asked whether the actor administers the portal."""
    return end(connection, deed=Deed.DELETED, actor=actor)


def take_up_again(
    connection: Connection,
    *,
    modules: Sequence[str],
    actor: Actor,
    owner: tuple[int, str] | None = None,
    plans_first: bool = False,
) -> Connection:
    """The ended connection lives again, with its links; whatever changed on either side meanwhile is looked at, once the plan of it is
    approved if there is to be one.

    Raises `IsConnectedAlready` when one of the two is connected otherwise by now.
    """
    owner_id, owner_name = owner or (actor.person_id or 0, actor.name)
    try:
        with transaction.atomic():
            revived = Connection.objects.filter(pk=connection.pk, state=State.DISABLED).update(
                state=State.PLANNED if plans_first else State.CONNECTED,
                set_up_by_id=actor.person_id or 0,
                set_up_by_name=actor.name,
                set_up_at=clock.now(),
            )
            if not revived:
                raise CannotChangeState
            connection.refresh_from_db()
            connection.owners.all().delete()
            Owner.objects.create(
                connection=connection, person_id=owner_id, name=owner_name, since=clock.now(), added_by_name=actor.name
            )
            connection.modules.exclude(module__in=modules).delete()
            for module in modules:
                connection.modules.update_or_create(module=module, defaults={"is_started": True})
            note(connection, Deed.RECONNECTED, actor)
            crm_side(connection.org_id).unhush(connection.origin)
            _look_at_every_pair(connection)
            start_run(connection, Run.Kind.PLAN if plans_first else Run.Kind.COMPARE)
    except IntegrityError as clash:
        raise IsConnectedAlready from clash
    return connection


def _look_at_every_pair(connection: Connection) -> None:
    """Deletions travel by tombstone, never by absence: a comparison of what is there would miss what is gone. What lives alone in the Desk has nothing to lose."""
    with database.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bridge_dirty (connection_id, module, side, record_id, seq, first_seen_at, attempts, reason)
            SELECT connection_id, module, 'crm', crm_id, nextval(pg_get_serial_sequence('bridge_dirty', 'id')), %s, 0, ''
            FROM bridge_link WHERE connection_id = %s AND state <> 'held' AND crm_id IS NOT NULL
            ON CONFLICT (connection_id, module, side, record_id) DO NOTHING
            """,
            [clock.now(), connection.pk],
        )
