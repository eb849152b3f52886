"""What the cells of a batch of rows mean: values by field, names turned into records and people, records found to update."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.core.actors import Actor
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.fields.reasons import Reason, ValueRefused
from kakehashi.crm.fields.registry import KINDS
from kakehashi.crm.fields.schema import FieldSchema
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import RecordKey

from .guessing import FULL_NAME
from .reading import Row

NO_SUCH_RECORD = gettext_noop("There is no “%(name)s”.")
SEVERAL_RECORDS = gettext_noop("There are several called “%(name)s”.")
NO_SUCH_PERSON = gettext_noop("“%(name)s” is not a member of this organisation.")
TOO_MANY_CELLS = gettext_noop("This row has %(cells)s cells, the heading has %(columns)s.")
SEVERAL_MATCH = gettext_noop("%(count)s records have this value; it is not clear which one is meant.")


@dataclass(slots=True, eq=False)
class Candidate:
    """A row on its way to a draft. Two are the same only if they are one row."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    record_id: int | None = None
    key: tuple[str, str] | None = None  # what the row is recognised by, when records are matched

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.row.cells)


def read_candidate(row: Row, mapping: Sequence[str], module: ModuleSchema) -> Candidate:
    """The row's cells by field; empty ones are left out, so that they empty nothing."""
    candidate = Candidate(row)
    if row.problem:
        candidate.reasons[""] = row.problem
        return candidate
    surplus = [cell for cell in row.cells[len(mapping) :] if cell.strip()]
    if surplus:
        candidate.reasons[""] = Reason(TOO_MANY_CELLS, {"cells": len(row.cells), "columns": len(mapping)})
        return candidate
    for name, cell in zip(mapping, row.cells, strict=False):
        text = cell.strip()
        if not name or not text:
            continue
        if name == FULL_NAME:
            candidate.values |= {
                key: part for key, part in split_name(text, module).items() if key not in candidate.values
            }
        else:
            candidate.values[name] = text
    return candidate


def split_name(text: str, module: ModuleSchema) -> dict[str, str]:
    """「相沢　美咲」 is family name first; "Jane Doe" is not. A name without a space is a family name."""
    parts = text.replace("\u3000", " ").split()
    if len(parts) < 2:
        return {"Last_Name": text}
    is_family_first = module.language == "ja" and not text.isascii()
    if is_family_first:
        return {"Last_Name": parts[0], "First_Name": " ".join(parts[1:])}
    return {"Last_Name": parts[-1], "First_Name": " ".join(parts[:-1])}


def resolve_lookups(
    candidates: Sequence[Candidate], module: ModuleSchema, schema: Schema, *, creates_missing: bool, actor: Actor
) -> None:
    """Names in lookup columns become ids; with `creates_missing` a named account that is not there is made."""
    for lookup in module.links:
        wanted = {
            normal_name(name): name
            for candidate in candidates
            if not candidate.reasons
            for name in _names_in(candidate, lookup)
        }
        if wanted:
            target = schema[lookup.lookup_module]
            found = find_by_name(target, wanted)
            if creates_missing and len(target.name_fields) == 1 and len(target.required) <= 1:
                missing = [shown for name, shown in wanted.items() if name not in found]
                found |= _create_named(target, missing, actor)
            _put_ids(candidates, lookup, found)


def _put_ids(candidates: Iterable[Candidate], lookup: FieldSchema, found: Mapping[str, set[int]]) -> None:
    for candidate in candidates:
        if candidate.reasons:
            continue
        meant: list[int] = []
        for name in _names_in(candidate, lookup):
            ids = found.get(normal_name(name), set())
            if len(ids) == 1:
                meant += ids
            else:
                text = SEVERAL_RECORDS if ids else NO_SUCH_RECORD
                candidate.reasons[lookup.api_name] = Reason(text, {"name": name[:80]})
        if meant:
            candidate.values[lookup.api_name] = meant if lookup.type == FieldType.MULTILOOKUP else meant[0]


def _names_in(candidate: Candidate, lookup: FieldSchema) -> list[str]:
    """One name, or in a lookup of several "月見坂食品; みなも計測"."""
    cell = candidate.values.get(lookup.api_name)
    if cell is None:
        return []
    parts = re.split(r"[;；\n]", str(cell)) if lookup.type == FieldType.MULTILOOKUP else [str(cell)]
    return [part.strip() for part in parts if part.strip()]


def find_by_name(module: ModuleSchema, names: Iterable[str]) -> dict[str, set[int]]:
    """Ids of live records by normalised name."""
    found: dict[str, set[int]] = {}
    keys = RecordKey.objects.filter(
        org_id=module.org_id, module_id=module.id, kind="name", value__in=[name[:320] for name in names]
    )
    for value, record_id in keys.values_list("value", "record_id"):
        found.setdefault(value, set()).add(record_id)
    return found


def _create_named(module: ModuleSchema, names: Sequence[str], actor: Actor) -> dict[str, set[int]]:
    drafts = [RecordDraft({module.name_fields[0]: name}) for name in names]
    results = write_records(module, drafts=drafts, actor=actor) if drafts else []
    return {
        normal_name(name): {result.record.pk}
        for name, result in zip(names, results, strict=True)
        if result.record is not None
    }


def resolve_people(candidates: Sequence[Candidate], module: ModuleSchema) -> None:
    """Names or e-mail addresses in owner columns become members' ids."""
    fields = [field.api_name for field in module.fields_of(FieldType.OWNER)]
    if not any(name in candidate.values for candidate in candidates for name in fields):
        return
    people: dict[str, int] = {}
    for member in Membership.objects.select_related("person").filter(org_id=module.org_id, is_active=True):
        person = member.person
        for text in (person.name, person.email, person.family_name + person.given_name, person.family_name):
            people.setdefault(normal_name(text), person.pk)
    for candidate in candidates:
        for name in fields:
            if name in candidate.values:
                shown = str(candidate.values[name])
                person_id = people.get(normal_name(shown))
                if person_id is None:
                    candidate.reasons[name] = Reason(NO_SUCH_PERSON, {"name": shown[:80]})
                else:
                    candidate.values[name] = person_id


def find_matches(candidates: Sequence[Candidate], match: FieldSchema, module: ModuleSchema) -> None:
    """Set `key`, and `record_id` of rows whose key a live record has already."""
    wanted: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in candidates:
        candidate.key = None if candidate.reasons else _match_key(candidate, match)
        if candidate.key:
            wanted.setdefault(candidate.key, []).append(candidate)
    found: dict[tuple[str, str], set[int]] = {}
    keys = RecordKey.objects.filter(
        org_id=module.org_id, module_id=module.id, field=match.api_name, value__in={value for _kind, value in wanted}
    )
    for kind, value, record_id in keys.values_list("kind", "value", "record_id"):
        found.setdefault((kind, value), set()).add(record_id)
    for key, owners in wanted.items():
        ids = found.get(key, set())
        for candidate in owners:
            if len(ids) == 1:
                candidate.record_id = next(iter(ids))
            elif ids:
                candidate.reasons[match.api_name] = Reason(SEVERAL_MATCH, {"count": len(ids)})


def _match_key(candidate: Candidate, match: FieldSchema) -> tuple[str, str] | None:
    """What the row is recognised by; nothing when the cell is empty or no such value at all."""
    kind = KINDS[match.type]
    try:
        value = kind.clean(candidate.values.get(match.api_name), match)
    except ValueRefused:
        return None
    return kind.unique_key(value) if value is not None else None
