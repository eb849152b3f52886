"""Pick-list values that are not there yet: added, left empty or refused, as was chosen for their column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop

from kakehashi.core.fields.choices import find_choice
from kakehashi.core.fields.reasons import Reason, ValueRefused
from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.customise.abilities import has_free_choices
from kakehashi.crm.customise.choice_actions import LONGEST_CHOICE
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .candidates import Candidate
from .columns import ADD, LEAVE_EMPTY, Column, is_pick_list

LEFT_EMPTY = gettext_noop("“%(value)s” is not one of the choices and was left out.")


def may_add_choices(field: FieldSchema, module: ModuleSchema, access: CrmAccess) -> bool:
    """Whether a value that is not there yet can become a choice, as far as this person may change the field."""
    return access.may("customise_modules") and has_free_choices(module.api_name, field.api_name)


def resolve_choices(
    candidates: Sequence[Candidate], columns: Sequence[Column], module: ModuleSchema
) -> dict[str, list[str]]:
    """Turn labels into stored values. Answers the values that are to be added, by field."""
    new: dict[str, list[str]] = {}
    for column in columns:
        field = module.fields.get(column.field)
        if field is None or not is_pick_list(field):
            continue
        known: dict[str, str | None] = {}
        for candidate in candidates:
            if field.api_name in candidate.values and not candidate.reasons:
                _resolve(candidate, field, column, known)
        added = [value for value, stored in known.items() if stored is None] if column.missing == ADD else []
        if added:
            new[field.api_name] = added
    return new


def _resolve(candidate: Candidate, field: FieldSchema, column: Column, known: dict[str, str | None]) -> None:
    text = str(candidate.values[field.api_name])
    chosen = []
    for part in _parts(text, field):
        if part not in known:
            known[part] = _stored(part, field)
        if known[part] is not None or (column.missing == ADD and len(part) <= LONGEST_CHOICE):
            chosen.append(known[part] or part)
        elif column.missing == LEAVE_EMPTY:
            candidate.remarks[field.api_name] = Reason(LEFT_EMPTY, {"value": part[:40]})
        else:
            chosen.append(part)  # writing refuses it in its own words
    if chosen:
        candidate.values[field.api_name] = chosen if field.type == FieldType.MULTIPICKLIST else chosen[0]
    else:
        del candidate.values[field.api_name]


def _parts(text: str, field: FieldSchema) -> list[str]:
    if field.type != FieldType.MULTIPICKLIST:
        return [text]
    parts = text.replace("、", ";").replace("；", ";").replace("\n", ";").split(";")
    if len(parts) == 1 and _stored(text, field) is None:
        parts = text.replace("，", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def _stored(text: str, field: FieldSchema) -> str | None:
    try:
        return find_choice(text, field)
    except ValueRefused:
        return None


def with_choices(module: ModuleSchema, new: Mapping[str, Sequence[str]]) -> ModuleSchema:
    """The module as it will be once the values are added."""
    if not new:
        return module
    sections = tuple(
        replace(section, fields=tuple(_extended(field, new.get(field.api_name, ())) for field in section.fields))
        for section in module.sections
    )
    return replace(module, sections=sections)


def _extended(field: FieldSchema, values: Sequence[str]) -> FieldSchema:
    return replace(field, choices=(*field.choices, *(Choice(value, value) for value in values))) if values else field
