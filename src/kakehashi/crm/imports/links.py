"""Names in cells turned into records and people: what is there is found, what is not is made, left empty or refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from kakehashi.core.actors import Actor
from kakehashi.core.fields.numbers import AutonumberKind
from kakehashi.core.fields.reasons import Reason
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import visible_records

from .candidates import Candidate, split_name
from .columns import CREATE, LEAVE_EMPTY, Column, is_link

NO_SUCH_RECORD = gettext_noop("There is no “%(name)s”.")
SEVERAL_RECORDS = gettext_noop("There are several called “%(name)s”.")
NO_SUCH_PERSON = gettext_noop("“%(name)s” is not a member of this organisation.")
LEFT_EMPTY = gettext_noop("There is no “%(name)s”; the field was left empty.")
NOT_MADE = gettext_noop("“%(name)s” could not be made.")


@dataclass(slots=True)
class Missing:
    """What one lookup column names that is not there, by normalised name as it was written, with the rows that name it."""

    lookup: FieldSchema
    target: ModuleSchema
    names: dict[str, str] = field(default_factory=dict)


def resolve_links(
    candidates: Sequence[Candidate], columns: Sequence[Column], module: ModuleSchema, access: CrmAccess
) -> list[Missing]:
    """Put ids in place of names. What has to be made stays in the rows' `named` and is answered, a column each."""
    found = []
    for column in columns:
        schema = module.fields.get(column.field)
        if schema is not None and is_link(schema) and schema.lookup_module in access.schema:
            found.append(_resolve_column(candidates, column, schema, access))
    return [missing for missing in found if missing.names]


def _resolve_column(candidates: Sequence[Candidate], column: Column, schema: FieldSchema, access: CrmAccess) -> Missing:
    target = access.schema[schema.lookup_module]
    missing = Missing(schema, target)
    open_rows = [one for one in candidates if schema.api_name in one.values and not one.reasons]
    known = find_named(target, {part for one in open_rows for part in _parts(one, schema)}, access)
    may_create = column.missing == CREATE and can_be_named(target) and access.may("create_records", target)
    for one in open_rows:
        ids = []
        for part in _parts(one, schema):
            there = known.get(normal_name(part), set())
            if len(there) == 1:
                ids.append(next(iter(there)))
            elif there:
                one.reasons[schema.api_name] = Reason(SEVERAL_RECORDS, {"name": part[:80]})
            elif may_create and schema.type == FieldType.LOOKUP:
                one.named[schema.api_name] = part
                missing.names.setdefault(normal_name(part), part)
            elif column.missing == LEAVE_EMPTY:
                one.remarks[schema.api_name] = Reason(LEFT_EMPTY, {"name": part[:80]})
            else:
                one.reasons[schema.api_name] = Reason(NO_SUCH_RECORD, {"name": part[:80]})
        _put(one, schema, ids)
    return missing


def _put(one: Candidate, schema: FieldSchema, ids: Sequence[int]) -> None:
    if not ids:
        del one.values[schema.api_name]
    else:
        one.values[schema.api_name] = ids[0] if schema.type == FieldType.LOOKUP else list(ids)


def _parts(one: Candidate, schema: FieldSchema) -> list[str]:
    text = str(one.values[schema.api_name])
    if schema.type == FieldType.LOOKUP:
        return [text]
    return [part.strip() for part in text.replace("、", ";").replace("\n", ";").split(";") if part.strip()]


