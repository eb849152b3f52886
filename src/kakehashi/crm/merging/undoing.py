"""Taking a merge back: everybody as they were, as far as nobody changed it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.belongings import hand_back
from kakehashi.crm.records.checking import Work, check_unique
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.relations import Repointed, give_back
from kakehashi.crm.records.storing import insert_keys
from kakehashi.crm.records.writer import Writer

from .models import Merge


class MergeIsUndone(ProductError):
    code = "merge_is_undone"
    status = 409
    message = _("This merge has been taken back already.")


class SurvivorIsGone(ProductError):
    """The merged record is in the recycle bin, or went into yet another one."""

    code = "survivor_is_gone"
    status = 409
    message = _("The merged record was deleted or merged again since. Bring it back first.")


@dataclass
class Parted:
    """What came of it. `kept` are the survivor's fields that stay as they are now, `stuck` counts relations that do."""

    merge: Merge
    survivor: Record
    losers: Sequence[Record]
    kept: list[str] = field(default_factory=list)
    stuck: int = 0


def unmerge(schema: Schema, merge: Merge, *, actor: Actor) -> Parted:
    """Raises `MergeIsUndone`, `SurvivorIsGone`, or `InvalidValues` when somebody has a unique value of a merged record by now."""
    try:
        return _unmerge(schema, merge.pk, actor)
    except IntegrityError:  # somebody took a value between our look and our writing; now it shows who
        return _unmerge(schema, merge.pk, actor)


def fields_changed_since(merge: Merge, survivor: Record) -> list[str]:
    """Those that the merge changed and that somebody has changed again: they stay."""
    now = _flat({"values": survivor.values, "owner_id": survivor.owner_id})
    before, after = _flat(merge.before), _flat(merge.after)
    return [name for name in _changed(before, after) if now.get(name) != after.get(name)]


@transaction.atomic
def _unmerge(schema: Schema, merge_id: int, actor: Actor) -> Parted:
    merge = Merge.objects.select_for_update().get(pk=merge_id, org_id=schema.org_id)
    if merge.undone_at:
        raise MergeIsUndone
    module = schema.by_id[merge.module_id]
    records = _lock(merge)
    survivor = records.pop(merge.survivor_id)
    if survivor.deleted_at:
        raise SurvivorIsGone
    told = replace(actor, origin=actor.origin or f"merge:{merge.pk}")
    losers = list(records.values())
    ids = [record.pk for record in losers]
    Record.objects.filter(pk__in=ids).update(deleted_at=None, deleted_by_name="", gone_as="", version=F("version") + 1)
    parted = Parted(merge, survivor, losers)
    # Relations first: while another record still names the survivor, its old value may seem to go round in a circle.
    parted.stuck = _give_relations_back(schema, merge, told)
    parted.kept = _give_values_back(module, merge, survivor, told)
    _give_keys_back(module, losers, actor)
    merge.undone_at, merge.undone_by_name = clock.now(), actor.name
    merge.save(update_fields=["undone_at", "undone_by_name"])
    _tell(module, merge, losers, actor)
    return parted


def _lock(merge: Merge) -> dict[int, Record]:
    ids = [merge.survivor_id, *merge.losers.values_list("record_id", flat=True)]
    records = Record.objects.select_for_update().defer("search").filter(pk__in=ids).order_by("pk")
    return {record.pk: record for record in records}


def _give_values_back(module: ModuleSchema, merge: Merge, survivor: Record, actor: Actor) -> list[str]:
    """Field by field; what cannot be stored any more (somebody else has the value, the target is gone) stays as it is now."""
    kept = fields_changed_since(merge, survivor)
    before, after = _flat(merge.before), _flat(merge.after)
    wanted = {name: before.get(name) for name in _changed(before, after) if name not in kept}
    while wanted:
        draft = RecordDraft(wanted, record_id=survivor.pk)
        result = write_records(module, drafts=[draft], actor=actor)[0]
        refused = [name for name in wanted if name in result.reasons] if result.state == "refused" else []
        if not refused:
            break
        kept += refused
        wanted = {name: value for name, value in wanted.items() if name not in refused}
    return kept


def _give_keys_back(module: ModuleSchema, losers: Sequence[Record], actor: Actor) -> None:
    works = [Work(RecordDraft(record.values), values=record.values, record_id=record.pk) for record in losers]
    check_unique(works, module, Writer(module.org_id, actor))
    reasons = {name: reason.sentence for work in works for name, reason in work.reasons.items()}
    if reasons:
        raise InvalidValues(reasons)
    insert_keys(losers, module)


def _give_relations_back(schema: Schema, merge: Merge, actor: Actor) -> int:
    rows = merge.moved_lookups.order_by("pk").values_list("record_id", "field", "was", "now")
    kept = give_back(schema, [Repointed(*row) for row in rows], actor=actor)
    for belongings in merge.moved_belongings.order_by("-pk"):
        hand_back([(belongings.key, belongings.moved)], belongings.record_id, merge.survivor_id)
    return len(kept)


def _flat(image: Mapping[str, Any]) -> dict[str, Any]:
    return {**image["values"], "Owner": image["owner_id"]}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def _tell(module: ModuleSchema, merge: Merge, losers: Sequence[Record], actor: Actor) -> None:
    tenant, about = f"org:{module.org_id}", {"module": module.api_name, "merge": merge.pk}
    back = [[record.pk, record.name] for record in losers]
    write_facts(
        [
            Fact(tenant, "crm.record.unmerged", "crm.record", merge.survivor_id, {**about, "losers": back}),
            *(
                Fact(tenant, "crm.record.unmerged", "crm.record", record.pk, {**about, "survivor": merge.survivor_id})
                for record in losers
            ),
        ],
        actor,
    )
