"""Taking a conversion back: the lead returns, and what the conversion made goes, unless somebody works with it by now."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.schema import Schema
from kakehashi.crm.records.actions import delete_records, write_records
from kakehashi.crm.records.belongings import count_belongings, hand_back
from kakehashi.crm.records.checking import Work, check_unique
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordLookup
from kakehashi.crm.records.storing import insert_keys
from kakehashi.crm.records.writer import Writer

from .actions import LEADS
from .models import Conversion


class ConversionIsUndone(ProductError):
    code = "conversion_is_undone"
    status = 409
    message = _("This conversion has been taken back already.")


@dataclass
class Reverted:
    """What came of it: the lead, what went into the recycle bin, and what stays because somebody works with it."""

    lead: Record
    removed: list[Record] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)


def revert(schema: Schema, conversion: Conversion, *, actor: Actor) -> Reverted:
    """Raises `ConversionIsUndone`, or `InvalidValues` when another lead has a unique value of this one by now."""
    try:
        return _revert(schema, conversion.pk, actor)
    except IntegrityError:
        return _revert(schema, conversion.pk, actor)


def untouched(conversion: Conversion) -> list[Record]:
    """What the conversion made and nobody changed, added to, or named since; deals first, so that they free what they name."""
    made = {int(pk): version for pk, version in conversion.deeds.get("made", {}).items()}
    ordered = [one for one in (conversion.deal_id, conversion.contact_id, conversion.account_id) if one in made]
    records = Record.objects.defer("search").select_related("module").filter(deleted_at=None).in_bulk(ordered)
    carried = {keeper for _key, keeper, _what in conversion.deeds.get("moved", [])}
    going: list[int] = []
    for pk in ordered:
        is_same = pk in records and records[pk].version == made[pk]
        if is_same and not _is_named(pk, going) and (pk in carried or not count_belongings([pk])):
            going.append(pk)
    return [records[pk] for pk in going]


@transaction.atomic
def _revert(schema: Schema, conversion_id: int, actor: Actor) -> Reverted:
    conversion = Conversion.objects.select_for_update().get(pk=conversion_id, org_id=schema.org_id)
    if conversion.undone_at:
        raise ConversionIsUndone
    told = replace(actor, origin=actor.origin or f"conversion:{conversion.pk}")
    lead = Record.objects.select_for_update().defer("search").get(pk=conversion.lead_id)
    for key, keeper, what in conversion.deeds.get("moved", []):
        hand_back([(key, what)], lead.pk, keeper)
    reverted = Reverted(lead, removed=_remove(schema, conversion, told))
    made = [int(pk) for pk in conversion.deeds.get("made", {})]
    gone = [record.pk for record in reverted.removed]
    reverted.kept = list(Record.objects.filter(pk__in=made, deleted_at=None).exclude(pk__in=gone).order_by("pk"))
    _empty_again(schema, conversion, told)
    _bring_back(schema, lead, actor)
    conversion.undone_at, conversion.undone_by_name = clock.now(), actor.name
    conversion.save(update_fields=["undone_at", "undone_by_name"])
    data = {"module": LEADS, "conversion": conversion.pk}
    write_fact(Fact(f"org:{schema.org_id}", "crm.lead.reverted", "crm.record", lead.pk, data), actor)
    return reverted


def _remove(schema: Schema, conversion: Conversion, actor: Actor) -> list[Record]:
    """With the lead's belongings given back already, so that only what others added counts."""
    going = [record for record in untouched(conversion) if not count_belongings([record.pk])]
    ids = {record.pk for record in going}
    going = [record for record in going if not _is_named(record.pk, ids)]
    for record in going:
        delete_records(schema.by_id[record.module_id], record_ids=[record.pk], actor=actor)
    return going


def _is_named(record_id: int, going: Collection[int]) -> bool:
    others = RecordLookup.objects.filter(target_id=record_id, record__deleted_at=None)
    return others.exclude(record_id__in=going).exists()


def _empty_again(schema: Schema, conversion: Conversion, actor: Actor) -> None:
    """What was filled in on records that were there before, unless somebody changed it since."""
    for pk, changes in conversion.deeds.get("filled", {}).items():
        record = Record.objects.select_for_update().defer("search").filter(pk=int(pk), deleted_at=None).first()
        if record is None:
            continue
        same = {name: old for name, (old, new) in changes.items() if record.values.get(name) == new}
        module = schema.by_id[record.module_id]
        write_records(module, drafts=[RecordDraft(same, record_id=record.pk)], actor=actor)


def _bring_back(schema: Schema, lead: Record, actor: Actor) -> None:
    module = schema.by_id[lead.module_id]
    work = Work(RecordDraft(lead.values), values=lead.values, record_id=lead.pk)
    check_unique([work], module, Writer(module.org_id, actor))
    if work.reasons:
        raise InvalidValues({name: reason.sentence for name, reason in work.reasons.items()})
    Record.objects.filter(pk=lead.pk).update(deleted_at=None, deleted_by_name="", gone_as="", version=F("version") + 1)
    insert_keys([lead], module)
