"""What agents without an account in the CRM see of the deals of their tickets (lesson E10): a choice of the connection's administrators."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.once import asked_once

from .models import DealSight, Sight


@asked_once
def sight_of(connection: Connection) -> Sight:
    row = DealSight.objects.filter(connection=connection).first()
    return Sight(row.level) if row else Sight.STAGE


def sight_for(connection: Connection, crm: CrmSide, actor: Actor) -> Sight:
    """Members of the CRM see what their rights there let them, others what the connection lets them."""
    return Sight.AMOUNT if crm.has_member(actor.person_id or 0) else sight_of(connection)


def reader_for(connection: Connection, crm: CrmSide, actor: Actor) -> Actor:
    """As whom deals are read for somebody in the Desk: members of the CRM as themselves, others as the integration."""
    return actor if crm.has_member(actor.person_id or 0) else connection.integration(crm.name)


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
