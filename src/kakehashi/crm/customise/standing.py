"""What records say of a field: how many hold something, which stand in the way of a rule."""

from collections.abc import Iterator, Sequence

from django.db.models import Count, Q, QuerySet

from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.models import Field
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record

_AT_ONCE = 2_000


def count_records(org: Org) -> dict[int, int]:
    """Live records by module."""
    rows = Record.objects.filter(org=org, deleted_at=None).order_by().values_list("module_id")
    return dict(rows.annotate(count=Count("pk")))


def filled_records(field: Field) -> QuerySet[Record]:
    """Records with a value in a field, those in the recycle bin, too: a purge takes it from them as well."""
    records = Record.objects.filter(org_id=field.org_id, module_id=field.module_id)
    return records.filter(values__has_key=field.api_name)


def empty_records(field: Field) -> QuerySet[Record]:
    """Live records that a required field would ask something of."""
    records = Record.objects.filter(org_id=field.org_id, module_id=field.module_id, deleted_at=None)
    if field.api_name == "Owner":
        return records.filter(owner=None)
    return records.exclude(values__has_key=field.api_name)


def repeated_ids(field: Field) -> list[int]:
    """Live records whose value another live one has, too; those that share one stand together."""
    kind = KINDS[FieldType(field.type)]
    holders: dict[str, list[int]] = {}
    for record_id, value in values_of_field(field):
        holders.setdefault(kind.unique_key(value)[1], []).append(record_id)
    return [record_id for ids in holders.values() if len(ids) > 1 for record_id in ids]


def values_of_field(field: Field) -> Iterator[tuple[int, object]]:
    """(record, canonical value) of live records."""
    rows = filled_records(field).filter(deleted_at=None).order_by("pk")
    yield from rows.values_list("pk", f"values__{field.api_name}").iterator(chunk_size=_AT_ONCE)


def count_choices(field: Field, values: Sequence[str]) -> dict[str, int]:
    """How many records hold each of some choices; those that nobody holds are left out."""
    is_many = field.type == FieldType.MULTIPICKLIST
    counts = {value: filled_records(field).filter(_holds(field, value, is_many=is_many)).count() for value in values}
    return {value: count for value, count in counts.items() if count}


def _holds(field: Field, value: str, *, is_many: bool) -> Q:
    return Q(values__contains={field.api_name: [value] if is_many else value})
