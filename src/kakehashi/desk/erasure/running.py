"""Working an erasure to its end, batch by batch. A batch is one transaction: rows, events, and how far it is.

What is left to do is asked from what is still there, so that a run after a kill goes on where the last one stopped.
"""

from collections import Counter

from django.db import transaction
from django.db.models import Q

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.sweeping import forget_bytes
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.mailbox.models import OutboxMail
from kakehashi.desk.records.emptying import empty_row
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.tickets.tally_models import CustomerTally

from .conversations import drop_addresses, empty_log, empty_messages, take_files
from .models import Erasure, ErasureKind
from .past import empty_contact_events, forget_contacts_merges
from .scope import Scope, scope_of
from .tickets import erase_tickets

BATCH = 100


def work_off(erasure_id: int) -> None:
    """To its end, from wherever it is. Two at once wait for each other."""
    while _step(erasure_id):
        pass
    _remove_bytes(erasure_id)


@transaction.atomic
def _step(erasure_id: int) -> bool:
    """False when only bytes are left to go."""
    erasure = _lock(erasure_id)
    if erasure is None or erasure.finished_at:
        return False
    scope = scope_of(erasure.contact)
    done = _tickets(erasure, scope) or _mails_elsewhere(erasure, scope) or _log(erasure, scope)
    if not done:
        _person(erasure, scope)
    erasure.done = dict(Counter(erasure.done) + done)
    erasure.save(update_fields=["done", "files"])
    return bool(done)


def _lock(erasure_id: int) -> Erasure | None:
    rows = Erasure.objects.select_for_update(of=("self",)).select_related("portal", "contact")
    if (erasure := rows.filter(pk=erasure_id).first()) is not None:
        erasure.contact.portal = erasure.portal
    return erasure


def _tickets(erasure: Erasure, scope: Scope) -> Counter[str]:
    ids = list(scope.tickets.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        erasure.files += erase_tickets(
            erasure.portal, ids, kind=ErasureKind(erasure.kind), told={"erasure": erasure.pk}, actor=actor_of(erasure)
        )
    return Counter(tickets=len(ids)) if ids else Counter()


def _mails_elsewhere(erasure: Erasure, scope: Scope) -> Counter[str]:
    """The mail is emptied before its row in the log, by which it is found, in one transaction with it."""
    mails = dict(scope.mails_elsewhere.order_by("pk").values_list("pk", "ticket_id")[:BATCH])
    if not mails:
        return Counter()
    erasure.files += take_files(Q(message_id__in=list(mails)))
    empty_messages(Q(pk__in=list(mails)))
    rows = scope.mails.filter(message_id__in=list(mails))
    erasure.files += empty_log(list(rows.values_list("pk", flat=True)))
    index_tickets(sorted(set(mails.values())))
    return Counter(mails_elsewhere=len(mails))


def _log(erasure: Erasure, scope: Scope) -> Counter[str]:
    ids = list(scope.mails.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        erasure.files += empty_log(ids)
    return Counter(mails=len(ids)) if ids else Counter()


def _person(erasure: Erasure, scope: Scope) -> None:
    """Last, since by their names and addresses all the rest is found."""
    forget_contacts_merges(erasure.portal, scope.contact_ids)
    empty_contact_events(erasure.portal, scope.contact_ids, scope.names)
    drop_addresses(erasure.portal, scope.addresses)
    for address in scope.addresses:
        OutboxMail.objects.filter(portal=erasure.portal, recipients__icontains=address).delete()
    CustomerTally.objects.filter(portal=erasure.portal, contact_id__in=scope.contact_ids).delete()
    now = clock.now()
    for contact in Contact.objects.filter(pk__in=scope.contact_ids).order_by("pk").select_for_update():
        contact.deleted_at, contact.erased_at = contact.deleted_at or now, contact.erased_at or now
        empty_row(CONTACT, contact)


def _remove_bytes(erasure_id: int) -> None:
    """After the rows that named them; what somebody else names stays."""
    erasure = Erasure.objects.select_related("portal").filter(pk=erasure_id, finished_at=None).first()
    if erasure is None:
        return
    forget_bytes(erasure.files, clock.now())
    with transaction.atomic():
        locked = Erasure.objects.select_for_update().get(pk=erasure_id)
        if locked.finished_at:
            return
        locked.finished_at, locked.files = clock.now(), []
        locked.save(update_fields=["finished_at", "files"])
        data = {"kind": locked.kind, "done": locked.done}
        fact = Fact(erasure.portal.tenant, "desk.erasure.finished", "desk.erasure", locked.pk, data)
        write_fact(fact, actor_of(locked))


def actor_of(erasure: Erasure) -> Actor:
    return Actor(erasure.started_by_id, erasure.started_by_name, f"erasure:{erasure.pk}")
