"""Which stored files the CRM still names: with a record or a note, in a field, in an import, or in what could be taken back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q

from kakehashi.core.fields.types import FieldType
from kakehashi.crm.imports.models import Import
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.modules.models import Field
from kakehashi.crm.records.models import Record

from .models import RecordFile

_ASKED_AT_ONCE = 50


def named_files(tenant: str, asked: Collection[int]) -> set[int]:
    """For `core.attachments.sweeping`. Files in the recycle bin, of notes and files that were deleted, and of undone work count."""
    ids = set(asked)
    org_id = int(tenant.removeprefix("org:"))
    named = _linked(ids)
    named |= _in_fields(org_id, ids - named)
    return named | _in_ways_back(org_id, ids - named)


def _linked(ids: Collection[int]) -> set[int]:
    files = RecordFile.objects.filter(attachment__in=ids).values_list("attachment_id", flat=True)
    imports = Import.objects.filter(file__in=ids).values_list("file_id", flat=True)
    return {*files, *imports}


def _in_fields(org_id: int, ids: set[int]) -> set[int]:
    """Of every record, wherever it went, and of removed fields, which keep their values."""
    names = _file_fields(org_id)
    asked = sorted(ids)
    named: set[int] = set()
    for start in range(0, len(asked) if names else 0, _ASKED_AT_ONCE):
        held = Q()
        for one in asked[start : start + _ASKED_AT_ONCE]:
            for name in names:
                held |= Q(values__contains={name: {"id": one}})
        for values in Record.objects.filter(held, org_id=org_id).values_list("values", flat=True):
            named |= set(_files_in(values))
    return named & ids


def _in_ways_back(org_id: int, ids: set[int]) -> set[int]:
    """What a merge overwrote comes back with its undoing; what a conversion filled in goes away again."""
    if not ids or not _file_fields(org_id):
        return set()
    merges = Merge.objects.filter(org=org_id, undone_at=None).values_list("before", "after")
    conversions = Conversion.objects.filter(org=org_id, undone_at=None).values_list("deeds")
    rows: Iterable[tuple[Any, ...]] = (*merges.iterator(), *conversions.iterator())
    return {one for row in rows for one in _files_in(list(row))} & ids


def _file_fields(org_id: int) -> list[str]:
    fields = Field.objects.filter(org=org_id, type__in=(FieldType.FILE, FieldType.IMAGE))
    return sorted(set(fields.values_list("api_name", flat=True)))


def _files_in(value: Any) -> Iterator[int]:
    """The ids of files, as `core.fields.files` writes them, at any depth."""
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), int) and {"name", "size", "type"} <= value.keys():
            yield value["id"]
        for inner in value.values():
            yield from _files_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _files_in(inner)
