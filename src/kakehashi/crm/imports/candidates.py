"""A row on its way to a draft: its cells by field, as the fields read them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import REQUIRED, Reason, ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema

from .cells import plain_cell, read_cell, without_honorific
from .columns import FULL_NAME, RECORD_ID, TAGS, Column, holds_several
from .reading import Row

TOO_MANY_CELLS = gettext_noop("This row has %(cells)s cells, the heading has %(columns)s.")
TAG_TOO_LONG = gettext_noop("The tag “%(value)s” is too long.")
_LONGEST_TAG = 60
_BETWEEN_TAGS = re.compile(r"[;；、\n]")
NO_NUMBER = gettext_noop("“%(value)s” is not a record id.")


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
        return not any(cell.strip() for cell in self.row.cells)


def read_candidate(row: Row, columns: Sequence[Column], module: ModuleSchema) -> Candidate:
    """The row's cells by field; empty ones are left out, so that they empty nothing."""
    candidate = Candidate(row)
    if row.problem:
        candidate.reasons[""] = row.problem
        return candidate
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        candidate.reasons[""] = Reason(TOO_MANY_CELLS, {"cells": len(row.cells), "columns": len(columns)})
        return candidate
    for column, cell in zip(columns, row.cells, strict=False):
        text = plain_cell(cell) if column.field else ""
        if text:
            _take(candidate, column, text, module)
    return candidate


def _take(candidate: Candidate, column: Column, text: str, module: ModuleSchema) -> None:
    text = without_honorific(text) if column.drops_honorific else text
    name = column.field
    if name == FULL_NAME:
        parts = split_name(text, module)
        candidate.values |= {key: part for key, part in parts.items() if key not in candidate.values}
    elif name == RECORD_ID:
        candidate.values[RECORD_ID] = text.lstrip("#")
        if not candidate.values[RECORD_ID].isdecimal():
            candidate.reasons[RECORD_ID] = Reason(NO_NUMBER, {"value": text[:40]})
    elif name == TAGS:
        _take_tags(candidate, text)
    elif name not in module.fields:
        candidate.values[name] = text  # the field went away meanwhile: writing says so
    else:
        try:
            value = read_cell(text, module.fields[name], column, is_japanese=module.language == "ja")
            before = candidate.values.get(name) if holds_several(name, module) else None
            candidate.values[name] = f"{before}\n{value}" if before else value
        except ValueRefused as refused:
            candidate.reasons[name] = refused.reason


def _take_tags(candidate: Candidate, text: str) -> None:
    names = [" ".join(part.split()) for part in _BETWEEN_TAGS.split(text)]
    candidate.tags += [name for name in names if fold(name)]
    if too_long := next((name for name in names if len(name) > _LONGEST_TAG), ""):
        candidate.reasons[TAGS] = Reason(TAG_TOO_LONG, {"value": too_long[:40]})


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
