"""Records as lines of a spreadsheet: streamed batch by batch, harmless when opened, as text that an import reads back."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.plain import plain_moment, plain_text
from kakehashi.core.spreadsheets import encoded, file_mark
from kakehashi.crm.list_views.columns import OF_EVERY_RECORD, TAGS, columns_of
from kakehashi.crm.list_views.queries import every_record
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for
from kakehashi.crm.tags.queries import tags_of

BATCH_RECORDS = 1_000


def all_columns(module: ModuleSchema) -> list[str]:
    """Every field that the person may see, the tags, and who made and changed the record and when."""
    fields = [name for name, field in module.fields.items() if not field.is_hidden]
    return [*fields, *OF_EVERY_RECORD]


def export_lines(
    records: QuerySet[Record], module: ModuleSchema, columns: Sequence[str], *, sort: str, encoding: str
) -> Iterator[bytes]:
    """The file in pieces. Memory holds one batch; letters that the encoding lacks become "?"."""
    shown = columns_of(module, columns)
    has_name = not (set(module.name_fields) <= set(columns))
    headings = [*([_("Name")] if has_name else []), *(str(column.label) for column in shown)]
    yield file_mark(encoding) + encoded([headings], encoding)
    for found in every_record(records, module, sort, batch=BATCH_RECORDS):
        names = names_for(found, module)
        tags = tags_of(record.pk for record in found) if TAGS in columns else {}
        rows = [
            [
                *([record.name] if has_name else []),
                *(
                    ";".join(tag.name for tag in tags.get(record.pk, ()))
                    if column.name == TAGS
                    else _text(record, column.name, module, names)
                    for column in shown
                ),
            ]
            for record in found
        ]
        yield encoded(rows, encoding)


def _text(record: Record, name: str, module: ModuleSchema, names: Names) -> str:
    field = module.fields.get(name)
    if field is None:
        return _own_text(record, name)
    value = record.owner_id if name == "Owner" else record.values.get(name)
    return plain_text(value, field, names)


def _own_text(record: Record, name: str) -> str:
    people = {"Created_By": record.created_by_name, "Modified_By": record.modified_by_name}
    if name in people:
        return people[name]
    return plain_moment(record.created_at if name == "Created_Time" else record.modified_at)
