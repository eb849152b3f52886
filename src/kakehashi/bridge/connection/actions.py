"""A connection's life: made, paused, resumed. Every step is a row with who and when, and a fact that pages hear of."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.bridge.related_lists.presets import PRESET_MODULES
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, ProductError

from .models import Connection, Deed, Owner, State
from .steps import note


class IsConnectedAlready(ProductError):
    code = "is_connected_already"
    status = 409
    message = _("This organisation or this portal is connected already. Each can have one connection at a time.")


class CannotChangeState(ProductError):
    code = "cannot_change_state"
    status = 409
    message = _("Somebody else has changed the connection meanwhile. Look at it again.")


def connect(
    *,
    org_id: int,
    portal_id: int,
    modules: Sequence[str],
    actor: Actor,
    owner: tuple[int, str] | None = None,
    plans_first: bool = False,
) -> Connection:
    """Join an org to a portal and begin the first sync, or the plan of it that somebody approves. Raises `IsConnectedAlready`: of two people who finish at once, one wins.

    `owner` is who answers for it in the Desk, as (person id, name): whoever sets it up, unless a key of somebody else's opened the portal.
    """
    if actor.person_id is None:
        raise NotAllowed
    owner_id, owner_name = owner or (actor.person_id, actor.name)
    try:
        with transaction.atomic():
            connection = Connection.objects.create(
                org_id=org_id,
                portal_id=portal_id,
                state=State.PLANNED if plans_first else State.CONNECTED,
                set_up_by_id=actor.person_id,
                set_up_by_name=actor.name,
                set_up_at=clock.now(),
            )
            SyncedModule.objects.bulk_create(
                SyncedModule(connection=connection, module=module) for module in dict.fromkeys(modules)
            )
            TicketModule.objects.bulk_create(
                TicketModule(connection=connection, module=module) for module in PRESET_MODULES
            )
            Owner.objects.create(
                connection=connection,
                person_id=owner_id,
                name=owner_name,
                since=clock.now(),
                added_by_name=actor.name,
            )
            note(connection, Deed.SET_UP, actor)
            start_run(connection, Run.Kind.PLAN if plans_first else Run.Kind.FIRST)
    except IntegrityError as clash:
        raise IsConnectedAlready from clash
    return connection


def pause(connection: Connection, *, actor: Actor) -> Connection:
    """Stop carrying changes across; they go on being noted, and nothing is lost (spec Y9)."""
    return change_state(connection, (State.CONNECTED,), State.PAUSED, Deed.PAUSED, actor)


def resume(connection: Connection, *, actor: Actor) -> Connection:
    """Carry across what was noted meanwhile, and go on."""
    return change_state(connection, (State.PAUSED,), State.CONNECTED, Deed.RESUMED, actor)


@transaction.atomic
def change_state(connection: Connection, before: Sequence[State], after: State, deed: Deed, actor: Actor) -> Connection:
    """Raises `CannotChangeState` where it is not, or no longer, in one of the states before."""
    if not Connection.objects.filter(pk=connection.pk, state__in=before).update(state=after):
        raise CannotChangeState
    connection.state = after
    note(connection, deed, actor)
    return connection
