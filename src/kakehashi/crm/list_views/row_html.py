"""A line of a list as HTML. A page shows fifty of them: a template for each would take half of the page's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RecordMark
from kakehashi.crm.sales_signals.marks import Mark

from .cell_html import cell_html
from .cells import Cell

_CHOICE = (
    '<td class="k-check-cell"><input class="form-check-input" type="checkbox" name="selected" form="chosen-rows" '
    'value="{id}" aria-label="{label}"></td>'
)
_SIGNALS = "crm/sales_signals/templates/row_mark.html"
_MARKS = "crm/list_views/templates/record_marks.html"


@dataclass(frozen=True, slots=True)
class ListRow:
    """`is_live` shows itself anew when its record changes; `mark` says what is unread of it, `marks` what else is to be known at a glance."""

    record: Record
    url: str
    cells: Sequence[Cell]
    mark: Mark
    marks: Sequence[RecordMark]
    is_live: bool


def row_html(row: ListRow, *, org_id: int, columns_text: str, may_choose: bool) -> SafeString:
    """The whole `<tr>`; `columns_text` says with which columns it is asked for again."""
    name, url = escape(row.record.name), escape(row.url)
    cells = "".join(map(cell_html, row.cells))
    return mark_safe(  # noqa: S308 - of what is escaped
        f"<tr{_live(row, url, columns_text)}>{_choice(row.record) if may_choose else ''}"
        f'<td><a href="{url}">{name}</a>{_signals(row.mark, org_id)}{_marks(row.marks)}</td>{cells}</tr>\n'
    )


def _live(row: ListRow, url: str, columns_text: str) -> str:
    if not row.is_live:
        return ""
    again = f"{url}row?columns={escape(columns_text)}"
    return f' data-live="crm.record:{row.record.pk}" hx-get="{again}" hx-trigger="live" hx-swap="outerHTML"'


def _choice(record: Record) -> str:
    return _CHOICE.format(id=record.pk, label=escape(_("Choose %(name)s") % {"name": record.name}))


def _signals(mark: Mark, org_id: int) -> str:
    if not mark.count:
        return f'<span class="k-signal-mark" id="signal-mark-{mark.record_id}"></span>'
    return render_to_string(_SIGNALS, {"mark": mark, "org_id": org_id})


def _marks(marks: Sequence[RecordMark]) -> str:
    return render_to_string(_MARKS, {"marks": marks}) if marks else ""
