"""Changes of a module's fields. Each of them leaves every stored value where it is, until somebody purges a removed field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import schema_of

from .abilities import (
    CHOICE_TYPES,
    CONVERSIONS,
    conversion_refusal,
    may_be_required,
)
from .choices import Entry, dropped, replaced
from .jobs import number_records, renew_records, replace_chosen
from .locking import changed, locked_field, locked_module, tell
from .naming import field_name_problem, suggested_name
from .standing import count_choices, empty_records
from .uniqueness import build_keys

WORDS = {
    "label": gettext_noop("Label"),
    "help_text": gettext_noop("Help text"),
    "is_required": gettext_noop("Required"),
    "is_unique": gettext_noop("Unique"),
    "is_hidden": gettext_noop("Hidden"),
    "section": gettext_noop("Section"),
    "type": gettext_noop("Type"),
    "options": gettext_noop("Options"),
}
MOST_FIELDS = 300


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """What an administrator typed for a field. `replacements`: the new value for each deleted choice that is in use."""

    label: str
    help_text: str = ""
    is_required: bool = False
    is_unique: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    accepts_gaps: bool = False  # required from now on, though records that are there have nothing in it


@transaction.atomic
def create_field(
    module: Module,
    *,
    draft: FieldDraft,
    kind: FieldType,
    section: str,
    api_name: str = "",
    start: int = 1,
    actor: Actor,
) -> Field:
    """A field of the org's own, last of its section. Raises `InvalidValues`."""
    module = locked_module(module)
    taken = taken_names(module)
    if len(taken) >= MOST_FIELDS:
        raise InvalidValues({"label": _("A module has at most %(count)s fields.") % {"count": MOST_FIELDS}})
    api_name = api_name or suggested_name(draft.label, taken | {"name"}, fallback="Field")
    if problem := field_name_problem(api_name, taken):
        raise InvalidValues({"api_name": problem})
    if draft.is_required and not draft.accepts_gaps:
        _refuse_gaps(Field(org=module.org, module=module, api_name=api_name, type=kind))
    made = Field.objects.create(
        org=module.org,
        module=module,
        api_name=api_name,
        label=draft.label,
        type=kind,
        is_required=draft.is_required,
        is_unique=draft.is_unique,
        help_text=draft.help_text,
        options=dict(draft.options),
        section=section,
        position=_last_position(module) + 1,
        next_number=start,
    )
    tell(made, "created", actor, label=made.label, type=made.type)
    if kind == FieldType.FORMULA:
        renew_records.defer(module_id=module.pk)
    if kind == FieldType.AUTONUMBER:
        number_records.defer(field_id=made.pk)
    return made


def taken_names(module: Module) -> set[str]:
    """In small letters; removed fields keep theirs, and with them their values."""
    return {name.lower() for name in Field.objects.filter(module=module).values_list("api_name", flat=True)}


@transaction.atomic
def change_field(field: Field, *, draft: FieldDraft, version: int | None = None, actor: Actor) -> Field:
    """Label, help, rules and options. Raises `StaleVersion`; `InvalidValues` when records stand in the way."""
    field = locked_field(field, version)
    entries = _choices_left(field, draft)
    values = {
        "label": draft.label,
        "help_text": draft.help_text,
        "is_required": draft.is_required if may_be_required(field) else field.is_required,
        "is_unique": draft.is_unique if field.is_custom else field.is_unique,
    }
    if values["is_required"] and not field.is_required and not draft.accepts_gaps:
        _refuse_gaps(field)
    was_unique, options = field.is_unique, dict(field.options)
    changes = changed(field, values, WORDS)
    field.options = {**draft.options, **({"choices": entries} if entries is not None else {})}
    changes |= _option_changes(options, field.options)
    if not changes:
        return field
    field.version += 1
    field.save()
    if field.is_unique != was_unique:
        build_keys(field)
    tell(field, "updated", actor, label=said(field), changes=changes)
    if options.get("expression") != field.options.get("expression") or options.get("decimals") != field.options.get(
        "decimals"
    ):
        renew_records.defer(module_id=field.module_id)
    if draft.replacements:
        replace_chosen.defer(field_id=field.pk)
    return field


def _choices_left(field: Field, draft: FieldDraft) -> list[Entry] | None:
    """The choices to store. One that is in use and was deleted needs a replacement."""
    if field.type not in CHOICE_TYPES or "choices" not in draft.options:
        return None
    before, entries = field.options.get("choices", []), list(draft.options["choices"])
    in_use = count_choices(field, dropped(entries, before))
    kept = {entry["value"] for entry in entries} | {""}
    if any(draft.replacements.get(value) not in kept for value in in_use):
        raise InvalidValues({"choices": _("Records hold a choice that you deleted. Say what they get instead.")})
    return replaced(entries, before, {value: draft.replacements[value] for value in in_use})


