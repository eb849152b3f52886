"""Taking a merge back: everybody as they were, as far as nobody changed it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.desk.deadlines.jobs import follow_later
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.writing import Draft, Kind, write_one

from .actions import tell
from .images import DEPARTMENTS, changed_since, given_back, image_of
from .kinds import KINDS
from .models import MovedRelation, RecordMerge
from .relations import RELATIONS, Repointing, grouped


class MergeIsUndone(ProductError):
    code = "merge_is_undone"
    status = 409
    message = _("This merge has been taken back already.")


class SurvivorIsGone(ProductError):
    """The merged record is in the recycle bin, went into yet another one, or was erased."""

    code = "survivor_is_gone"
    status = 409
    message = _("The merged record was deleted or merged again since. Bring it back first.")


@dataclass
class Parted:
    """What came of it. `kept` are the survivor's fields that stay as they are now, by API name."""

    merge: RecordMerge
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def unmerge(portal: Portal, merge_id: int, *, actor: Actor) -> Parted:
    """What came to the survivor since stays with it. Raises `MergeIsUndone`, `SurvivorIsGone`."""
    require(portal, actor, "may_merge_customers")
    merge = RecordMerge.objects.select_for_update().get(portal=portal, pk=merge_id)
    if merge.undone_at:
        raise MergeIsUndone
    kind = KINDS[merge.kind]
    survivor, losers = _lock(portal, kind, merge)
    told = replace(actor, origin=actor.origin or f"merge:{merge.pk}")
    kind.rows().filter(pk__in=[one.pk for one in losers]).update(
        deleted_at=None, merged_into=None, version=F("version") + 1, modified_at=clock.now(), modified_by=actor.name
    )
    parted = Parted(merge, _give_values_back(portal, kind, merge, survivor, told))
    _give_relations_back(portal, merge, [survivor, *losers], told)
    merge.undone_at, merge.undone_by_name = clock.now(), actor.name
    merge.save(update_fields=["undone_at", "undone_by_name"])
    tell(portal, kind, merge, losers, "unmerged", actor)
    return parted


def fields_changed_since(merge: RecordMerge) -> list[str]:
    """Those that the merge changed and that somebody has changed again: they stay."""
    kind = KINDS[merge.kind]
    return changed_since(merge.before, merge.after, image_of(kind, kind.rows().get(pk=merge.survivor_id)))


def _lock(portal: Portal, kind: Kind[Any], merge: RecordMerge) -> tuple[Any, list[Any]]:
    ids = list(merge.losers.values_list("record_id", flat=True))
    rows = kind.rows().filter(portal=portal, pk__in=[merge.survivor_id, *ids]).order_by("pk")
    records = {record.pk: record for record in rows.select_for_update(of=("self",))}
    survivor, losers = records[merge.survivor_id], [records[pk] for pk in ids]
    if survivor.deleted_at or any(one.merged_into_id != survivor.pk or one.erased_at for one in losers):
        raise SurvivorIsGone
    return survivor, losers


def _give_values_back(portal: Portal, kind: Kind[Any], merge: RecordMerge, survivor: Any, actor: Actor) -> list[str]:
    """Field by field; what cannot be stored any more (an account that is gone) stays as it is now."""
    now = image_of(kind, survivor)
    kept, wanted = changed_since(merge.before, merge.after, now), given_back(merge.before, merge.after, now)
    if isinstance(survivor, Product) and DEPARTMENTS in wanted:
        survivor.departments.set(wanted.pop(DEPARTMENTS))
    while wanted:
        try:
            write_one(kind, portal, Draft(wanted, survivor.pk), actor)
            break
        except InvalidValues as refused:
            kept += list(refused.by_field)
            wanted = {name: value for name, value in wanted.items() if name not in refused.by_field}
    return kept


def _give_relations_back(portal: Portal, merge: RecordMerge, records: Sequence[Any], actor: Actor) -> None:
    """Only rows that the merge moved and that still name the survivor."""
    moving = Repointing(portal, {record.pk: record.name for record in records}, actor)
    moved = _moved(merge)
    for relation in reversed(RELATIONS):
        if relation.name not in moved:
            continue
        here = relation.find(portal, [merge.survivor_id])
        for was_id, rows in grouped({row: was for row, was in moved[relation.name].items() if row in here}).items():
            relation.move(moving, sorted(rows), was_id)
        if relation.is_promise:
            follow_later(portal)


def _moved(merge: RecordMerge) -> Mapping[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for name, row_id, was_id in MovedRelation.objects.filter(merge=merge).values_list("relation", "row_id", "was_id"):
        found.setdefault(name, {})[row_id] = was_id
    return found
