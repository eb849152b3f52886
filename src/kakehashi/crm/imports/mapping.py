"""What the mapping page shows: each column with samples, what it becomes and why, and what is still missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .actions import Choices, choices_of, missing_fields
from .choices import may_add_choices
from .columns import (
    ADD,
    CREATE,
    DAY_FIRST,
    FULL_NAME,
    LEAVE_EMPTY,
    MONTH_FIRST,
    RECORD_ID,
    REFUSE,
    TAGS,
    YEAR_FIRST,
    Column,
    is_date,
    is_link,
    is_pick_list,
    loses_zeros,
    names_people,
    targets,
)
from .forms import MOST_MATCH_FIELDS
from .guessing import BY_CELLS, BY_NAME, BY_PAST
from .links import can_be_named
from .matching import ANY_EMAIL, ANY_PHONE, NAME, match_choices
from .models import Import
from .reading import read_samples
from .running import layout_of

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp_ext": "ISO-2022-JP",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
}
_SAMPLES = 3


def mapping_context(
    source: Import, module: ModuleSchema, access: CrmAccess, refusals: Mapping[str, Text]
) -> dict[str, Any]:
    choices = choices_of(source)
    samples = read_samples(layout_of(source), 20)
    columns = [_shown(index, column, samples, module, access, refusals) for index, column in enumerate(choices.columns)]
    return {
        "source": source,
        "module": module,
        "columns": columns,
        "targets": [(name, target_label(name, module), _is_required(name, module)) for name in targets(module)],
        "missing": [
            (module.fields[name], refusals.get(f"missing-{name}", "")) for name in missing_fields(choices, module)
        ],
        "match_places": _match_places(choices, module),
        "encodings": ENCODINGS.items(),
        "encoding": ENCODINGS.get(source.encoding, source.encoding),
        "delimiters": [(",", _("Comma")), ("\t", _("Tab")), (";", _("Semicolon"))],
        "refusals": refusals,
        "is_from_past": any(column.why == BY_PAST for column in choices.columns),
        "may_make_fields": access.may("customise_modules"),
        "left_out": sum(1 for column in choices.columns if not column.field),
    }


def _shown(
    index: int,
    column: Column,
    samples: Sequence[Sequence[str]],
    module: ModuleSchema,
    access: CrmAccess,
    refusals: Mapping[str, Text],
) -> dict[str, Any]:
    cells = [row[index] for row in samples if index < len(row) and row[index]]
    field = module.fields.get(column.field)
    return {
        "index": index,
        "header": column.header or _("Column %(number)s") % {"number": index + 1},
        "samples": list(dict.fromkeys(cells))[:_SAMPLES],
        "column": column,
        "why": _why(column),
        "refusal": refusals.get(f"column-{index}", ""),
        "missing_choices": _missing_choices(column, module, access),
        "orders": _orders() if field and is_date(field) else [],
        "asks_honorific": names_people(column.field, module),
        "asks_zero": bool(field and loses_zeros(field) and module.language == "ja"),
    }


def target_label(name: str, module: ModuleSchema) -> Text:
    if name == FULL_NAME:
        return _("Full name (last and first name)")
    if name == TAGS:
        return _("Tags")
    return _("Record id") if name == RECORD_ID else module.fields[name].label


def _is_required(name: str, module: ModuleSchema) -> bool:
    return name in module.fields and module.fields[name].is_required


def _why(column: Column) -> str:
    if not column.field:
        return ""
    if column.is_made:
        return _("Made from this column")
    reasons = {
        BY_NAME: _("Recognised by its name"),
        BY_CELLS: _("Recognised by its values"),
        BY_PAST: _("As in an earlier import"),
    }
    return reasons.get(column.why, _("Chosen by you"))


def _missing_choices(column: Column, module: ModuleSchema, access: CrmAccess) -> list[tuple[str, str]]:
    """What can happen to a value that is not there yet."""
    field = module.fields.get(column.field)
    if field is None:
        return []
    leave, refuse = (LEAVE_EMPTY, _("Leave the field empty")), (REFUSE, _("Refuse the row"))
    if is_pick_list(field):
        add = [(ADD, _("Add to the list"))] if may_add_choices(field, module, access) else []
        return [refuse, leave, *add]
    if is_link(field) and field.lookup_module in access.schema:
        target = access.schema[field.lookup_module]
        may_create = field.type == FieldType.LOOKUP and can_be_named(target) and access.may("create_records", target)
        create = _("Create it under %(module)s") % {"module": target.plural}
        return [*([(CREATE, create)] if may_create else []), leave, refuse]
    if field.type == FieldType.OWNER:
        return [refuse, (LEAVE_EMPTY, _("You become the owner") if field.api_name == "Owner" else leave[1])]
    return []


def _orders() -> list[tuple[str, str]]:
    return [
        (YEAR_FIRST, _("Year first (2026/11/25)")),
        (DAY_FIRST, _("Day first (25/11/2026)")),
        (MONTH_FIRST, _("Month first (11/25/2026)")),
    ]


def match_label(choice: str, module: ModuleSchema) -> Text:
    if choice in module.fields:
        return module.fields[choice].label
    return {
        ANY_EMAIL: _("Any e-mail address of the record"),
        ANY_PHONE: _("Any phone number of the record"),
        NAME: _("Name of the record"),
        RECORD_ID: _("Record id"),
    }[choice]


def _match_places(choices: Choices, module: ModuleSchema) -> list[dict[str, Any]]:
    """One place per chosen key and one more."""
    offered = [(choice, match_label(choice, module)) for choice in match_choices(module)]
    count = min(MOST_MATCH_FIELDS, len(choices.match_fields) + 1)
    chosen = [*choices.match_fields, ""]
    return [
        {
            "place": place,
            "chosen": chosen[place],
            "choices": [
                entry for entry in offered if entry[0] == chosen[place] or entry[0] not in choices.match_fields
            ],
        }
        for place in range(count)
    ]
