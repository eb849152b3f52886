"""Contacts and accounts of our own Desk, for the seam."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from kakehashi.core.errors import Text
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.fields import RecordField
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.writing import Draft, Kind, Result, remove, restore, write_many
from kakehashi.desk.tickets.models import Ticket

from . import events
from .ensuring import ensure_all, one_at_a_time

_KINDS: Mapping[str, Kind[Any]] = {"contacts": CONTACT, "accounts": ACCOUNT}
_PAGES = {"contacts": "desk_contact", "accounts": "desk_account"}
_TYPES: Mapping[str, FieldType] = {
    "text": "text",
    "textarea": "textarea",
    "email": "email",
    "phone": "phone",
    "url": "url",
    "decimal": "decimal",
    "account": "lookup",
}
_NORMAL: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "email": ("email_normal", normal_email),
    "secondaryEmail": ("secondary_email_normal", normal_email),
    "accountName": ("name_normal", normal_name),
}


@dataclass(frozen=True)
class DeskRecords:
    """Implements `RecordSide` for one portal."""

    portal: Portal

    @property
    def name(self) -> str:
        return self.portal.name

    def home_url(self) -> str:
        return reverse("desk_home", args=[self.portal.pk])

    def describe(self) -> Sequence[ModuleInfo]:
        return [
            ModuleInfo(module, module.capitalize(), tuple(_field_info(field) for field in kind.fields))
            for module, kind in _KINDS.items()
        ]

    def head(self) -> str:
        return events.head()

    def changes(self, after: str, *, limit: int = 500) -> ChangePage:
        return events.changes_of(self.portal.tenant, events.DESK_TOPICS, after, limit)

    def fetch(self, module: str, ids: Sequence[int]) -> Mapping[int, SideRecord]:
        kind = _KINDS[module]
        rows = self._all(kind).filter(pk__in=ids).defer("search")
        return {row.pk: side_record(module, kind, row) for row in rows}

    def scan(self, module: str, *, after_id: int = 0, limit: int = 500) -> Sequence[int]:
        live = self._live(_KINDS[module]).filter(pk__gt=after_id).order_by("pk")
        return list(live.values_list("pk", flat=True)[:limit])

    def count(self, module: str) -> int:
        return self._live(_KINDS[module]).count()

    def find(self, module: str, field_name: str, values: Sequence[Value]) -> Mapping[Value, tuple[int, ...]]:
        """By e-mail address, by name, or by the exact text of another field."""
        kind = _KINDS[module]
        column, normal = _NORMAL.get(field_name, (_column_of(kind, field_name), str))
        wanted = {value: normal(str(value)) for value in values}
        keys = {key for key in wanted.values() if key}
        found: dict[str, list[int]] = {}
        for key, record_id in (
            self._live(kind).filter(**{f"{column}__in": keys}).order_by("pk").values_list(column, "pk")
        ):
            found.setdefault(key, []).append(record_id)
        return {value: tuple(found.get(key, ())) for value, key in wanted.items()}

    def find_keys(self, module: str, keys: Sequence[str]) -> Mapping[str, int]:
        return dict(self._all(_KINDS[module]).filter(origin_key__in=keys).values_list("origin_key", "pk"))

    def referring(self, module: str, field_name: str, target_id: int, *, limit: int = 1_000) -> Sequence[int]:
        kind = _KINDS[module]
        rows = self._live(kind).filter(**{_column_of(kind, field_name): target_id})
        return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])

    def ensure(self, module: str, items: Sequence[Ensure], actor: Actor) -> Sequence[Outcome]:
        with one_at_a_time(self.portal.tenant):
            return ensure_all(
                items,
                known=self.find_keys(module, [item.key for item in items]),
                fetch=lambda ids: self.fetch(module, ids),
                find=lambda field, values: self.find(module, field, values),
                create=lambda new: self._write(
                    module, [Draft(item.values, origin_key=item.key) for item in new], actor
                ),
            )

    def patch(self, module: str, items: Sequence[Patch], actor: Actor) -> Sequence[Outcome]:
        return self._write(module, [Draft(item.values, item.id, item.version) for item in items], actor)

    def remove(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        done = {row.pk for row in remove(_KINDS[module], self.portal, ids, actor)}
        return [Outcome("removed" if one in done else "missing") for one in ids]

    def restore(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        done = {row.pk for row in restore(_KINDS[module], self.portal, ids, actor)}
        return [Outcome("restored" if one in done else "missing") for one in ids]

    def record_url(self, module: str, record_id: int) -> str:
        return reverse(_PAGES[module], args=[self.portal.pk, record_id])

    def in_use(self, module: str, ids: Sequence[int]) -> frozenset[int]:
        column = "contact_id" if module == "contacts" else "account_id"
        tickets = Ticket.objects.filter(portal=self.portal, deleted_at=None, **{f"{column}__in": ids})
        return frozenset(tickets.values_list(column, flat=True).distinct())

    def _all(self, kind: Kind[Any]) -> QuerySet[Any]:
        return kind.rows().filter(portal=self.portal)

    def _live(self, kind: Kind[Any]) -> QuerySet[Any]:
        return self._all(kind).filter(deleted_at=None)

    def _write(self, module: str, drafts: Sequence[Draft], actor: Actor) -> list[Outcome]:
        kind = _KINDS[module]
        return [_outcome(module, kind, result) for result in write_many(kind, self.portal, drafts, actor)]


def side_record(module: str, kind: Kind[Any], row: DeskRecord) -> SideRecord:
    return SideRecord(
        module=module,
        id=row.pk,
        version=row.version,
        values={field.api_name: getattr(row, field.column) or None for field in kind.fields},
        is_deleted=row.deleted_at is not None,
        key=row.origin_key,
        modified_at=row.modified_at,
        modified_by=row.modified_by,
    )


def _outcome(module: str, kind: Kind[Any], result: Result[Any]) -> Outcome:
    record = side_record(module, kind, result.record) if result.record is not None else None
    return Outcome(result.state, record, _reason(kind, result.problems) if result.problems else "")


def _reason(kind: Kind[Any], problems: Mapping[str, Text]) -> str:
    labels = {field.api_name: field.label for field in kind.fields}
    return "; ".join(f"{labels.get(name, name)}: {sentence}" for name, sentence in problems.items())


def _column_of(kind: Kind[Any], field_name: str) -> str:
    return next(field.column for field in kind.fields if field.api_name == field_name)


def _field_info(field: RecordField) -> FieldInfo:
    return FieldInfo(
        api_name=field.api_name,
        label=field.label,
        type=_TYPES.get(field.type, "other"),
        is_required=field.is_required,
        max_length=field.max_length,
        lookup_module="accounts" if field.type == "account" else "",
    )
