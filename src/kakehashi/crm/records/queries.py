"""Reading records; everything starts from what a person may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.search.fields import Scoped
from kakehashi.crm.fields.kind import Names
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.queries import AnyModule
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.identity.people.models import Person

from .models import Record


def visible_records(access: CrmAccess, module: AnyModule) -> QuerySet[Record]:
    """The live records of a module that this person may see."""
    records = Record.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at=None)
    if not access.may("see_all_records"):
        records = records.filter(owner_id=access.person.pk)
    return records.defer("search")


def editable_records(access: CrmAccess, module: ModuleSchema) -> QuerySet[Record]:
    """The live records of a module that this person may change."""
    records = visible_records(access, module)
    return records if access.may("edit_records", module) else records.none()


def deletable_records(access: CrmAccess, module: ModuleSchema) -> QuerySet[Record]:
    """The live records of a module that this person may move to the recycle bin."""
    records = visible_records(access, module)
    return records if access.may("delete_records", module) else records.none()


def deleted_records(access: CrmAccess, module: ModuleSchema) -> QuerySet[Record]:
    """The recycle bin of a module, as far as this person could see the records before."""
    records = Record.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at__isnull=False, gone_as="")
    if not access.may("see_all_records"):
        records = records.filter(owner_id=access.person.pk)
    return records.defer("search")


def find_record(access: CrmAccess, module_name: str, record_id: int) -> Record:
    """One live record. Raises `NotFound`."""
    module = access.schema[module_name]
    record = visible_records(access, module).select_related("owner", "module__org").filter(pk=record_id).first()
    if record is None:
        raise NotFound
    return record


def found_by(records: QuerySet[Record], module: AnyModule, text: str) -> QuerySet[Record]:
    """Those of a module's records that hold every word of a text, as a beginning. Costs nothing for other modules' and orgs' rows."""
    return records.filter(search__has=Scoped(text, module.id))


def values_of(record: Record, module: ModuleSchema) -> dict[str, Any]:
    """All values of a record by API name, with those that are not stored among the others."""
    values = {**record.values, "Owner": record.owner_id}
    if module.is_person:
        values["Full_Name"] = record.name
    return values


def names_for(records: Iterable[Record], module: ModuleSchema) -> Names:
    """What the ids in these records are called: two queries, however many records."""
    targets: set[int] = set()
    people: set[int] = set()
    owners = module.fields_of(FieldType.OWNER)
    for record in records:
        targets |= {record.values[field.api_name] for field in module.lookups if record.values.get(field.api_name)}
        people |= {record.values[field.api_name] for field in owners if record.values.get(field.api_name)}
        if record.owner_id:
            people.add(record.owner_id)
    return Names(record_names(module.org_id, targets), person_names(people), module.currency)


def record_names(org_id: int, ids: Iterable[int]) -> dict[int, str]:
    """Names of live records by id."""
    ids = set(ids)
    if not ids:
        return {}
    return dict(Record.objects.filter(org_id=org_id, pk__in=ids, deleted_at=None).values_list("pk", "name"))


def person_names(ids: Iterable[int]) -> dict[int, str]:
    ids = set(ids)
    return {person.pk: person.name for person in Person.objects.filter(pk__in=ids)} if ids else {}
