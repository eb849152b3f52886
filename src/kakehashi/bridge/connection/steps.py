"""Writing down what was done to a connection: a row of its history, and a fact in the log of each side."""

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts

from .models import KIND, Connection, Deed, Transition


def note(connection: Connection, deed: Deed, actor: Actor, *, about: str = "") -> None:
    """In the transaction of the deed. Both audit logs have it."""
    Transition.objects.create(
        connection=connection,
        state=connection.state,
        deed=deed,
        about=about,
        by_id=actor.person_id,
        by_name=actor.name,
        at=clock.now(),
    )
    topic = f"bridge.connection.{deed}"
    data = {"about": about} if about else {}
    write_facts(
        [Fact(tenant, topic, KIND, connection.pk, data) for tenant in (connection.tenant, connection.portal_tenant)],
        actor,
    )
