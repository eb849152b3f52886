"""The work of a transfer, a batch per transaction."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_noop

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft

from .holdings import chosen_records
from .models import Transfer

BATCH = 500
GAVE_UP = gettext_noop(
    "It failed several times and was stopped; the log of the server says why. What is left can be handed over again."
)


def actor_of(transfer: Transfer) -> Actor:
    return Actor(transfer.started_by_id, transfer.started_by_name, f"transfer:{transfer.pk}")


def run_batches(transfer: Transfer) -> Iterator[int]:
    """Hand over batch after batch, remembering the place in the same transaction. Yields how many are done."""
    while True:
        with transaction.atomic():
            records = chosen_records(transfer.org, transfer.giver_id, transfer.choice).filter(pk__gt=transfer.last_id)
            batch = list(records.order_by("pk").values_list("module_id", "pk")[:BATCH])
            if not batch:
                return
            done = _hand_over(transfer, batch)
            transfer.last_id = batch[-1][1]
            transfer.done_count += done
            transfer.refused_count += len(batch) - done
            transfer.save(update_fields=["last_id", "done_count", "refused_count"])
            write_fact(Fact(transfer.org.tenant, "crm.transfer.moved", "crm.transfer", transfer.pk), actor_of(transfer))
        yield transfer.done_count


def give_up(transfer_id: int) -> None:
    """End half-way, with a sentence why; what is left can be handed over by another transfer."""
    with transaction.atomic():
        found = Transfer.objects.select_for_update(of=["self"]).select_related("org", "giver", "taker")
        transfer = found.get(pk=transfer_id)
        if transfer.is_running:
            finish(transfer, GAVE_UP)


def finish(transfer: Transfer, failure: str = "") -> None:
    with transaction.atomic():
        transfer.finished_at, transfer.failure = clock.now(), failure
        transfer.save(update_fields=["finished_at", "failure"])
        names = {"from": transfer.giver.name, "to": transfer.taker.name, "count": transfer.done_count}
        write_fact(
            Fact(transfer.org.tenant, "crm.transfer.finished", "crm.transfer", transfer.pk, names), actor_of(transfer)
        )


def _hand_over(transfer: Transfer, batch: Sequence[tuple[int, int]]) -> int:
    modules = schema_of(transfer.org).by_id
    done = 0
    for module_id, rows in groupby(sorted(batch), key=lambda row: row[0]):
        drafts = [RecordDraft({"Owner": transfer.taker_id}, record_id=pk) for _module, pk in rows]
        results = write_records(modules[module_id], drafts=drafts, actor=actor_of(transfer))
        done += sum(result.state in ("updated", "unchanged") for result in results)
    return done
