"""What forms ask for while a person types."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.derived import name_of
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import found_by, hidden_names, visible_records

_MOST = 20


def members_of(access: CrmAccess) -> list[tuple[int, str]]:
    """(id, name) of everybody who can own records, in order of name."""
    members = _active(access.org.pk)
    return sorted(((member.person_id, member.person.name) for member in members), key=lambda pair: pair[1])


@fixed_read
def _active(org_id: int) -> QuerySet[Membership]:
    names = ("person__family_name", "person__given_name", "person__email")
    return Membership.objects.select_related("person").filter(org_id=org_id, is_active=True).only("person", *names)


def quick_urls(access: CrmAccess) -> dict[str, str]:
    """Where a record of a module is created in a dialog, for the modules in which this person may."""
    return {
        module.api_name: reverse("crm_quick", args=[access.org.pk, module.api_name])
        for module in access.schema
        if module.is_visible and access.may("create_records", module)
    }


def choices_for(access: CrmAccess, module: ModuleSchema, text: str) -> Sequence[Record]:
    """Records to choose from for what was typed; without text the latest ones."""
    records = visible_records(access, module)
    if text.strip():
        return list(found_by(records, module, text).order_by("name", "id")[:_MOST])
    return list(records.order_by("-modified_at", "-id")[:_MOST])


def find_duplicates(
    access: CrmAccess, module: ModuleSchema, typed: Mapping[str, Any], *, except_id: int | None = None
) -> Sequence[Record]:
    """Visible records that share an e-mail address, a phone number or the full name with what is being typed."""
    wanted = _keys(module, typed)
    if not wanted:
        return []
    keys = RecordKey.objects.filter(org_id=access.org.pk, module_id=module.id).exclude(field__in=hidden_names(module))
    ids = {
        record_id
        for kind, values in wanted.items()
        for record_id in keys.filter(kind=kind, value__in=values).values_list("record_id", flat=True)[:10]
    }
    return list(visible_records(access, module).filter(pk__in=ids - {except_id}).order_by("name", "id")[:3])


def _typed(field: FieldSchema, typed: Mapping[str, Any]) -> Any:
    if isinstance(typed, QueryDict) and field.type in (FieldType.EMAILS, FieldType.PHONES):
        return [part for part in typed.getlist(field.api_name) if part]
    return typed.get(field.api_name)


def _keys(module: ModuleSchema, typed: Mapping[str, Any]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {}
    for field in module.fields_of(FieldType.EMAIL, FieldType.PHONE, FieldType.EMAILS, FieldType.PHONES):
        try:
            value = KINDS[field.type].clean(_typed(field, typed), field)
        except ValueRefused:
            continue
        for kind, key in KINDS[field.type].keys(value) if value else ():
            wanted.setdefault(kind, set()).add(key)
    is_named = all(typed.get(name) for name in module.name_fields)
    if is_named and (name := normal_name(name_of(typed, module))):
        wanted["name"] = {name}
    return wanted
