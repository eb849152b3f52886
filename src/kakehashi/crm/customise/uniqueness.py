"""The keys of one field's values, for all records of its module at once; inside the transaction that changes the rule."""

from itertools import islice

from django.utils.translation import ngettext

from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.models import Field
from kakehashi.crm.records.derived import keys_of_field
from kakehashi.crm.records.models import RecordKey, RecordLookup

from .standing import repeated_ids, values_of_field

_AT_ONCE = 2_000


def build_keys(field: Field) -> None:
    """As the field says now. Raises `InvalidValues` when it is to be unique and is not."""
    if field.is_unique and (repeated := repeated_ids(field)):
        count = len(repeated)
        said = ngettext("%(count)s record shares its value.", "%(count)s records share their value with others.", count)
        raise InvalidValues({"is_unique": said % {"count": count}})
    RecordKey.objects.filter(module_id=field.module_id, field=field.api_name).delete()
    schema = FieldSchema(field.pk, field.api_name, field.label, FieldType(field.type), is_unique=field.is_unique)
    rows = (
        RecordKey(
            org_id=field.org_id,
            module_id=field.module_id,
            record_id=record_id,
            field=field.api_name,
            kind=kind,
            value=value,
            is_unique=is_unique,
        )
        for record_id, stored in values_of_field(field)
        for _name, kind, value, is_unique in keys_of_field(schema, stored)
    )
    while batch := list(islice(rows, _AT_ONCE)):
        RecordKey.objects.bulk_create(batch)


def drop_keys(field: Field) -> None:
    RecordKey.objects.filter(module_id=field.module_id, field=field.api_name).delete()
    RecordLookup.objects.filter(module_id=field.module_id, field=field.api_name).delete()
