"""What became of the rows of an import, put into words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.reasons import reason_from_json
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.queries import person_names, visible_records
from kakehashi.ui.templatetags.ui_lists import Filter

from .columns import TAGS
from .models import Import, ImportRow, ImportState, NamedRecord, RowState, UndoState
from .running import COUNTERS

ROWS_PER_PAGE = 50
_SHOWN_KEPT = 100
TONES = {
    RowState.CREATED: "green",
    RowState.UPDATED: "blue",
    RowState.SKIPPED: "grey",
    RowState.AMBIGUOUS: "amber",
    RowState.FAILED: "red",
}
_BEFORE_THE_RUN = (ImportState.MAPPING, ImportState.CHECKING, ImportState.CHECKED)


@dataclass(frozen=True, slots=True)
class ShownChange:
    label: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    state: str
    state_label: Text
    tone: str
    sentences: Sequence[str]
    cells: str
    record_name: str = ""
    url: str = ""
    changes: Sequence[ShownChange] = ()
    records: Sequence[tuple[str, str]] = field(default_factory=list)  # (name, address) of those that may be meant


def state_labels(source: Import) -> dict[RowState, str]:
    """In the words of the dry run before the import is started, of the result after."""
    if source.state in _BEFORE_THE_RUN:
        return {
            RowState.CREATED: _("To create"),
            RowState.UPDATED: _("To update"),
            RowState.SKIPPED: _("To skip"),
            RowState.AMBIGUOUS: _("Unclear"),
            RowState.FAILED: _("Would fail"),
        }
    return {
        RowState.CREATED: _("Created"),
        RowState.UPDATED: _("Updated"),
        RowState.SKIPPED: _("Skipped"),
        RowState.AMBIGUOUS: _("Unclear"),
        RowState.FAILED: _("Failed"),
    }


def shown_rows(source: Import, rows: Iterable[ImportRow], access: CrmAccess, module: ModuleSchema) -> list[ShownRow]:
    rows = list(rows)
    meant = {row.pk: _meant(row) for row in rows}
    wanted = {row.record_id for row in rows if row.record_id} | {one for ids in meant.values() for one in ids}
    seen = dict(visible_records(access, module).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    names = _names_in(rows, access, module)
    labels = state_labels(source)
    return [
        ShownRow(
            row.number,
            row.state,
            labels[RowState(row.state)],
            TONES[RowState(row.state)],
            sentences_of(row, module),
            ", ".join(str(cell) for cell in row.cells or [] if str(cell).strip())[:160],
            seen.get(row.record_id or 0, ""),
            _url(access, module, row.record_id) if row.record_id in seen else "",
            [
                _change(name, old, new, module, names)
                for name, (old, new) in (row.changes or {}).items()
                if name in module.fields or name == TAGS
            ],
            [(seen[one], _url(access, module, one)) for one in meant[row.pk] if one in seen],
        )
        for row in rows
    ]


def sentences_of(row: ImportRow, module: ModuleSchema) -> list[str]:
    return [_sentence(reason, module) for reason in row.reasons]


def _meant(row: ImportRow) -> list[int]:
    return [record_id for reason in row.reasons for record_id in reason[2].get("records", ())]


def _url(access: CrmAccess, module: ModuleSchema, record_id: int | None) -> str:
    return reverse("crm_record", args=[access.org.pk, module.api_name, record_id])


def _names_in(rows: Sequence[ImportRow], access: CrmAccess, module: ModuleSchema) -> Names:
    """What the ids in the changes are called: as far as this person may see them."""
    people = {value for value in _values(rows, module, (FieldType.OWNER,)) if isinstance(value, int)}
    records: dict[int, str] = {}
    for lookup in module.lookups:
        ids = {
            value for row in rows for value in (row.changes or {}).get(lookup.api_name, ()) if isinstance(value, int)
        }
        if ids and lookup.lookup_module in access.schema:
            target = access.schema[lookup.lookup_module]
            records |= dict(visible_records(access, target).filter(pk__in=ids).values_list("pk", "name"))
    return Names(records, person_names(people), module.currency)


def _values(rows: Sequence[ImportRow], module: ModuleSchema, types: Sequence[FieldType]) -> Iterable[Any]:
    names = {schema.api_name for schema in module.fields_of(*types)}
    return (value for row in rows for name in names for value in (row.changes or {}).get(name, ()))


def _change(name: str, old: Any, new: Any, module: ModuleSchema, names: Names) -> ShownChange:
    if name == TAGS:
        return ShownChange(_("Tags"), "", ", ".join(new))
    return ShownChange(
        module.fields[name].label,
        _display(name, old, module, names),
        _display(name, new, module, names),
    )


def _display(name: str, value: Any, module: ModuleSchema, names: Names) -> str:
    schema = module.fields[name]
    if value is None:
        return ""
    if isinstance(value, str) and schema.type == FieldType.LOOKUP:
        return value  # a record that would be made: it has a name, no id
    return KINDS[schema.type].display(value, schema, names)


def page_of_rows(source: Import, state: str, number: str) -> Page[ImportRow]:
    rows = ImportRow.objects.filter(source=source)
    rows = rows.filter(state=state) if state else rows
    return Paginator(rows.order_by("number"), ROWS_PER_PAGE).get_page(number)


def counters(source: Import, state: str, url: str) -> list[Filter]:
    """How many rows ended how; each shows its rows."""
    labels = state_labels(source)
    counts = {key: getattr(source, name) for key, name in COUNTERS.items()}
    return [
        Filter(_("All"), url, sum(counts.values()), is_current=not state),
        *(
            Filter(labels[key], f"{url}?state={key}", count, key == state, key == RowState.FAILED and count > 0)
            for key, count in counts.items()
        ),
    ]


def kept_records(source: Import, access: CrmAccess, module: ModuleSchema) -> list[tuple[str, str]]:
    """(name, address) of records that taking the import back left alone, the first of them, as far as this person may see them."""
    rows = ImportRow.objects.filter(source=source, undo=UndoState.KEPT).order_by("number")[:_SHOWN_KEPT]
    named = NamedRecord.objects.filter(source=source, undo=UndoState.KEPT).order_by("pk")[:_SHOWN_KEPT]
    ids: dict[int, list[int]] = {module.id: [row.record_id for row in rows if row.record_id]}
    for row in named:
        ids.setdefault(row.module_id, []).append(row.record_id)
    return [
        (name, _url(access, access.schema.by_id[module_id], record_id))
        for module_id, wanted in ids.items()
        if module_id in access.schema.by_id
        for record_id, name in visible_records(access, access.schema.by_id[module_id])
        .filter(pk__in=wanted)
        .order_by("pk")
        .values_list("pk", "name")
    ][:_SHOWN_KEPT]


def undo_labels() -> Mapping[str, str]:
    return {
        UndoState.BINNED: _("Moved to the recycle bin"),
        UndoState.RESTORED: _("Old values are back"),
        UndoState.KEPT: _("Changed since, kept"),
        UndoState.GONE: _("Deleted before"),
    }


def _sentence(reason: Sequence[Any], module: ModuleSchema) -> str:
    name = str(reason[0])
    sentence = str(reason_from_json(list(reason[1:])))
    schema = module.fields.get(name)
    return f"{schema.label}: {sentence}" if schema else sentence


def state_pill(source: Import) -> tuple[Text, str]:
    """(words, tone) for where an import stands."""
    return {
        ImportState.MAPPING: (_("Not started"), "grey"),
        ImportState.CHECKING: (_("Checking"), "blue"),
        ImportState.CHECKED: (_("Checked"), "amber"),
        ImportState.RUNNING: (_("Running"), "blue"),
        ImportState.STOPPED: (_("Stopped"), "amber"),
        ImportState.FINISHED: (_("Done"), "green"),
        ImportState.FAILED: (_("Failed"), "red"),
        ImportState.UNDOING: (_("Taking back"), "blue"),
        ImportState.UNDONE: (_("Taken back"), "grey"),
    }[ImportState(source.state)]
