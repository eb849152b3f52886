"""Which record a row means: by the keys that were chosen, in their order; never guessed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import Reason, ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import is_id
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.derived import name_of
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import editable_records

from .candidates import Candidate
from .columns import RECORD_ID, holds_several
from .models import Import, MatchPolicy, RowKey

ANY_EMAIL, ANY_PHONE, NAME = "Any_Email", "Any_Phone", "Name"
SAME_AS_ROW = gettext_noop("The same as row %(row)s of this file.")
SEVERAL_MATCH = gettext_noop("%(count)s records have this value; it is not clear which one is meant.")
NOT_YOURS = gettext_noop("You may not change the record that has this value.")
NO_RECORD = gettext_noop("There is no record of this id.")

_ANY = {
    ANY_EMAIL: (FieldType.EMAIL, FieldType.EMAILS),
    ANY_PHONE: (FieldType.PHONE, FieldType.PHONES),
}
_SHOWN_RECORDS = 5
_COPY_KEYS = "COPY crm_rowkey (source_id, digest, number) FROM STDIN"


@dataclass(frozen=True, slots=True)
class MatchKey:
    """What is compared: `field` is a field's API name, or one of the names above."""

    field: str
    kind: str
    value: str

    @property
    def digest(self) -> int:
        return digest_of(self.field, self.kind, self.value)


def digest_of(*parts: str) -> int:
    """64 bits, signed as PostgreSQL's bigint is."""
    return int.from_bytes(blake2b("\x00".join(parts).encode(), digest_size=8).digest(), "big", signed=True)


def match_choices(module: ModuleSchema) -> list[str]:
    """What records of a module can be recognised by."""
    fields = module.fields.values()
    singles = [
        field.api_name for field in fields if field.is_unique or field.type in (FieldType.EMAIL, FieldType.PHONE)
    ]
    several = [key for key, types in _ANY.items() if len(module.fields_of(*types)) > 1]
    return [*singles, *several, NAME, RECORD_ID]


def has_column(choice: str, mapped: Iterable[str], module: ModuleSchema) -> bool:
    """Whether the mapped columns can say what this choice compares."""
    mapped = set(mapped)
    if choice in _ANY:
        return any(field.api_name in mapped for field in module.fields_of(*_ANY[choice]))
    if choice == NAME:
        return module.name_fields[0] in mapped or (module.is_person and "Full_Name" in mapped)
    return choice in mapped


def find_matches(candidates: Sequence[Candidate], source: Import, module: ModuleSchema, access: CrmAccess) -> None:
    """Set `record_id`, or the reason why a row cannot be taken, and `keys`."""
    levels = [] if source.policy == MatchPolicy.CREATE else list(source.match_fields)
    keys = {one: [list(_keys_at(level, one, module)) for level in levels] for one in candidates}
    flat = {key for levels_of_one in keys.values() for level in levels_of_one for key in level}
    found = _find_records(flat, module)
    earlier = earlier_rows(source, [key.digest for key in flat])
    for one in candidates:
        one.keys = [key.digest for level in keys[one] for key in level]
        if not one.reasons:
            _match(one, keys[one], found, earlier)
    _refuse_repeats(candidates, source)
    _refuse_what_is_not_theirs(candidates, source, module, access)


def earlier_rows(source: Import, digests: Sequence[int]) -> dict[int, int]:
    """digest -> the row of this file that had it before."""
    if not digests:
        return {}
    rows = RowKey.objects.filter(source=source, digest__among=digests).order_by("-number")
    return dict(rows.values_list("digest", "number"))


