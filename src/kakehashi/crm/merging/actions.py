"""Several records become one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, StaleVersion
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.belongings import hand_over
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import GoneAs, Record
from kakehashi.crm.records.relations import repoint
from kakehashi.crm.records.storing import delete_keys

from .choosing import is_filled
from .models import Merge, MergedRecord, MovedBelongings, MovedLookup


class NeedsTwoRecords(ProductError):
    code = "needs_two_records"
    status = 422
    message = _("Choose at least two records to merge.")


@transaction.atomic
def merge_records(
    schema: Schema,
    module: ModuleSchema,
    *,
    survivor_id: int,
    versions: Mapping[int, int],
    values: Mapping[str, Any],
    actor: Actor,
) -> Merge:
    """The records of `versions` become the one with `survivor_id`, which gets `values`; whatever names or belongs to the others is its
    own from now on. Raises `StaleVersion` when one of them is not at its version any more, `InvalidValues` when a value cannot be stored.
    """
    records = _lock(module, versions)
    losers = [record for record in records if record.pk != survivor_id]
    survivor = next(record for record in records if record.pk == survivor_id)
    merge = Merge.objects.create(
        org_id=module.org_id,
        module_id=module.id,
        survivor=survivor,
        before=image_of(survivor),
        after={},
        merged_at=clock.now(),
        merged_by_id=actor.person_id,
        merged_by_name=actor.name,
    )
    told = replace(actor, origin=actor.origin or f"merge:{merge.pk}")
    _take_away(losers, merge, actor)
    merge.after = image_of(_write_survivor(module, survivor, losers, values, told))
    merge.save(update_fields=["after"])
    _move_lookups(schema, merge, losers, told)
    _move_belongings(merge, losers)
    _tell(module, merge, survivor, losers, actor)
    return merge


def image_of(record: Record) -> dict[str, Any]:
    return {"values": dict(record.values), "owner_id": record.owner_id}


def _lock(module: ModuleSchema, versions: Mapping[int, int]) -> list[Record]:
    if len(versions) < 2:
        raise NeedsTwoRecords
    records = list(
        Record.objects.select_for_update()
        .defer("search")
        .filter(org_id=module.org_id, module_id=module.id, pk__in=versions, deleted_at=None)
        .order_by("pk")
    )
    if {record.pk: record.version for record in records} != dict(versions):
        raise StaleVersion
    return records


def _take_away(losers: Sequence[Record], merge: Merge, actor: Actor) -> None:
    """First, so that the survivor can take over what nobody else may have, such as an e-mail address."""
    Record.objects.filter(pk__in=[record.pk for record in losers]).update(
        deleted_at=clock.now(), deleted_by_name=actor.name, gone_as=GoneAs.MERGED, version=F("version") + 1
    )
    delete_keys(losers)
    MergedRecord.objects.bulk_create(MergedRecord(org_id=merge.org_id, merge=merge, record=record) for record in losers)


def _write_survivor(
    module: ModuleSchema, survivor: Record, losers: Sequence[Record], values: Mapping[str, Any], actor: Actor
) -> Record:
    own = {survivor.pk, *(record.pk for record in losers)}
    now = {**survivor.values, "Owner": survivor.owner_id}
    wanted = dict(values)
    for name in _lookup_names(module):
        wanted[name] = _without_own(values.get(name, now.get(name)), own)
        if _leads_back(wanted[name], name, own):
            wanted[name] = None
    changes = {name: value for name, value in wanted.items() if _stored(value) != _stored(now.get(name))}
    draft = RecordDraft(changes, record_id=survivor.pk)
    result = write_records(module, drafts=[draft], actor=actor)[0]
    if result.state == "refused":
        raise InvalidValues(result.sentences)
    return result.record or survivor


def _stored(value: Any) -> Any:
    """Nothing, an unchecked box and an empty list are one."""
    return value if is_filled(value) else None


def _lookup_names(module: ModuleSchema) -> set[str]:
    return {field.api_name for field in module.fields.values() if field.lookup_module == module.api_name}


def _without_own(value: Any, own: set[int]) -> Any:
    """Nobody is their own parent: a merged record that was the survivor's boss is the survivor now."""
    if isinstance(value, list):
        return [one for one in value if one not in own] or None
    return None if value in own else value


def _leads_back(target: Any, field: str, own: set[int]) -> bool:
    """Would who follows this field come back to the survivor, once all that names the merged records names it?"""
    seen: set[int] = set()
    while isinstance(target, int) and target not in seen:
        seen.add(target)
        target = Record.objects.filter(pk=target).values_list(f"values__{field}", flat=True).first()
        if target in own:
            return True
    return False


def _move_lookups(schema: Schema, merge: Merge, losers: Sequence[Record], actor: Actor) -> None:
    ids = [record.pk for record in losers]
    moved = repoint(schema, from_ids=ids, to_id=merge.survivor_id, except_ids=[*ids, merge.survivor_id], actor=actor)
    MovedLookup.objects.bulk_create(
        (
            MovedLookup(
                org_id=merge.org_id,
                merge=merge,
                record_id=entry.record_id,
                field=entry.field,
                was=entry.was,
                now=entry.now,
            )
            for entry in moved
        ),
        batch_size=1_000,
    )


def _move_belongings(merge: Merge, losers: Sequence[Record]) -> None:
    MovedBelongings.objects.bulk_create(
        MovedBelongings(org_id=merge.org_id, merge=merge, record=record, key=key, moved=moved)
        for record in losers
        for key, moved in hand_over(record.pk, merge.survivor_id)
    )


def _tell(module: ModuleSchema, merge: Merge, survivor: Record, losers: Sequence[Record], actor: Actor) -> None:
    tenant, about = f"org:{module.org_id}", {"module": module.api_name, "merge": merge.pk}
    gone = [[record.pk, record.name] for record in losers]
    write_facts(
        [
            Fact(tenant, "crm.record.merged", "crm.record", survivor.pk, {**about, "losers": gone}),
            *(
                Fact(tenant, "crm.record.merged", "crm.record", record.pk, {**about, "survivor": survivor.pk})
                for record in losers
            ),
        ],
        actor,
    )