def find_named(module: ModuleSchema, names: Iterable[str], access: CrmAccess) -> dict[str, set[int]]:
    """Ids of records that this person may see, by normalised text: a name, an e-mail address, a unique value or an auto-number."""
    wanted = {normal_name(name)[:320] for name in names}
    if not wanted:
        return {}
    addresses = {address: name for name in wanted if (address := normal_email(name))}
    folded = {name.casefold() for name in names} | wanted
    keys = RecordKey.objects.filter(org_id=module.org_id, module_id=module.id).filter(
        Q(kind="name", value__among=wanted)
        | Q(kind="email", value__among=addresses)
        | Q(kind="value", is_unique=True, value__among=folded)
    )
    found: dict[str, set[int]] = {}
    for kind, value, record_id in keys.values_list("kind", "value", "record_id"):
        name = addresses[value] if kind == "email" else normal_name(value)
        found.setdefault(name, set()).add(record_id)
    for name, record_id in _numbered(module, names):
        found.setdefault(normal_name(name), set()).add(record_id)
    everyone = {record_id for ids in found.values() for record_id in ids}
    seen = set(visible_records(access, module).filter(pk__among=everyone).values_list("pk", flat=True))
    return {name: ids & seen for name, ids in found.items()}


def _numbered(module: ModuleSchema, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """(name, record) for what is written as the module's numbers are: one query per auto-number field, none if nothing is."""
    for schema in module.fields_of(FieldType.AUTONUMBER):
        meant = {number: name for name in names for number in AutonumberKind().read(name, schema)}
        if meant:
            records = Record.objects.filter(
                org_id=module.org_id,
                module_id=module.id,
                deleted_at=None,
                values__contains_any=[{schema.api_name: number} for number in meant],
            )
            for number, record_id in records.values_list(f"values__{schema.api_name}", "pk"):
                yield meant[number], record_id


def can_be_named(module: ModuleSchema) -> bool:
    """Whether a name is all that a record of this module needs."""
    return {field.api_name for field in module.required} <= set(module.name_fields)


def make_named(missing: Missing, names: Mapping[str, str], access: CrmAccess, actor: Actor) -> dict[str, int]:
    """Make the records that rows name; answers their ids by normalised name."""
    drafts = [RecordDraft(values_of_name(shown, missing.target)) for shown in names.values()]
    results = write_records(missing.target.whole or missing.target, drafts=drafts, actor=actor) if drafts else []
    return {name: result.record.pk for name, result in zip(names, results, strict=True) if result.record is not None}


def values_of_name(text: str, module: ModuleSchema) -> dict[str, Any]:
    if not module.is_person:
        return {module.name_fields[0]: text}
    if normal_email(text) and "Email" in module.fields:
        return {"Last_Name": text.partition("@")[0], "Email": text}
    return split_name(text, module)


def resolve_people(candidates: Sequence[Candidate], columns: Sequence[Column], module: ModuleSchema) -> None:
    """Names or e-mail addresses in owner columns become members' ids. A name that two members bear names neither."""
    owners = {field.api_name for field in module.fields_of(FieldType.OWNER)}
    chosen = [column for column in columns if column.field in owners]
    if not any(column.field in one.values for one in candidates for column in chosen):
        return
    people = _members(module.org_id)
    for one in candidates:
        for column in chosen:
            if column.field in one.values:
                _put_person(one, column, people)


def _put_person(one: Candidate, column: Column, people: Mapping[str, set[int]]) -> None:
    shown = str(one.values[column.field])
    ids = people.get(normal_name(shown), set())
    if len(ids) == 1:
        one.values[column.field] = next(iter(ids))
    elif column.missing == LEAVE_EMPTY:
        del one.values[column.field]
        one.remarks[column.field] = Reason(LEFT_EMPTY, {"name": shown[:80]})
    else:
        text = SEVERAL_RECORDS if ids else NO_SUCH_PERSON
        one.reasons[column.field] = Reason(text, {"name": shown[:80]})


def _members(org_id: int) -> dict[str, set[int]]:
    people: dict[str, set[int]] = {}
    for member in Membership.objects.select_related("person").filter(org_id=org_id, is_active=True):
        person = member.person
        given_first = f"{person.given_name} {person.family_name}"
        texts = (person.name, person.email, person.family_name + person.given_name, given_first, person.family_name)
        for text in filter(None, map(normal_name, texts)):
            people.setdefault(text, set()).add(person.pk)
    return people
