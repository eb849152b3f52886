"""A row on its way to a draft: its cells by field, as the fields read them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import REQUIRED, Reason, ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.ids import is_id
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema

from .cells import plain_cell, reader_of, without_honorific
from .columns import FULL_NAME, RECORD_ID, TAGS, Column, holds_several
from .reading import Row

TOO_MANY_CELLS = gettext_noop("This row has %(cells)s cells, the heading has %(columns)s.")
TAG_TOO_LONG = gettext_noop("The tag “%(value)s” is too long.")
_LONGEST_TAG = 60
_BETWEEN_TAGS = re.compile(r"[;；、\n]")
NO_NUMBER = gettext_noop("“%(value)s” is not a record id.")

Reader = Callable[[str], str] | None


@dataclass(slots=True, eq=False)
class Candidate:
    """Two are the same only if they are one row."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)  # why it cannot be taken
    remarks: dict[str, Reason] = field(default_factory=dict)  # what was left out of a row that can
    named: dict[str, str] = field(default_factory=dict)  # lookup field -> a record that is to be made
    tags: list[str] = field(default_factory=list)
    record_id: int | None = None
    keys: list[int] = field(default_factory=list)  # digests of what the row is recognised by
    is_ambiguous: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.row.cells))


class RowReader:
    """Reads the rows of one file. What each column needs is settled once: a file has many more rows than columns."""

    def __init__(self, columns: Sequence[Column], module: ModuleSchema) -> None:
        self._width, self._module = len(columns), module
        self._places = [
            (place, column, _reader(column, module), holds_several(column.field, module))
            for place, column in enumerate(columns)
            if column.field
        ]

    def read(self, row: Row) -> Candidate:
        """The row's cells by field; empty ones are left out, so that they empty nothing."""
        candidate, cells = Candidate(row), row.cells
        if row.problem:
            candidate.reasons[""] = row.problem
        elif any(map(str.strip, cells[self._width :])):
            candidate.reasons[""] = Reason(TOO_MANY_CELLS, {"cells": len(cells), "columns": self._width})
        else:
            for place, column, reader, is_several in self._places:
                if place < len(cells) and (text := plain_cell(cells[place])):
                    self._take(candidate, column, text, reader, is_several=is_several)
        return candidate

    def _take(self, candidate: Candidate, column: Column, text: str, reader: Reader, *, is_several: bool) -> None:
        name = column.field
        text = without_honorific(text) if column.drops_honorific else text
        if name in _NO_FIELDS:
            _NO_FIELDS[name](candidate, text, self._module)
            return
        try:
            value = reader(text) if reader else text
        except ValueRefused as refused:
            candidate.reasons[name] = refused.reason
            return
        before = candidate.values.get(name) if is_several else None
        candidate.values[name] = f"{before}\n{value}" if before else value


def _reader(column: Column, module: ModuleSchema) -> Reader:
    """None for a field that went away meanwhile, too: writing says so."""
    field = module.fields.get(column.field)
    return reader_of(field, column, is_japanese=module.language == "ja") if field else None


def _take_full_name(candidate: Candidate, text: str, module: ModuleSchema) -> None:
    parts = split_name(text, module)
    candidate.values |= {key: part for key, part in parts.items() if key not in candidate.values}


def _take_number(candidate: Candidate, text: str, module: ModuleSchema) -> None:
    candidate.values[RECORD_ID] = text.lstrip("#")
    if not is_id(candidate.values[RECORD_ID]):
        candidate.reasons[RECORD_ID] = Reason(NO_NUMBER, {"value": text[:40]})


def _take_tags(candidate: Candidate, text: str, module: ModuleSchema) -> None:
    names = [" ".join(part.split()) for part in _BETWEEN_TAGS.split(text)]
    candidate.tags += [name for name in names if fold(name)]
    if too_long := next((name for name in names if len(name) > _LONGEST_TAG), ""):
        candidate.reasons[TAGS] = Reason(TAG_TOO_LONG, {"value": too_long[:40]})


_NO_FIELDS = {FULL_NAME: _take_full_name, RECORD_ID: _take_number, TAGS: _take_tags}


def split_name(text: str, module: ModuleSchema) -> dict[str, str]:
    """「相沢　美咲」 is family name first; "Jane Doe" and "Doe, Jane" are not alike. A name without a space is a family name."""
    family, comma, given = text.partition(",")
    if comma and family.strip() and given.strip():
        return {"Last_Name": family.strip(), "First_Name": given.strip()}
    parts = text.replace("\u3000", " ").split()
    if len(parts) < 2:
        return {"Last_Name": text}
    is_family_first = module.language == "ja" and not text.isascii()
    if is_family_first:
        return {"Last_Name": parts[0], "First_Name": " ".join(parts[1:])}
    return {"Last_Name": parts[-1], "First_Name": " ".join(parts[:-1])}


def refuse_wrong_values(candidate: Candidate, module: ModuleSchema, values: Mapping[str, Any]) -> None:
    """Look at the values before something else is made for them: a row that fails must not leave an account behind."""
    for name, value in values.items():
        if name in module.fields and name not in candidate.named:
            try:
                KINDS[module.fields[name].type].clean(value, module.fields[name])
            except ValueRefused as refused:
                candidate.reasons[name] = refused.reason
    if candidate.record_id is None:
        for schema in module.required:
            is_given = schema.api_name in values or schema.api_name in candidate.named
            if not is_given and "default" not in schema.options:
                candidate.reasons.setdefault(schema.api_name, REQUIRED)
