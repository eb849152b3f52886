"""Our own CRM as a side: actions and queries, called in process."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, get_args

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.bridge.sides.records import (
    ChangePage,
    Ensure,
    FieldInfo,
    FieldType,
    ModuleInfo,
    Outcome,
    Patch,
    SideRecord,
    Value,
)
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.normalise.companies import spellings
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.merging.queries import merged_into, survivor_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.crm.orgs.access import access_of, find_org
from kakehashi.crm.records.actions import delete_records, restore_records, write_records
from kakehashi.crm.records.drafts import RecordDraft, RecordResult
from kakehashi.crm.records.models import GoneAs, Record, RecordKey, RecordLookup
from kakehashi.crm.records.queries import found_by, hidden_names, ids_naming, visible_among

from . import events
from .crm_bells import CrmBells
from .crm_cards import CrmCards
from .crm_customers import CrmCustomers
from .crm_filters import CrmFilters
from .ensuring import ensure_all, one_at_a_time, rehearsal
from .finding import Spelled, all_keys, by_value, one_spelling

_TYPES: Mapping[str, FieldType] = {name: name for name in get_args(FieldType)}
_NOT_TEXT: Mapping[str, Callable[[str], Value]] = {
    "decimal": Decimal,
    "currency": Decimal,
    "percent": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def crm_side(org_id: int) -> "EmbeddedCrm":
    """Raises `NotFound`."""
    org = find_org(org_id)
    if org is None:
        raise NotFound
    return EmbeddedCrm(org)


@dataclass(frozen=True)
class EmbeddedCrm(CrmCards, CrmBells, CrmCustomers, CrmFilters):
    """Implements `CrmSide` for one org."""

    @property
    def name(self) -> str:
        return self.org.name

    @cached_property
    def _schema(self) -> Schema:
        return schema_of(self.org)

    def describe(self) -> Sequence[ModuleInfo]:
        return [
            ModuleInfo(
                module.api_name,
                module.plural,
                tuple(_field_info(one) for one in module.fields.values()),
                is_switched_off=not module.is_visible,
            )
            for module in self._schema
        ]

    def head(self) -> str:
        return events.head()

    def changes(self, after: str, *, limit: int = 500) -> ChangePage:
        return events.changes_of(self.org.tenant, events.CRM_TOPICS, after, limit)

    def fetch(self, module: str, ids: Sequence[int]) -> Mapping[int, SideRecord]:
        schema = self._schema[module]
        rows = Record.objects.filter(org=self.org, module_id=schema.id, pk__among=ids).values_list(*_COLUMNS)
        return {record.id: record for record in side_records(map(_Row._make, rows), schema)}

    def scan(self, module: str, *, after_id: int = 0, limit: int = 500) -> Sequence[int]:
        return list(self._live(module).filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit])

    def count(self, module: str) -> int:
        return self._live(module).count()

    def live_among(self, module: str, ids: Collection[int]) -> frozenset[int]:
        return frozenset(self._live(module).filter(pk__among=ids).values_list("pk", flat=True))

    def search(self, module: str, text: str, *, limit: int = 20) -> Sequence[int]:
        found = found_by(self._live(module), self._schema[module], text).order_by("-modified_at", "-pk")
        return list(found.values_list("pk", flat=True)[:limit])

    def find(self, module: str, field_name: str, values: Sequence[Value]) -> Mapping[Value, tuple[int, ...]]:
        """By e-mail address, by name, or by the exact value of another unique field."""
        schema = self._schema[module]
        field, kind, spelled = _key_of(schema, field_name)
        wanted = {value: spelled(str(value)) for value in values}
        rows = RecordKey.objects.filter(
            org=self.org, kind=kind, value__among=all_keys(wanted), module_id=schema.id, field=field
        )
        return by_value(wanted, rows.values_list("value", "record_id"))

    def find_keys(self, module: str, keys: Sequence[str]) -> Mapping[str, int]:
        rows = Record.objects.filter(org=self.org, module_id=self._schema[module].id, origin_key__among=keys)
        return dict(rows.values_list("origin_key", "pk"))

    def referring(self, module: str, field_name: str, target_id: int, *, limit: int = 1_000) -> Sequence[int]:
        return ids_naming(target_id, self._schema[module], field_name, limit)

    def absorbed(self, module: str, ids: Sequence[int]) -> Sequence[int]:
        return merged_into(ids)

    def ensure(self, module: str, items: Sequence[Ensure], actor: Actor) -> Sequence[Outcome]:
        with one_at_a_time(self.org.tenant):
            return ensure_all(
                items,
                known=self.find_keys(module, [item.key for item in items]),
                fetch=lambda ids: self.fetch(module, ids),
                find=lambda field, values: self.find(module, field, values),
                create=lambda new: self._write(
                    module, [RecordDraft(stored(item.values), origin_key=item.key) for item in new], actor
                ),
            )

    def patch(self, module: str, items: Sequence[Patch], actor: Actor) -> Sequence[Outcome]:
        return self._write(
            module, [RecordDraft(stored(one.values), record_id=one.id, version=one.version) for one in items], actor
        )

    def remove(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        done = set(delete_records(self._schema[module], record_ids=ids, actor=actor))
        return [Outcome("removed" if one in done else "missing") for one in ids]

    def restore(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        outcomes = []
        for record_id in ids:
            reasons = restore_records(self._schema[module], record_ids=[record_id], actor=actor)
            outcomes.append(Outcome("refused", reason=str(reasons[0])) if reasons else Outcome("restored"))
        return outcomes

    def in_use(self, module: str, ids: Sequence[int]) -> frozenset[int]:
        rows = RecordLookup.objects.filter(org=self.org, target__id__among=ids, record__deleted_at=None)
        return frozenset(rows.values_list("target", flat=True).distinct())

    def rehearsal(self) -> AbstractContextManager[None]:
        return rehearsal()

    def record_url(self, module: str, record_id: int) -> str:
        return reverse("crm_record", args=[self.org.pk, module, record_id])

    def edit_url(self, module: str, record_id: int) -> str:
        return reverse("crm_record_edit", args=[self.org.pk, module, record_id])

    def visible(self, module: str, record_id: int, actor: Actor) -> SideRecord:
        found = self.visible_among(module, [record_id], actor)
        if record_id not in found:
            raise NotFound
        return found[record_id]

    def visible_among(self, module: str, ids: Sequence[int], actor: Actor) -> Mapping[int, SideRecord]:
        if not actor.is_person:
            raise NotFound
        access = access_of(actor.person_id or 0, self.org.pk)
        seen = access.schema[module]
        hidden = hidden_names(seen)
        records = visible_among(access, seen, ids)
        for record in records:
            record.values = {name: value for name, value in record.values.items() if name not in hidden}
        return {record.id: record for record in side_records(records, seen)}

    def _live(self, module: str) -> QuerySet[Record]:
        return Record.objects.filter(org=self.org, module_id=self._schema[module].id, deleted_at=None)

    def _write(self, module: str, drafts: Sequence[RecordDraft], actor: Actor) -> list[Outcome]:
        schema = self._schema[module]
        return [_outcome(result, schema) for result in write_records(schema, drafts=drafts, actor=actor)]


class _Row(NamedTuple):
    """What a side needs of a record; a first sync reads a hundred thousand of them."""

    pk: int
    version: int
    values: dict[str, Any]
    owner_id: int | None
    deleted_at: datetime | None
    gone_as: str
    origin_key: str
    modified_at: datetime
    modified_by_name: str


_COLUMNS = _Row._fields


def side_records(records: Iterable[Record | _Row], module: ModuleSchema) -> Iterator[SideRecord]:
    revivers = [(name, _NOT_TEXT[field.type]) for name, field in module.fields.items() if field.type in _NOT_TEXT]
    for record in records:
        values: dict[str, Any] = {**record.values, "Owner": record.owner_id}
        values |= {name: revive(values[name]) for name, revive in revivers if name in values}
        yield _side_record(record, module, values)


def _side_record(record: Record | _Row, module: ModuleSchema, values: dict[str, Any]) -> SideRecord:
    return SideRecord(
        module=module.api_name,
        id=record.pk,
        version=record.version,
        values=values,
        is_deleted=record.deleted_at is not None,
        merged_into=survivor_of(module.org_id, record.pk) if record.gone_as == GoneAs.MERGED else None,
        key=record.origin_key,
        modified_at=record.modified_at,
        modified_by=record.modified_by_name,
    )


def stored(values: Mapping[str, Value]) -> dict[str, Any]:
    """Canonical values as the CRM's actions take them."""
    return {
        name: str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _outcome(result: RecordResult, module: ModuleSchema) -> Outcome:
    record = next(side_records([result.record], module)) if result.record else None
    reason = "; ".join(f"{module.fields[name].label}: {text}" for name, text in result.sentences.items())
    return Outcome(result.state, record, reason)


def _key_of(module: ModuleSchema, field_name: str) -> tuple[str, str, Spelled]:
    if field_name in module.name_fields:
        return "Full_Name", "name", spellings if module.api_name == "Accounts" else one_spelling(normal_name)
    if module.fields[field_name].type == "email":
        return field_name, "email", one_spelling(normal_email)
    kind, _text = KINDS[module.fields[field_name].type].unique_key("")
    return field_name, kind, one_spelling(normal_name if kind == "name" else str.casefold)


def _field_info(field: FieldSchema) -> FieldInfo:
    return FieldInfo(
        api_name=field.api_name,
        label=field.label,
        type=_TYPES.get(field.type.value, "other"),
        is_required=field.is_required,
        is_read_only=field.is_read_only,
        max_length=field.max_length,
        choices=tuple(choice.value for choice in field.choices),
        lookup_module=field.lookup_module,
    )
