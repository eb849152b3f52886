"""Contacts and accounts of our own Desk, for the seam."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

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
from kakehashi.core.normalise.companies import spellings
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.text import fold
from kakehashi.desk.customers.models import HAS_MORE_EMAILS
from kakehashi.desk.portals.models import Department
from kakehashi.desk.products.actions import offer_in_departments
from kakehashi.desk.products.models import Product
from kakehashi.desk.record_merging.queries import survivor_of
from kakehashi.desk.records.fields import RecordField
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.records.writing import Draft, Kind, Result, remove, restore, write_many
from kakehashi.desk.tickets.models import Ticket

from . import events
from .desk_filters import DeskFilters
from .desk_kinds import KINDS
from .ensuring import ensure_all, one_at_a_time, rehearsal
from .finding import Spelled, all_keys, by_value, one_spelling

_PAGES = {"contacts": "desk_contact", "accounts": "desk_account", "products": "desk_product"}
_TICKET_COLUMNS = {"contacts": "contact_id", "accounts": "account_id", "products": "product_id"}
_TYPES: Mapping[str, FieldType] = {
    "text": "text",
    "textarea": "textarea",
    "email": "email",
    "phone": "phone",
    "url": "url",
    "decimal": "decimal",
    "account": "lookup",
}
_NORMAL: Mapping[str, tuple[str, Spelled]] = {
    "email": ("email_normal", one_spelling(normal_email)),
    "secondaryEmail": ("secondary_email_normal", one_spelling(normal_email)),
    "accountName": ("name_normal", spellings),
    "productName": ("name_normal", one_spelling(normal_name)),
    "productCode": ("code_normal", one_spelling(fold)),
}


@dataclass(frozen=True)
class DeskRecords(DeskFilters):
    """Implements `RecordSide` for one portal."""

    @property
    def name(self) -> str:
        return self.portal.name

    def home_url(self) -> str:
        return reverse("desk_home", args=[self.portal.pk])

    def describe(self) -> Sequence[ModuleInfo]:
        return [
            ModuleInfo(module, module.capitalize(), tuple(_field_info(field) for field in kind.fields))
            for module, kind in KINDS.items()
        ]

    def head(self) -> str:
        return events.head()

    def changes(self, after: str, *, limit: int = 500) -> ChangePage:
        return events.changes_of(self.portal.tenant, events.DESK_TOPICS, after, limit)

    def fetch(self, module: str, ids: Sequence[int]) -> Mapping[int, SideRecord]:
        kind = KINDS[module]
        rows = self._all(kind).filter(pk__among=ids).defer("search")
        return {row.pk: side_record(module, kind, row) for row in rows}

    def scan(self, module: str, *, after_id: int = 0, limit: int = 500) -> Sequence[int]:
        live = self._live(KINDS[module]).filter(pk__gt=after_id).order_by("pk")
        return list(live.values_list("pk", flat=True)[:limit])

    def count(self, module: str) -> int:
        return self._live(KINDS[module]).count()

    def live_among(self, module: str, ids: Collection[int]) -> frozenset[int]:
        return frozenset(self._live(KINDS[module]).filter(pk__among=ids).values_list("pk", flat=True))

    def search(self, module: str, text: str, *, limit: int = 20) -> Sequence[int]:
        found = found_by(self._live(KINDS[module]), self.portal, text).order_by("-modified_at", "-pk")
        return list(found.values_list("pk", flat=True)[:limit])

    def find(self, module: str, field_name: str, values: Sequence[Value]) -> Mapping[Value, tuple[int, ...]]:
        """By e-mail address (any of the further ones counts as a secondary one), by name, or by the exact text of another field."""
        kind = KINDS[module]
        column, spelled = _NORMAL.get(field_name, (_column_of(kind, field_name), one_spelling(str)))
        wanted = {value: spelled(str(value)) for value in values}
        keys = all_keys(wanted)
        rows = list(self._live(kind).filter(**{f"{column}__among": keys}).values_list(column, "pk"))
        if field_name == "secondaryEmail":
            more = self._live(kind).filter(HAS_MORE_EMAILS, more_emails_normal__overlap=list(keys))
            rows += [(key, pk) for pk, held in more.values_list("pk", "more_emails_normal") for key in held]
        return by_value(wanted, rows)

    def find_keys(self, module: str, keys: Sequence[str]) -> Mapping[str, int]:
        return dict(self._all(KINDS[module]).filter(origin_key__among=keys).values_list("origin_key", "pk"))

    def referring(self, module: str, field_name: str, target_id: int, *, limit: int = 1_000) -> Sequence[int]:
        kind = KINDS[module]
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
        done = {row.pk for row in remove(KINDS[module], self.portal, ids, actor)}
        return [Outcome("removed" if one in done else "missing") for one in ids]

    def restore(self, module: str, ids: Sequence[int], actor: Actor) -> Sequence[Outcome]:
        kind = KINDS[module]
        done = {row.pk for row in restore(kind, self.portal, ids, actor)}
        erased = set(self._all(kind).filter(pk__in=ids, erased_at__isnull=False).values_list("pk", flat=True))
        reason = _("It was deleted for good in the Desk.")
        return [
            Outcome("refused", reason=reason) if one in erased else Outcome("restored" if one in done else "missing")
            for one in ids
        ]

    def rehearsal(self) -> AbstractContextManager[None]:
        return rehearsal()

    def record_url(self, module: str, record_id: int) -> str:
        return reverse(_PAGES[module], args=[self.portal.pk, record_id])

    def in_use(self, module: str, ids: Sequence[int]) -> frozenset[int]:
        column = _TICKET_COLUMNS[module]
        tickets = Ticket.objects.filter(portal=self.portal, deleted_at=None, **{f"{column}__in": ids})
        return frozenset(tickets.values_list(column, flat=True).distinct())

    def offer_products(self, ids: Sequence[int], department_ids: Sequence[int], actor: Actor) -> None:
        departments = list(Department.objects.filter(portal=self.portal, pk__in=department_ids))
        for product in Product.objects.select_related("portal").filter(portal=self.portal, pk__in=ids):
            offer_in_departments(product, departments=departments, actor=actor)

    def _all(self, kind: Kind[Any]) -> QuerySet[Any]:
        return kind.rows().filter(portal=self.portal)

    def _live(self, kind: Kind[Any]) -> QuerySet[Any]:
        return self._all(kind).filter(deleted_at=None)

    def _write(self, module: str, drafts: Sequence[Draft], actor: Actor) -> list[Outcome]:
        kind = KINDS[module]
        return [_outcome(module, kind, result) for result in write_many(kind, self.portal, drafts, actor)]


def side_record(module: str, kind: Kind[Any], row: DeskRecord) -> SideRecord:
    return SideRecord(
        module=module,
        id=row.pk,
        version=row.version,
        values={field.api_name: getattr(row, field.column) or None for field in kind.fields},
        is_deleted=row.deleted_at is not None,
        merged_into=survivor_of(row).pk if row.merged_into_id else None,
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
