"""Reading records; everything starts from what a person may see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.types import FieldType
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.once import asked_once
from kakehashi.core.planning import planned_once
from kakehashi.core.search.fields import Scoped
from kakehashi.core.search.tokens import in_scope, query_tokens
from kakehashi.crm.modules.queries import AnyModule
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, who_can_with
from kakehashi.crm.orgs.rights import Scope
from kakehashi.identity.people.models import Person

from .derived import tokens_of
from .models import GoneAs, Record

_MOST_COMPARED = 1_000
_NAMING = """
SELECT record_id FROM crm_recordlookup named JOIN crm_record ON crm_record.id = record_id
WHERE named.target_id = %s AND named.module_id = %s AND named.field = %s AND deleted_at IS NULL ORDER BY record_id DESC LIMIT %s
"""


def visible_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The live records of a module that this person may see."""
    return _within(access, access.rights.of(module.id).view, _live(access, module))


def editable_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The live records of a module that this person may change."""
    return _within(access, access.rights.of(module.id).edit, _live(access, module))


def deletable_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The live records of a module that this person may move to the recycle bin."""
    return _within(access, access.rights.of(module.id).delete, _live(access, module))


def deleted_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The recycle bin of a module, as far as this person could see the records before."""
    return _within(access, access.rights.of(module.id).view, _deleted(access, module))


def restorable_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """What this person may bring back from the recycle bin: what they might have put there."""
    return _within(access, access.rights.of(module.id).delete, _deleted(access, module))


def converted_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The leads that became something else, as far as this person could see them before. They are only read."""
    gone = Record.objects.filter(org_id=access.org.pk, module_id=module.id, gone_as=GoneAs.CONVERTED)
    return _within(access, access.rights.of(module.id).view, gone)


def find_record(access: CrmAccess, module_name: str, record_id: int) -> Record:
    """One live record. Raises `NotFound`."""
    module = access.schema[module_name]
    record = first_row(_live_one(access.org.pk, module.id, record_id))
    if record is None or not _sees(access, record):
        raise NotFound
    return record


@fixed_read
def _live_one(org_id: int, module_id: int, record_id: int) -> QuerySet[Record]:
    live = Record.objects.filter(org_id=org_id, module_id=module_id, deleted_at=None, pk=record_id)
    return live.select_related("owner", "module__org").defer("search")


def visible_among(access: CrmAccess, module: AnyModule, ids: Sequence[int]) -> list[Record]:
    """The live ones among these that this person may see."""
    found = _live_among(access.org.pk, module.id, ids) if ids else ()
    return [record for record in found if _sees(access, record)]


@fixed_read
def _live_among(org_id: int, module_id: int, ids: Sequence[int]) -> QuerySet[Record]:
    return Record.objects.filter(org_id=org_id, module_id=module_id, deleted_at=None, pk__among=ids).defer("search")


def find_editable(access: CrmAccess, module_name: str, record_id: int) -> Record:
    """One live record to change. Raises `NotFound`, or `NotAllowed` with who can when it can only be seen."""
    return _with_permission(access, "edit_records", find_record(access, module_name, record_id))


def find_deletable(access: CrmAccess, module_name: str, record_id: int) -> Record:
    """One live record to move to the recycle bin. Raises `NotFound`, or `NotAllowed` with who can."""
    return _with_permission(access, "delete_records", find_record(access, module_name, record_id))


def _sees(access: CrmAccess, record: Record) -> bool:
    return access.reaches("see_all_records", record.module_id, record.owner_id)


def may_edit(access: CrmAccess, record: Record) -> bool:
    return access.reaches("edit_records", record.module_id, record.owner_id)


def may_delete(access: CrmAccess, record: Record) -> bool:
    return access.reaches("delete_records", record.module_id, record.owner_id)


def values_of(record: Record, module: ModuleSchema) -> dict[str, Any]:
    """The values of a record by API name, as far as the module holds their fields, with those that are not stored among the others."""
    hidden = hidden_names(module)
    values = {name: value for name, value in record.values.items() if name not in hidden} | {"Owner": record.owner_id}
    if module.is_person:
        values["Full_Name"] = record.name
    return values


