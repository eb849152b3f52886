"""Records as lines of a spreadsheet: streamed batch by batch, harmless when opened, as text that an import reads back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.spreadsheets import csv_lines
from kakehashi.crm.list_views.columns import OF_EVERY_RECORD, TAGS, columns_of
from kakehashi.crm.list_views.queries import every_record
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for
from kakehashi.crm.tags.queries import tags_of

BATCH_RECORDS = 1_000
ENCODINGS = ("utf-8", "cp932")
_AS_STORED = (
    FieldType.DATE, FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT, FieldType.TEXT,
    FieldType.TEXTAREA, FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.AUTONUMBER,
)  # fmt: skip


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
    yield (b"\xef\xbb\xbf" if encoding == "utf-8" else b"") + _encoded([headings], encoding)
    for found in every_record(records, module, sort, batch=BATCH_RECORDS):
        names = names_for(found, module)
        tags = tags_of(record.pk for record in found) if TAGS in columns else {}
        yield _encoded(
            (
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
            ),
            encoding,
        )


def _encoded(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    text = csv_lines(list(rows))
    return text.encode(encoding, errors="replace") if encoding == "utf-8" else _as_cp932(text)


def _as_cp932(text: str) -> bytes:
    """Letters that mean the same but stand elsewhere in Microsoft's table are moved there first."""
    return text.translate(_FOR_MICROSOFT).encode("cp932", errors="replace")


_FOR_MICROSOFT = str.maketrans({"〜": "～", "−": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢"})


def _text(record: Record, name: str, module: ModuleSchema, names: Names) -> str:
    field = module.fields.get(name)
    if field is None:
        return _own_text(record, name)
    value = record.owner_id if name == "Owner" else record.values.get(name)
    return "" if value is None else _value_text(value, field, names)


def _value_text(value: Any, field: FieldSchema, names: Names) -> str:
    if field.stored_type in _AS_STORED:
        return str(value)
    if field.stored_type == FieldType.BOOLEAN:
        return "TRUE" if value else "FALSE"
    if field.stored_type == FieldType.DATETIME:
        return _moment(datetime.fromisoformat(value))
    if field.type == FieldType.MULTIPICKLIST:
        return ";".join(str(field.label_of(part)) for part in value)
    return kind_of(field).display(value, field, names)


def _own_text(record: Record, name: str) -> str:
    people = {"Created_By": record.created_by_name, "Modified_By": record.modified_by_name}
    if name in people:
        return people[name]
    return _moment(record.created_at if name == "Created_Time" else record.modified_at)


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
