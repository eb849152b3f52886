"""What agents without an account in the CRM see of the deals of their tickets (lesson E10): a choice of the connection's administrators."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.once import asked_once

from .models import DealSight, Sight


@asked_once
def sight_of(connection: Connection) -> Sight:
    row = DealSight.objects.filter(connection=connection).first()
    return Sight(row.level) if row else Sight.STAGE


@transaction.atomic
def choose_sight(connection: Connection, wanted: str, *, actor: Actor) -> None:
    """Raises `InvalidValues`."""
    if wanted not in Sight.values:
        raise InvalidValues({"deal_sight": _("There is no such choice.")})
    before = sight_of(connection)
    if before == wanted:
        return
    DealSight.objects.update_or_create(connection=connection, defaults={"level": wanted})
    labels = [str(Sight(one).label) for one in (before, wanted)]
    data = {"changes": {"deal_sight": labels}}
    write_fact(Fact(connection.tenant, "bridge.related_lists.updated", "bridge.connection", connection.pk, data), actor)
