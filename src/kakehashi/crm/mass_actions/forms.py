"""The one value that many records get."""

from django.http import QueryDict

from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.record_form.forms import RecordForm, chosen_lookups
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.queries import record_names

_NEVER_ALIKE = (FieldType.FILE, FieldType.IMAGE)


def changeable_fields(module: ModuleSchema) -> list[FieldSchema]:
    """What can be the same in many records: nothing unique, nothing that the product works out, no files."""
    return [
        field
        for field in module.fields.values()
        if not (field.is_read_only or field.is_hidden or field.is_unique or field.type in _NEVER_ALIKE)
    ]


def value_form(access: CrmAccess, module: ModuleSchema, name: str, data: QueryDict | None = None) -> RecordForm:
    """The input of one field, empty at first."""
    members = members_of(access)
    chosen = record_names(access.org.pk, chosen_lookups(module, data)) if data else {}
    names = Names(chosen, dict(members), access.org.currency)
    return RecordForm(module, data=data, values={}, names=names, people=members, only=[name])
