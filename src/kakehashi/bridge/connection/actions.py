"""A connection's life: made, paused, resumed. Every step is a row with who and when, and a fact that pages hear of."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sync.models import Run, SyncedModule
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, ProductError
from kakehashi.core.events.log import Fact, write_fact

from .models import KIND, Connection, State, Transition


class IsConnectedAlready(ProductError):
    code = "is_connected_already"
    status = 409
    message = _("This organisation or this portal is connected already. Each can have one connection at a time.")


class CannotChangeState(ProductError):
    code = "cannot_change_state"
    status = 409
    message = _("Somebody else has changed the connection meanwhile. Look at it again.")


def connect(*, org_id: int, portal_id: int, modules: Sequence[str], actor: Actor) -> Connection:
    """Join an org to a portal and begin the first sync. Raises `IsConnectedAlready`: of two people who finish at once, one wins."""
    if actor.person_id is None:
        raise NotAllowed
    try:
        with transaction.atomic():
            connection = Connection.objects.create(
                org_id=org_id,
                portal_id=portal_id,
                set_up_by_id=actor.person_id,
                set_up_by_name=actor.name,
                set_up_at=clock.now(),
            )
            SyncedModule.objects.bulk_create(
                SyncedModule(connection=connection, module=module) for module in dict.fromkeys(modules)
            )
            _note(connection, State.CONNECTED, actor)
            start_run(connection, Run.Kind.FIRST)
    except IntegrityError as clash:
        raise IsConnectedAlready from clash
    return connection


def pause(connection: Connection, *, actor: Actor) -> Connection:
    """Stop carrying changes across; they go on being noted, and nothing is lost (spec Y9)."""
    return _change(connection, State.CONNECTED, State.PAUSED, actor)


def resume(connection: Connection, *, actor: Actor) -> Connection:
    """Carry across what was noted meanwhile, and go on."""
    return _change(connection, State.PAUSED, State.CONNECTED, actor)


@transaction.atomic
def _change(connection: Connection, before: State, after: State, actor: Actor) -> Connection:
    if not Connection.objects.filter(pk=connection.pk, state=before).update(state=after):
        raise CannotChangeState
    connection.state = after
    _note(connection, after, actor)
    return connection


def _note(connection: Connection, state: State, actor: Actor) -> None:
    Transition.objects.create(
        connection=connection, state=state, by_id=actor.person_id, by_name=actor.name, at=clock.now()
    )
    write_fact(Fact(connection.tenant, f"bridge.connection.{state}", KIND, connection.pk), actor)