def found_by(records: QuerySet[Record], module: AnyModule, text: str) -> QuerySet[Record]:
    """Those of a module's records that hold every word of a text, as a beginning, in fields that the person whose view of the
    module this is may see. Costs nothing for other modules' and orgs' rows.

    The search column knows all fields. Where some are hidden, the latest finds are compared again with what may be seen.
    """
    found = records.filter(search__has=Scoped(text, module.id))
    if not isinstance(module, ModuleSchema):
        return found
    whole = module.whole or module
    if not any(kind_of(whole.fields[name]).is_searched for name in hidden_names(module)):
        return found
    wanted = in_scope(query_tokens(text), module.id)
    latest = found.order_by("-modified_at", "-pk")[:_MOST_COMPARED]
    return found.filter(pk__among=[record.pk for record in latest if _holds(record, module, wanted)])


def _holds(record: Record, module: ModuleSchema, wanted: list[str]) -> bool:
    tokens = tokens_of(values_of(record, module), module)
    return all(any(token.startswith(one) for token in tokens) for one in wanted)


def ids_naming(target_id: int, module: AnyModule, field_name: str, most: int) -> list[int]:
    """The live records of a module that name a record in one of their fields, newest first."""
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(_NAMING, [target_id, module.id, field_name, most])
        return [row[0] for row in cursor.fetchall()]


def hidden_names(module: ModuleSchema) -> frozenset[str]:
    """The fields that the person whose view of the module this is may not see."""
    return frozenset(module.whole.fields.keys() - module.fields.keys()) if module.whole else frozenset()


def names_for(records: Iterable[Record], module: ModuleSchema, access: CrmAccess | None = None) -> Names:
    """What the ids in these records are called: two queries, however many records. With `access` it also knows which of the
    named records this person cannot open: their names are shown, without a link.
    """
    targets: set[int] = set()
    people: set[int] = set()
    owners = module.fields_of(FieldType.OWNER)
    for record in records:
        targets |= {target for field in module.links for target in ticket_ids(record.values.get(field.api_name))}
        people |= {record.values[field.api_name] for field in owners if record.values.get(field.api_name)}
        if record.owner_id:
            people.add(record.owner_id)
    return Names(
        record_names(module.org_id, targets),
        person_names(people),
        module.currency,
        closed_records(access, targets) if access else frozenset(),
    )


def closed_records(access: CrmAccess, ids: Iterable[int]) -> frozenset[int]:
    """Which of these records this person may not see. No query for who sees everything."""
    ids = set(ids)
    if not ids or access.may("see_all_records"):
        return frozenset()
    rows = Record.objects.filter(org_id=access.org.pk, pk__in=ids).values_list("pk", "module_id", "owner_id")
    return frozenset(pk for pk, module, owner in rows if not access.reaches("see_all_records", module, owner))


def record_names(org_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Names of live records by id."""
    return dict(_names_in(org_id, frozenset(ids)))


@asked_once
def _names_in(org_id: int, ids: frozenset[int]) -> Mapping[int, str]:
    return dict(_record_names(org_id, list(ids))) if ids else {}


@fixed_read
def _record_names(org_id: int, ids: Sequence[int]) -> QuerySet[Record, tuple[int, str]]:
    return Record.objects.filter(org_id=org_id, pk__among=ids, deleted_at=None).values_list("pk", "name")


def person_names(ids: Iterable[int]) -> dict[int, str]:
    return dict(_names_of_people(frozenset(ids)))


@asked_once
def _names_of_people(ids: frozenset[int]) -> Mapping[int, str]:
    return {person.pk: person.name for person in _people(list(ids))} if ids else {}


@fixed_read
def _people(ids: Sequence[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__among=ids).only("family_name", "given_name", "email")


def _live(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    return Record.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at=None)


def _deleted(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    return Record.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at__isnull=False, gone_as="")


def _within(access: CrmAccess, scope: Scope, records: QuerySet[Record]) -> QuerySet[Record]:
    """What `CrmAccess.covers` says, as a condition on the owner that an index serves."""
    if scope == Scope.NONE:
        records = records.none()
    elif scope == Scope.OWN:
        records = records.filter(owner_id=access.person.pk)
    elif scope == Scope.TEAM:
        records = records.filter(owner_id__in=sorted(access.team))
    return records.defer("search")


def _with_permission(access: CrmAccess, permission: str, record: Record) -> Record:
    if not access.reaches(permission, record.module_id, record.owner_id):
        module = access.schema.by_id[record.module_id]
        raise NotAllowed(who_can=who_can_with(access.org, permission, module, record.owner_id))
    return record
