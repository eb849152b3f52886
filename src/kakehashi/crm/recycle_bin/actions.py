"""Deleting for good, and how long things are kept until then."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact, write_facts
from kakehashi.core.events.models import Event
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.belongings import erase_belongings
from kakehashi.crm.records.models import GoneAs, Record, RecordKey, RecordLookup

from .models import BinSetting


@transaction.atomic
def purge_records(org: Org, *, record_ids: Sequence[int], actor: Actor) -> list[int]:
    """Erase what lies in the recycle bin: values, keys, belongings, what merges and conversions remember, and what the event log
    says beyond that it happened. An empty row stays as the tombstone that the sync needs. Answers the ids that were there.
    """
    rows = Record.objects.select_for_update().filter(org=org, pk__in=record_ids, gone_as="", deleted_at__isnull=False)
    wanted = list(rows.order_by("pk").values_list("pk", flat=True))
    along = _those_who_go_along(wanted)
    everything = [*wanted, *along]
    modules = dict(Record.objects.filter(pk__in=everything).values_list("pk", "module__api_name"))
    erase_belongings(everything)
    _forget_merges(org, everything)
    _forget_conversions(org, everything)
    RecordKey.objects.filter(record__in=everything).delete()
    RecordLookup.objects.filter(Q(record__in=everything) | Q(target__in=everything)).delete()
    Record.objects.filter(pk__in=everything).update(values={}, name="", search=[], owner=None, gone_as=GoneAs.PURGED)
    for name in set(modules.values()):
        ids = [pk for pk, module in modules.items() if module == name]
        _events_of(org, ids).update(data={"module": name})
    write_facts(
        [Fact(org.tenant, "crm.record.purged", "crm.record", pk, {"module": modules[pk]}) for pk in everything], actor
    )
    return wanted


@transaction.atomic
def change_keeping(org: Org, *, days: int | None, actor: Actor) -> BinSetting:
    """How many days deleted records are kept; None: until somebody erases them."""
    values = {"keep_days": days, "changed_at": clock.now(), "changed_by_name": actor.name}
    setting, _created = BinSetting.objects.update_or_create(org=org, defaults=values)
    write_fact(Fact(org.tenant, "crm.bin.changed", "crm.org", org.pk, {"keep_days": days}), actor)
    return setting


def _those_who_go_along(ids: Sequence[int]) -> list[int]:
    """Records merged into these, and leads that became them: the same person or company, out of sight."""
    found: list[int] = []
    latest = list(ids)
    while latest:
        merged = Record.objects.filter(
            gone_as=GoneAs.MERGED, merged_as__merge__undone_at=None, merged_as__merge__survivor__in=latest
        ).values_list("pk", flat=True)
        leads = Record.objects.filter(
            gone_as=GoneAs.CONVERTED, conversions__undone_at=None, conversions__contact__in=latest
        ).values_list("pk", flat=True)
        latest = [pk for pk in dict.fromkeys([*merged, *leads]) if pk not in found]
        found += latest
    return found


def _forget_merges(org: Org, ids: Sequence[int]) -> None:
    """The image of a survivor holds its values; the survivor's event holds the names of the merged."""
    merges = Merge.objects.filter(Q(survivor__in=ids) | Q(losers__record__in=ids), org=org).distinct()
    for merge in merges:
        events = _events_of(org, [merge.survivor_id]).filter(topic__in=["crm.record.merged", "crm.record.unmerged"])
        for event in events.filter(data__merge=merge.pk):
            event.data = {**event.data, "losers": []}
            event.save(update_fields=["data"])
    Merge.objects.filter(pk__in=[merge.pk for merge in merges]).delete()


def _forget_conversions(org: Org, ids: Sequence[int]) -> None:
    Conversion.objects.filter(org=org, lead__in=ids).delete()
    made_of = Q(contact__in=ids) | Q(account__in=ids) | Q(deal__in=ids)
    for conversion in Conversion.objects.filter(made_of, org=org):
        for part in ("made", "filled"):
            kept = conversion.deeds.get(part, {}).items()
            conversion.deeds[part] = {pk: entry for pk, entry in kept if int(pk) not in ids}
        conversion.save(update_fields=["deeds"])


def _events_of(org: Org, ids: Sequence[int]) -> QuerySet[Event]:
    return Event.objects.filter(tenant=org.tenant, kind="crm.record", subject_id__in=ids)
