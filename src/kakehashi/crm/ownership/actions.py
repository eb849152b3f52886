"""Giving all records of somebody to somebody else."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.orgs.models import Membership

from .holdings import allowed_choice, chosen_records
from .jobs import run_transfer
from .models import Transfer


@transaction.atomic
def start_transfer(giver: Membership, *, taker: Membership | None, choice: Sequence[str], actor: Actor) -> Transfer:
    """Begin to hand over. Raises `InvalidValues`; the records move in the background, a batch at a time."""
    if taker is None or not taker.is_active or taker.org_id != giver.org_id or taker.pk == giver.pk:
        raise InvalidValues({"taker": _("Choose who gets the records.")})
    wanted = allowed_choice(giver.org, choice)
    if not wanted:
        raise InvalidValues({"choice": _("Choose what is handed over.")})
    if Transfer.objects.filter(org=giver.org, giver=giver.person, finished_at=None).exists():
        raise InvalidValues({"choice": _("Records of this person are being handed over already.")})
    transfer = Transfer.objects.create(
        org=giver.org,
        giver=giver.person,
        taker=taker.person,
        choice=wanted,
        total=chosen_records(giver.org, giver.person_id, wanted).count(),
        started_by_id=actor.person_id,
        started_by_name=actor.name,
        started_at=clock.now(),
    )
    names = {"from": giver.person.name, "to": taker.person.name, "count": transfer.total}
    write_fact(Fact(giver.org.tenant, "crm.transfer.started", "crm.transfer", transfer.pk, names), actor)
    run_transfer.defer(transfer_id=transfer.pk)
    return transfer
