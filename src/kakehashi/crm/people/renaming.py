"""Whole names anew, when an org wants them in another order."""

from django.db import transaction

from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.derived import name_of, sort_name_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.storing import delete_keys, insert_keys

_BATCH = 1_000


def rename_people(org: Org) -> int:
    """Every lead and contact, in the recycle bin as well; answers how many names changed. Runs twice without harm."""
    return sum(_rename_module(module) for module in schema_of(org) if module.is_person)


def _rename_module(module: ModuleSchema) -> int:
    last, count = 0, 0
    while ids := _next_ids(module, last):
        count += _rename_batch(module, ids)
        last = ids[-1]
    return count


def _next_ids(module: ModuleSchema, after: int) -> list[int]:
    records = Record.objects.filter(org_id=module.org_id, module_id=module.id, pk__gt=after).order_by("pk")
    return list(records.values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def _rename_batch(module: ModuleSchema, ids: list[int]) -> int:
    records = Record.objects.select_for_update().defer("search").filter(pk__in=ids).order_by("pk")
    changed = [record for record in records if name_of(record.values, module) != record.name]
    for record in changed:
        record.name = name_of(record.values, module)
        record.sort_name = sort_name_of(record.values, record.name, module)
    Record.objects.bulk_update(changed, ["name", "sort_name"])
    live = [record for record in changed if record.deleted_at is None]
    delete_keys(live)
    insert_keys(live, module)
    return len(changed)