def keep_keys(source: Import, keys: Iterable[tuple[int, int]]) -> None:
    """(digest, row) pairs, for rows of later batches to be compared with."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY_KEYS) as copy:
        for digest, number in keys:
            copy.write_row((source.pk, digest, number))


def _match(
    one: Candidate,
    levels: Sequence[Sequence[MatchKey]],
    found: Mapping[MatchKey, set[int]],
    earlier: Mapping[int, int],
) -> None:
    for level in levels:
        row = next((earlier[key.digest] for key in level if key.digest in earlier), None)
        if row is not None:
            one.reasons[_place(level)] = Reason(SAME_AS_ROW, {"row": row})
            return
        ids = sorted({record_id for key in level for record_id in found.get(key, ())})
        if len(ids) == 1:
            one.record_id = ids[0]
            return
        if ids:
            one.is_ambiguous = True
            one.reasons[_place(level)] = Reason(SEVERAL_MATCH, {"count": len(ids), "records": ids[:_SHOWN_RECORDS]})
            return
    if RECORD_ID in one.values and any(key.field == RECORD_ID for level in levels for key in level):
        one.reasons[RECORD_ID] = Reason(NO_RECORD)


def _place(level: Sequence[MatchKey]) -> str:
    return level[0].field


def _refuse_repeats(candidates: Sequence[Candidate], source: Import) -> None:
    """A record that an earlier batch of this file wrote is not written a second time, whatever it was recognised by."""
    matched = {record_digest(one.record_id): one for one in candidates if one.record_id}
    for digest, row in earlier_rows(source, list(matched)).items():
        for one in candidates:
            if one.record_id and record_digest(one.record_id) == digest:
                one.reasons[""] = Reason(SAME_AS_ROW, {"row": row})


def record_digest(record_id: int) -> int:
    return digest_of("record", str(record_id))


def _refuse_what_is_not_theirs(
    candidates: Sequence[Candidate], source: Import, module: ModuleSchema, access: CrmAccess
) -> None:
    ids = [one.record_id for one in candidates if one.record_id and not one.reasons]
    if not ids or source.policy != MatchPolicy.UPDATE:
        return
    theirs = set(editable_records(access, module).filter(pk__among=ids).values_list("pk", flat=True))
    for one in candidates:
        if one.record_id and not one.reasons and one.record_id not in theirs:
            one.reasons[""] = Reason(NOT_YOURS)


def _keys_at(level: str, one: Candidate, module: ModuleSchema) -> Iterator[MatchKey]:
    """What the row is recognised by at one level; nothing when its cells are empty or hold no such value."""
    if level == RECORD_ID:
        if is_id(str(one.values.get(RECORD_ID, ""))):
            yield MatchKey(RECORD_ID, "id", str(int(one.values[RECORD_ID])))
    elif level == NAME:
        if name := normal_name(name_of(one.values, module))[:320]:
            yield MatchKey(NAME, "name", name)
    elif level in _ANY:
        for field in module.fields_of(*_ANY[level]):
            yield from _key_of(field.api_name, level, one.values, module)
    elif level in module.fields:
        yield from _key_of(level, level, one.values, module)


def _key_of(name: str, level: str, values: Mapping[str, Any], module: ModuleSchema) -> Iterator[MatchKey]:
    field = module.fields[name]
    try:
        value = KINDS[field.type].clean(values.get(name), field)
    except ValueRefused:
        return
    if value is not None:
        several = holds_several(name, module)
        for kind, text in KINDS[field.type].keys(value) if several else [KINDS[field.type].unique_key(value)]:
            yield MatchKey(level, kind, text)


def _find_records(keys: Iterable[MatchKey], module: ModuleSchema) -> dict[MatchKey, set[int]]:
    """One query per level and kind, each by the index of keys."""
    found: dict[MatchKey, set[int]] = {}
    groups: dict[tuple[str, str], dict[str, MatchKey]] = {}
    for key in keys:
        groups.setdefault((key.field, key.kind), {})[key.value] = key
    for (level, kind), wanted in groups.items():
        for value, record_id in _rows_of(level, kind, list(wanted), module):
            found.setdefault(wanted[value], set()).add(record_id)
    return found


def _rows_of(level: str, kind: str, values: list[str], module: ModuleSchema) -> Iterator[tuple[str, int]]:
    if level == RECORD_ID:
        ids = [int(value) for value in values if len(value) < 19]
        records = Record.objects.filter(org_id=module.org_id, module_id=module.id, pk__among=ids, deleted_at=None)
        yield from ((str(record_id), record_id) for record_id in records.values_list("pk", flat=True))
        return
    rows = RecordKey.objects.filter(org_id=module.org_id, module_id=module.id, kind=kind, value__among=values)
    if level == NAME:
        rows = rows.filter(field="Full_Name")
    elif level not in _ANY:
        rows = rows.filter(field=level)
    yield from rows.values_list("value", "record_id")
