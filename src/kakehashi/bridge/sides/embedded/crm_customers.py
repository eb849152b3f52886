"""Customers of our own CRM as tickets are sorted by them, for the seam (spec X6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kakehashi.bridge.sides.customer_types import RecordRef
from kakehashi.crm.merging.queries import survivor_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.models import GoneAs, KeyKind, Record, RecordKey, RecordLookup

from .crm_people import CrmPeople

_PEOPLE = ("Leads", "Contacts")
_COMPANY_FIELDS = ("Account_Name", "Other_Accounts")
_CUSTOMER_FIELDS = ("Contact_Name", "Account_Name")
_KINDS = (KeyKind.EMAIL, KeyKind.PHONE)


@dataclass(frozen=True)
class CrmCustomers(CrmPeople):
    """Implements `CustomerSide` for one org."""

    def people_by_key(self, keys: Collection[str]) -> Mapping[str, tuple[RecordRef, ...]]:
        modules = {schema_of(self.org)[name].id: name for name in _PEOPLE if name in schema_of(self.org)}
        rows = RecordKey.objects.filter(org=self.org, kind__in=_KINDS, value__in=keys, module_id__in=modules)
        found: dict[str, dict[int, RecordRef]] = {}
        for key, module_id, record_id in rows.values_list("value", "module_id", "record_id"):
            found.setdefault(key, {})[record_id] = RecordRef(modules[module_id], record_id)
        return {key: tuple(refs.values()) for key, refs in found.items()}

    def keys_of(self, ids: Collection[int]) -> frozenset[str]:
        rows = RecordKey.objects.filter(org=self.org, record_id__in=ids, kind__in=_KINDS)
        return frozenset(rows.values_list("value", flat=True))

    def living(self, ids: Collection[int]) -> Mapping[int, int]:
        rows = Record.objects.filter(org=self.org, pk__in=ids).values_list("pk", "deleted_at", "gone_as")
        found = {pk: pk for pk, deleted_at, _gone in rows if deleted_at is None}
        merged = {pk: survivor_of(self.org.pk, pk) for pk, _deleted, gone in rows if gone == GoneAs.MERGED}
        return found | {pk: into for pk, into in merged.items() if into}

    def companies_of(self, contact_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        rows = self._live_lookups("Contacts", _COMPANY_FIELDS).filter(record_id__in=contact_ids)
        return _grouped(rows.values_list("record_id", "target_id"))

    def deals_naming(self, ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        rows = self._live_lookups("Deals", _CUSTOMER_FIELDS).filter(target_id__in=ids)
        return _grouped(rows.values_list("target_id", "record_id"))

    def named_by_deals(self, deal_ids: Collection[int]) -> frozenset[int]:
        rows = self._live_lookups("Deals", _CUSTOMER_FIELDS).filter(record_id__in=deal_ids)
        return frozenset(rows.values_list("target_id", flat=True))

    def _live_lookups(self, module: str, fields: Sequence[str]) -> QuerySet[RecordLookup]:
        schema = schema_of(self.org)
        if module not in schema:
            return RecordLookup.objects.none()
        return RecordLookup.objects.filter(
            org=self.org, module_id=schema[module].id, field__in=fields, record__deleted_at=None
        )


def _grouped(rows: QuerySet[RecordLookup, tuple[int, int]]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}
