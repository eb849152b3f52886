"""Contacts, accounts or products that become one, any number of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError, StaleVersion
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.deadlines.jobs import follow_later
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.writing import Draft, Kind, write_one

from .choosing import Contender, with_spares
from .images import image_of
from .models import MergedRecord, MovedRelation, RecordMerge
from .relations import Repointing, relations_of

MOST_RECORDS = 100


class NeedsTwoRecords(ProductError):
    code = "needs_two_records"
    status = 422
    message = _("Choose at least two records to merge.")


class TooManyRecords(ProductError):
    code = "too_many_records"
    status = 422
    message = _("At most 100 records can be merged at once.")


@transaction.atomic
def merge_records(
    portal: Portal,
    kind: Kind[Any],
    *,
    survivor_id: int,
    versions: Mapping[int, int],
    values: Mapping[str, Any],
    keeps_addresses: bool = True,
    actor: Actor,
) -> RecordMerge:
    """The records of `versions` become the one with `survivor_id`, which gets `values`; whatever names the others names it from now on.

    With `keeps_addresses` no e-mail address or phone number of theirs is lost. Raises `StaleVersion` when one of them is not at its
    version any more, `InvalidValues` when a value cannot be stored.
    """
    require(portal, actor, "may_merge_customers")
    records = lock_live(portal, kind, versions)
    survivor = next(record for record in records if record.pk == survivor_id)
    losers = [record for record in records if record.pk != survivor_id]
    merge = RecordMerge.objects.create(
        portal=portal,
        kind=kind.name,
        survivor_id=survivor_id,
        before=image_of(kind, survivor),
        by_name=actor.name,
    )
    told = replace(actor, origin=actor.origin or f"merge:{merge.pk}")
    _write_survivor(portal, kind, survivor, losers, values, keeps_addresses=keeps_addresses, actor=told)
    _take_away(kind, merge, losers, actor)
    _move_relations(portal, merge, [survivor, *losers], told)
    merge.after = image_of(kind, kind.rows().get(pk=survivor_id))
    merge.save(update_fields=["after"])
    tell(portal, kind, merge, losers, "merged", actor)
    return merge


def lock_live(portal: Portal, kind: Kind[Any], versions: Mapping[int, int]) -> list[Any]:
    if len(versions) < 2:
        raise NeedsTwoRecords
    if len(versions) > MOST_RECORDS:
        raise TooManyRecords
    rows = kind.rows().filter(portal=portal, pk__in=versions, deleted_at__isnull=True).order_by("pk")
    records = list(rows.select_for_update(of=("self",)))
    if {record.pk: record.version for record in records} != dict(versions):
        raise StaleVersion
    return records


def contender_of(kind: Kind[Any], record: DeskRecord) -> Contender:
    return Contender(record.pk, kind.values_of(record), record.created_at)


def tell(portal: Portal, kind: Kind[Any], merge: RecordMerge, losers: Sequence[Any], deed: str, actor: Actor) -> None:
    """Of the survivor with whom it was merged, of each other one with whom it went."""
    subject = f"desk.{kind.name}"
    named = [[record.pk, record.name] for record in losers]
    facts = [Fact(portal.tenant, f"{subject}.{deed}", subject, merge.survivor_id, {"merge": merge.pk, "losers": named})]
    data = {"merge": merge.pk, "survivor": merge.survivor_id}
    facts += [Fact(portal.tenant, f"{subject}.{deed}", subject, record.pk, data) for record in losers]
    write_facts(facts, actor)


def _write_survivor(
    portal: Portal,
    kind: Kind[Any],
    survivor: Any,
    losers: Sequence[Any],
    values: Mapping[str, Any],
    *,
    keeps_addresses: bool,
    actor: Actor,
) -> None:
    now = kind.values_of(survivor)
    wanted = {**now, **values}
    if keeps_addresses:
        wanted = with_spares(kind.fields, wanted, [contender_of(kind, one) for one in (survivor, *losers)])
    custom: dict[str, Any] = {}
    for one in (*reversed(losers), survivor):
        custom |= {name: value for name, value in one.custom.items() if value not in (None, "", [])}
    changes = {name: value for name, value in {**wanted, "cf": custom}.items() if value != now[name]}
    if changes:
        write_one(kind, portal, Draft(changes, survivor.pk), actor)
    if isinstance(survivor, Product):
        _unite_departments(survivor, losers)


def _unite_departments(survivor: Product, losers: Sequence[Product]) -> None:
    """A product of no department is offered in all of them, and stays so."""
    links = Product.departments.through.objects
    if links.filter(product_id=survivor.pk).exists():
        ids = links.filter(product_id__in=[one.pk for one in losers]).values_list("department_id", flat=True)
        survivor.departments.add(*ids)


def _take_away(kind: Kind[Any], merge: RecordMerge, losers: Sequence[Any], actor: Actor) -> None:
    now = clock.now()
    kind.rows().filter(pk__in=[record.pk for record in losers]).update(
        deleted_at=now,
        merged_into=merge.survivor_id,
        version=F("version") + 1,
        modified_at=now,
        modified_by=actor.name,
    )
    MergedRecord.objects.bulk_create(MergedRecord(merge=merge, kind=kind.name, record_id=one.pk) for one in losers)


def _move_relations(portal: Portal, merge: RecordMerge, records: Sequence[Any], actor: Actor) -> None:
    moving = Repointing(portal, {record.pk: record.name for record in records}, actor)
    losers = [record.pk for record in records if record.pk != merge.survivor_id]
    for relation in relations_of(merge.kind):
        if not (was := relation.find(portal, losers)):
            continue
        moved = relation.move(moving, sorted(was), merge.survivor_id)
        MovedRelation.objects.bulk_create(
            (MovedRelation(merge=merge, relation=relation.name, row_id=row, was_id=was[row]) for row in moved),
            batch_size=1_000,
        )
        if moved and relation.is_promise:
            follow_later(portal)
