"""Beginning to erase a person's data. There is no way back."""

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.rights import require

from .jobs import run_erasure
from .models import Erasure, ErasureKind
from .scope import count_of, scope_of


@transaction.atomic
def start_erasure(contact: Contact, *, kind: ErasureKind, actor: Actor) -> Erasure:
    """The person is out of sight at once; the rest is a job. Whoever began it, when and how much there was stays on record, without a name.

    Raises `NotFound` when the contact is merged into another or is being erased already.
    """
    portal = contact.portal
    require(portal, actor, "may_erase_customers")
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if locked.merged_into_id is not None or locked.erased_at is not None:
        raise NotFound
    locked.portal = portal
    erasure = Erasure.objects.create(
        portal=portal,
        contact=locked,
        kind=kind,
        counts=dict(count_of(scope_of(locked))),
        started_by_id=actor.person_id,
        started_by_name=actor.name,
    )
    now = clock.now()
    locked.deleted_at, locked.erased_at = locked.deleted_at or now, now
    locked.version += 1
    locked.save(update_fields=["deleted_at", "erased_at", "version"])
    data = {"kind": kind, "counts": erasure.counts, "contact": locked.pk}
    write_facts(
        [
            Fact(portal.tenant, "desk.erasure.started", "desk.erasure", erasure.pk, data),
            Fact(portal.tenant, "desk.contact.deleted", "desk.contact", locked.pk),
        ],
        actor,
    )
    run_erasure.configure(lock=f"desk.erasure:{erasure.pk}").defer(erasure_id=erasure.pk)
    return erasure
