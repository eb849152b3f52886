"""Writing down what was done to a connection: a row of its history, and a fact in the log of each side."""

from collections.abc import Mapping

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts

from .models import KIND, Connection, Deed, Transition

Changes = Mapping[str, tuple[str, str]]


def note(
    connection: Connection,
    deed: Deed,
    actor: Actor,
    *,
    about: str = "",
    module: str = "",
    changes: Changes | None = None,
) -> None:
    """In the transaction of the deed. Both audit logs have it. `about` is a person, `module` the one whose settings changed, `changes` say
    how: {setting: (before, after)} as people read them.
    """
    Transition.objects.create(
        connection=connection,
        state=connection.state,
        deed=deed,
        about=about or module,
        by_id=actor.person_id,
        by_name=actor.name,
        at=clock.now(),
    )
    topic = f"bridge.connection.{deed}"
    told = {"about": about, "module": module, "changes": {name: list(pair) for name, pair in (changes or {}).items()}}
    data = {name: value for name, value in told.items() if value}
    write_facts(
        [Fact(tenant, topic, KIND, connection.pk, data) for tenant in (connection.tenant, connection.portal_tenant)],
        actor,
    )
