"""What became of the rows of an import, put into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.crm.fields.reasons import reason_from_json
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.queries import record_names
from kakehashi.ui.templatetags.ui_lists import Filter

from .models import Import, ImportRow, RowState

ROWS_PER_PAGE = 50
TONES = {RowState.CREATED: "green", RowState.UPDATED: "blue", RowState.SKIPPED: "grey", RowState.FAILED: "red"}


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

    @classmethod
    def of(cls, row: ImportRow, module: ModuleSchema, name: str = "", url: str = "") -> "ShownRow":
        state = RowState(row.state)
        return cls(
            row.number,
            row.state,
            state_labels()[state],
            TONES[state],
            [_sentence(reason, module) for reason in row.reasons],
            ", ".join(str(cell) for cell in row.cells or [] if str(cell).strip())[:160],
            name,
            url,
        )


def state_labels() -> dict[RowState, str]:
    return {
        RowState.CREATED: _("Created"),
        RowState.UPDATED: _("Updated"),
        RowState.SKIPPED: _("Skipped"),
        RowState.FAILED: _("Failed"),
    }


def shown_rows(rows: Iterable[ImportRow], access: CrmAccess, module: ModuleSchema) -> list[ShownRow]:
    rows = list(rows)
    names = record_names(access.org.pk, {row.record_id for row in rows if row.record_id})
    return [
        ShownRow.of(
            row,
            module,
            names.get(row.record_id or 0, ""),
            reverse("crm_record", args=[access.org.pk, module.api_name, row.record_id])
            if row.record_id in names
            else "",
        )
        for row in rows
    ]


def page_of_rows(source: Import, state: str, number: str) -> Page[ImportRow]:
    """Failed and skipped rows first when nothing was chosen: they are what a person came for."""
    rows = ImportRow.objects.filter(source=source)
    rows = rows.filter(state=state) if state else rows
    return Paginator(rows.order_by("number"), ROWS_PER_PAGE).get_page(number)


def pills(source: Import, state: str, url: str) -> list[Filter]:
    counts = {
        RowState.CREATED: source.created_count,
        RowState.UPDATED: source.updated_count,
        RowState.SKIPPED: source.skipped_count,
        RowState.FAILED: source.failed_count,
    }
    labels = state_labels()
    return [
        Filter(_("All"), url, sum(counts.values()), is_current=not state),
        *(
            Filter(labels[key], f"{url}?state={key}", count, key == state, is_late=key == RowState.FAILED)
            for key, count in counts.items()
        ),
    ]


def _sentence(reason: Sequence[object], module: ModuleSchema) -> str:
    name = str(reason[0])
    sentence = str(reason_from_json(list(reason[1:])))
    field = module.fields.get(name)
    return f"{field.label}: {sentence}" if field else sentence
