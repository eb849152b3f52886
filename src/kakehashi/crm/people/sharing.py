"""Which other records have the same addresses: a warning, since a shared mailbox is an honest case."""

from collections.abc import Mapping, Sequence

from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.several import values_in
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import hidden_names, visible_records

_MOST = 3


def sharers(
    access: CrmAccess, module: ModuleSchema, record: Record, field: FieldSchema
) -> Mapping[str, Sequence[Record]]:
    """By value of the field: visible records of the module that have it as well. Two queries, one where nobody does."""
    kind = KINDS[field.type]
    one = getattr(kind, "one", kind)
    keys = {value: key for value in values_in(record.values.get(field.api_name)) for _kind, key in one.keys(value)}
    rows = (
        RecordKey.objects.filter(org_id=access.org.pk, kind="email", value__in=set(keys.values()), module_id=module.id)
        .exclude(record_id=record.pk)
        .exclude(field__in=hidden_names(module))
        .values_list("value", "record_id")[:50]
    )
    holders: dict[str, set[int]] = {}
    for key, record_id in rows:
        holders.setdefault(key, set()).add(record_id)
    if not holders:
        return {}
    wanted = {one for ids in holders.values() for one in ids}
    found = {other.pk: other for other in visible_records(access, module).filter(pk__in=wanted)}
    return {
        value: [found[one] for one in sorted(holders.get(key, ())) if one in found][:_MOST]
        for value, key in keys.items()
    }
