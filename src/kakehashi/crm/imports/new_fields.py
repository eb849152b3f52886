"""A column that none of the module's fields fits becomes a field of its own: what it seems to hold, and its making."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from kakehashi.core.errors import NotFound
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.customise.choice_actions import LONGEST_CHOICE
from kakehashi.crm.customise.choices import ChoiceRow, arranged
from kakehashi.crm.customise.fields import FieldDraft, create_field
from kakehashi.crm.customise.queries import find_own_module
from kakehashi.crm.customise.sections import sections_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .actions import choices_of, keep_choices
from .cells import read_amount, read_day
from .columns import ADD, YEAR_FIRST
from .models import Import
from .reading import read_samples
from .running import layout_of

T = FieldType
OFFERED = (
    T.TEXT, T.TEXTAREA, T.EMAIL, T.PHONE, T.URL, T.INTEGER, T.DECIMAL, T.CURRENCY, T.PERCENT, T.DATE, T.DATETIME, T.BOOLEAN,
    T.PICKLIST, T.MULTIPICKLIST,
)  # fmt: skip
MOST_CHOICES = 200
_GUESSED_ROWS = 200
_CHOICE_TYPES = (T.PICKLIST, T.MULTIPICKLIST)
_CHOICE_ROWS = 5_000  # that choices are collected from; later ones are added when their row is imported
_PHONE = re.compile(r"\+?[\d\-() ]{9,17}")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3})+)")
_BROKEN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})\.\d{1,6}")
_MONEY = re.compile(r"[¥￥$€£円]|JPY|USD|EUR|(?:\d(?:千|百万|万|億)$)")
_TIME = re.compile(r"\d{1,2}:\d{2}")


def guess_kind(cells: Sequence[str]) -> FieldType:
    """By what the filled cells of a column look like. Pure; a column of which nothing is known holds text."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return T.TEXT
    if _is_yes_or_no(filled):
        return T.BOOLEAN
    if kind := next((kind for kind, fits in _LOOKS.items() if all(fits(cell) for cell in filled)), None):
        return kind
    if any("\n" in cell or len(cell) > 100 for cell in filled):
        return T.TEXTAREA
    parts = [part for cell in filled for part in parts_of(cell)]
    if len(parts) > len(filled) and _repeat(parts):
        return T.MULTIPICKLIST
    return T.PICKLIST if _repeat(filled) else T.TEXT


def parts_of(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;；\n]", cell) if part.strip()]


def _repeat(values: Sequence[str]) -> bool:
    """A few short words, each of them several times."""
    distinct = set(values)
    return len(values) >= 6 and len(distinct) <= min(20, len(values) / 3) and max(map(len, distinct)) <= 40


def _is_yes_or_no(cells: Sequence[str]) -> bool:
    """Words and signs for both; digits only when both are there."""
    distinct = set(cells)
    says = {_cleaned(cell, T.BOOLEAN) for cell in distinct}
    return None not in says and (len(says) == 2 or not any(cell.isdigit() for cell in distinct))


def _cleaned(text: str, kind: FieldType) -> Any:
    try:
        return KINDS[kind].clean(text, FieldSchema(0, "", "", kind))
    except ValueRefused:
        return None


def _is_money(cell: str) -> bool:
    return bool(_MONEY.search(cell)) and _cleaned(read_amount(cell), T.DECIMAL) is not None


def _is_day(cell: str) -> bool:
    return not cell.isdigit() and not _TIME.search(cell) and _cleaned(read_day(cell, YEAR_FIRST), T.DATE) is not None


def _is_moment(cell: str) -> bool:
    return bool(_TIME.search(cell)) and _cleaned(read_day(cell, YEAR_FIRST), T.DATETIME) is not None


def _is_phone(cell: str) -> bool:
    is_marked = cell.startswith(("0", "+")) or cell.count("-") > 1
    return bool(_PHONE.fullmatch(cell)) and is_marked and 9 <= sum(letter.isdigit() for letter in cell) <= 15


_LOOKS: Mapping[FieldType, Callable[[str], Any]] = {
    T.EMAIL: re.compile(r"[^@\s;]+@[^@\s;]+\.[^@\s;]+").fullmatch,
    T.URL: re.compile(r"https?://\S+", re.IGNORECASE).fullmatch,
    T.DATE: _is_day,
    T.DATETIME: _is_moment,
    T.PHONE: _is_phone,
    T.PERCENT: re.compile(r"-?\d+(?:\.\d+)?\s*[%％]").fullmatch,
    T.CURRENCY: _is_money,
    T.INTEGER: _WHOLE.fullmatch,
    T.DECIMAL: lambda cell: _BROKEN.fullmatch(cell) or _WHOLE.fullmatch(cell),
}


def samples_for(source: Import, index: int, count: int = _GUESSED_ROWS) -> list[str]:
    """The filled cells of one column among the first rows."""
    rows = read_samples(layout_of(source), count)
    return [row[index] for row in rows if index < len(row) and row[index]]


@transaction.atomic
def make_field(
    source: Import, *, module: ModuleSchema, index: int, label: str, kind: FieldType, access: CrmAccess
) -> Import:
    """Make a field for one column and let the column fill it. Raises `InvalidValues` (label), `NotFound`, `ImportHasMoved`.

    The field is there from now on, whatever becomes of the import.
    """
    source = keep_choices(source, module=module, choices=choices_of(source))  # locks it, before the org is locked
    columns = list(choices_of(source).columns)
    if index >= len(columns):
        raise NotFound
    row = find_own_module(access.org, module.api_name)
    options = _options(kind, samples_for(source, index, _CHOICE_ROWS if kind in _CHOICE_TYPES else _GUESSED_ROWS))
    draft = FieldDraft(label=label, options=options)
    made = create_field(row, draft=draft, kind=kind, section=sections_of(row)[0]["key"], actor=access.actor)
    access.org.refresh_from_db(fields=["schema_version"])
    module = schema_of(access.org).by_id[module.id]
    column = replace(columns[index].becoming(made.api_name, module), is_made=True)
    columns[index] = replace(column, missing=ADD) if kind in _CHOICE_TYPES else column
    return keep_choices(source, module=module, choices=replace(choices_of(source), columns=columns))


def _options(kind: FieldType, cells: Sequence[str]) -> dict[str, Any]:
    if kind in _CHOICE_TYPES:
        parts = [part for cell in cells for part in (parts_of(cell) if kind == T.MULTIPICKLIST else [cell])]
        labels = [part for part in dict.fromkeys(parts) if len(part) <= LONGEST_CHOICE][:MOST_CHOICES]
        return {"choices": arranged([ChoiceRow("", label) for label in labels], [], {})}
    if kind in (T.DECIMAL, T.CURRENCY, T.PERCENT):
        places = [len(text.partition(".")[2]) for cell in cells if _BROKEN.fullmatch(text := cell.rstrip(" %％"))]
        return {"decimals": min(6, max(2, *places, 2))}
    return {}
