"""Files about an import: every row with its result, and the rows that were not taken, ready to be corrected and imported again."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kakehashi.core.spreadsheets import BYTE_ORDER_MARK, csv_lines
from kakehashi.crm.modules.schema import ModuleSchema

from .models import Import, ImportRow, RowState
from .reading import data_rows, read_heading
from .results import sentences_of, state_labels
from .running import layout_of

_NOT_TAKEN = (RowState.FAILED, RowState.AMBIGUOUS)


def failed_lines(source: Import, module: ModuleSchema) -> Iterator[str]:
    """The rows that were not taken as they were, each with its reasons. With a BOM, so that Excel reads it as UTF-8."""
    headers = _headers(source)
    yield BYTE_ORDER_MARK + csv_lines([[*headers, _("Row"), _("Reason")]])
    rows = ImportRow.objects.filter(source=source, state__in=_NOT_TAKEN).order_by("number")
    for row in rows.iterator(chunk_size=500):
        cells = _padded([str(cell) for cell in row.cells or []], len(headers))
        yield csv_lines([[*cells, str(row.number), " ".join(sentences_of(row, module))]])


def result_lines(source: Import, module: ModuleSchema, address: str) -> Iterator[str]:
    """Every row of the file in its order. `address` is that of a record, with "{}" in place of its id."""
    headers = _headers(source)
    labels = state_labels(source)
    yield BYTE_ORDER_MARK + csv_lines([[*headers, _("Row"), _("Result"), _("Reason"), _("Record id"), _("URL")]])
    results = ImportRow.objects.filter(source=source).order_by("number").iterator(chunk_size=500)
    result = next(results, None)
    for row in data_rows(layout_of(source)):
        if result is None:
            return
        if row.number != result.number:
            continue
        record_id = str(result.record_id or "")
        cells = [
            *_padded(row.cells, len(headers)),
            str(row.number),
            labels[RowState(result.state)],
            " ".join(sentences_of(result, module)),
            record_id,
            address.format(record_id) if record_id else "",
        ]
        yield csv_lines([cells])
        result = next(results, None)


def _headers(source: Import) -> list[str]:
    headers = read_heading(layout_of(source))
    return [header or _("Column %(number)s") % {"number": place} for place, header in enumerate(headers, start=1)]


def _padded(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))
