"""A list of records: filtered, sorted, and read page by page from a place in the order, never by counting off rows."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import DecimalField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from kakehashi.core.errors import NotFound, Text
from kakehashi.crm.fields.registry import kind_of
from kakehashi.crm.fields.schema import FieldSchema
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import found_by, visible_records

PAGE_ROWS = 50
COUNTED_ROWS = 10_000
_COLUMN_SORTS = {"name": "sort_name", "modified": "modified_at", "created": "created_at"}
_NOT_SORTED = (FieldType.LOOKUP, FieldType.OWNER, FieldType.MULTIPICKLIST, FieldType.TEXTAREA)
DEFAULT_SORT = "-modified"


@dataclass(frozen=True, slots=True)
class ListChoice:
    """What a person asked to see; made from the address, so that it can be shared."""

    text: str = ""
    owner: str = ""  # "", "me" or a person's id
    sort: str = DEFAULT_SORT
    after: str = ""
    before: str = ""
    values: Mapping[str, str] = ()  # type: ignore[assignment]

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.owner or self.values)


@dataclass(frozen=True, slots=True)
class ListPage:
    records: Sequence[Record]
    total: int
    is_counted: bool  # False: there are more than `total`
    previous: str
    next: str


def read_choice(query: Mapping[str, str], module: ModuleSchema) -> ListChoice:
    sort = query.get("sort", "") or DEFAULT_SORT
    filtered = {name: query[name] for name in filterable(module) if query.get(name)}
    return ListChoice(
        text=query.get("q", "").strip(),
        owner=query.get("owner", ""),
        sort=sort if sort.removeprefix("-") in sortable(module) else DEFAULT_SORT,
        after=query.get("after", ""),
        before=query.get("before", ""),
        values=filtered,
    )


def sortable(module: ModuleSchema) -> set[str]:
    fields = {name for name in module.columns if name in module.fields and module.fields[name].type not in _NOT_SORTED}
    return {*_COLUMN_SORTS, *fields}


def filterable(module: ModuleSchema) -> dict[str, FieldSchema]:
    """Pick lists, and lookups: a related list's "show all" leads to the list filtered by one."""
    return {field.api_name: field for field in module.fields_of(FieldType.PICKLIST, FieldType.LOOKUP)}


def list_records(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> ListPage:
    """One page. Two queries, however many records there are."""
    records = filtered_records(access, module, choice)
    total = _capped_count(records)
    name, expression = _sort_key(module, choice.sort.removeprefix("-"))
    is_falling = choice.sort.startswith("-")
    rows = records.select_related("owner")
    if name == "sort_key":
        rows = rows.annotate(sort_key=expression)
    place = _read_place(choice.before or choice.after)
    found = _read(rows, name, place, is_falling=is_falling, is_backward=bool(choice.before))
    return _page(found, name, choice, total, has_place=place is not None)


def filtered_records(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> QuerySet[Record]:
    records = visible_records(access, module)
    if choice.text:
        records = found_by(records, module, choice.text)
    if choice.owner == "me":
        records = records.filter(owner_id=access.person.pk)
    elif choice.owner.isdecimal():
        records = records.filter(owner_id=int(choice.owner))
    for name, value in choice.values.items():
        records = _filter_by(records, module, name, value)
    return records


def _filter_by(records: QuerySet[Record], module: ModuleSchema, name: str, value: str) -> QuerySet[Record]:
    field = module.fields[name]
    if field.type != FieldType.LOOKUP:
        return records.filter(values__contains={name: value})
    if not value.isdecimal():
        return records.none()
    return records.filter(lookups__field=name, lookups__target_id=int(value), lookups__module_id=module.id)


def _capped_count(records: QuerySet[Record]) -> int:
    return records.order_by().values("pk")[: COUNTED_ROWS + 1].count()


def _sort_key(module: ModuleSchema, key: str) -> tuple[str, Any]:
    if key in _COLUMN_SORTS:
        return _COLUMN_SORTS[key], None
    text = KeyTextTransform(key, "values")
    if kind_of(module.fields[key]).is_number:
        number = DecimalField(max_digits=20, decimal_places=4)
        return "sort_key", Coalesce(Cast(text, number), Value(-(10**15)), output_field=number)
    return "sort_key", Coalesce(
        Func(text, function="lower", output_field=TextField()), Value(""), output_field=TextField()
    )


def _read(
    rows: QuerySet[Record], name: str, place: tuple[Any, int] | None, *, is_falling: bool, is_backward: bool
) -> list[Record]:
    """One row more than a page, from the place on; backward pages are read the other way round and turned."""
    is_down = is_falling != is_backward
    if place:
        value, record_id = place
        beyond = "lt" if is_down else "gt"
        rows = rows.filter(
            Q(**{f"{name}__{beyond}e": value}),  # lets the index begin at the place; the rest settles ties
            Q(**{f"{name}__{beyond}": value}) | Q(**{name: value, f"pk__{beyond}": record_id}),
        )
    order = [F(name).desc(), F("pk").desc()] if is_down else [F(name).asc(), F("pk").asc()]
    return list(rows.order_by(*order)[: PAGE_ROWS + 1])


def _page(found: list[Record], name: str, choice: ListChoice, total: int, *, has_place: bool) -> ListPage:
    has_more = len(found) > PAGE_ROWS
    shown = found[:PAGE_ROWS]
    if choice.before:
        shown.reverse()
    has_previous = has_more if choice.before else has_place
    has_next = bool(choice.before) or has_more
    return ListPage(
        records=shown,
        total=min(total, COUNTED_ROWS),
        is_counted=total <= COUNTED_ROWS,
        previous=_place(shown[0], name) if has_previous and shown else "",
        next=_place(shown[-1], name) if has_next and shown else "",
    )


def _place(record: Record, name: str) -> str:
    value = getattr(record, name)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, record.pk]).encode()).decode().rstrip("=")


def _read_place(token: str) -> tuple[Any, int] | None:
    if not token:
        return None
    try:
        value, record_id = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return str(value), int(record_id)
    except ValueError as broken:
        raise NotFound from broken


def neighbours(access: CrmAccess, module: ModuleSchema, record: Record) -> tuple[int | None, int | None]:
    """The ids of the records before and after this one, newest first."""
    ids = visible_records(access, module).order_by()
    newer = ids.filter(pk__gt=record.pk).order_by("pk").values_list("pk", flat=True).first()
    older = ids.filter(pk__lt=record.pk).order_by("-pk").values_list("pk", flat=True).first()
    return newer, older


def column_labels(module: ModuleSchema) -> list[tuple[str, Text]]:
    return [(name, module.fields[name].label) for name in module.columns if name in module.fields]