def _refuse_gaps(field: Field) -> None:
    count = empty_records(field).count()
    if count:
        said = ngettext("%(count)s record has nothing here.", "%(count)s records have nothing here.", count)
        raise InvalidValues({"is_required": said % {"count": count}})


def _option_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = sorted({*before, *after})
    changes = {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}
    if "choices" in changes:
        changes["choices"] = [", ".join(_labels(entries)) for entries in changes["choices"]]
    return changes


def _labels(entries: list[Entry] | None) -> list[str]:
    return [str(entry.get("label") or entry["value"]) for entry in entries or ()]


@transaction.atomic
def change_type(field: Field, *, to: FieldType, version: int | None = None, actor: Actor) -> Field:
    """Another type that loses nothing: stored values are rewritten in this transaction. Raises `InvalidValues`, `StaleVersion`."""
    field = locked_field(field, version)
    if refusal := conversion_refusal(field, to):
        raise InvalidValues({"type": refusal})
    if field.type == FieldType.PICKLIST and to == FieldType.TEXT:
        _store_labels(field)
    _rewrite(field, CONVERSIONS[FieldType(field.type)][to])
    was_default = field.options.get("default")
    keeps = {"default", "decimals", "lookup", *(["choices"] if to in CHOICE_TYPES else [])}
    options = {name: value for name, value in field.options.items() if name in keeps}
    if to in (FieldType.MULTIPICKLIST, FieldType.MULTILOOKUP) and was_default is not None:
        options.pop("default")
    changes = changed(field, {"type": to.value, "options": options}, {**WORDS, "options": "options"})
    changes.pop("options", None)
    field.version += 1
    field.save()
    tell(field, "updated", actor, label=said(field), changes=changes)
    renew_records.defer(module_id=field.module_id)
    return field


def _store_labels(field: Field) -> None:
    """A pick list that becomes text says what people read, not what was stored for it."""
    schema = schema_of(field.org).by_id[field.module_id].fields[field.api_name]
    for choice in (*schema.choices, *schema.retired_choices):
        if str(choice.label) != choice.value:
            with connection.cursor() as cursor:
                cursor.execute(
                    'UPDATE crm_record SET "values" = jsonb_set("values", ARRAY[%s], to_jsonb(%s::text)) '
                    'WHERE module_id = %s AND "values" ->> %s = %s',
                    [field.api_name, str(choice.label), field.module_id, field.api_name, choice.value],
                )


def _rewrite(field: Field, expression: str) -> None:
    if expression == "value":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE crm_record SET "values" = jsonb_set("values", ARRAY[%s], '  # noqa: S608 - one of our own expressions
            f'(SELECT {expression} FROM (SELECT "values" -> %s AS value) AS one)) '
            f'WHERE module_id = %s AND "values" ? %s',
            [field.api_name, field.api_name, field.module_id, field.api_name],
        )


@transaction.atomic
def place_field(field: Field, *, section: str, before: Field | None, actor: Actor) -> Field:
    """Into a section, before another field or last of it."""
    field = locked_field(field)
    others = list(Field.objects.filter(module=field.module).exclude(pk=field.pk).order_by("position", "id"))
    place = next((index for index, other in enumerate(others) if before and other.pk == before.pk), None)
    if place is None:
        inside = [index for index, other in enumerate(others) if other.section == section]
        place = inside[-1] + 1 if inside else len(others)
    changes = changed(field, {"section": section}, WORDS)
    others.insert(place, field)
    was = field.position
    for position, other in enumerate(others, start=1):
        other.position = position
    Field.objects.bulk_update(others, ["position", "section"])
    changes |= {gettext_noop("Order"): [was, field.position]} if was != field.position else {}
    if changes:
        tell(field, "ordered", actor, label=said(field), changes=changes)
    return field


def _last_position(module: Module) -> int:
    return Field.objects.filter(module=module).order_by("-position").values_list("position", flat=True).first() or 0


def save_field(field: Field, changes: dict[str, list[Any]], actor: Actor) -> Field:
    if changes:
        field.version = F("version") + 1
        field.save()
        field.refresh_from_db()
        tell(field, "updated", actor, label=said(field), changes=changes)
    return field


def said(field: Field) -> str:
    return field.label or field.api_name
