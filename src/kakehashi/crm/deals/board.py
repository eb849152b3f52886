"""The pipeline: deals as cards in the columns of their stages, in the place of the list's table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.crm.list_layouts.slots import ListLayout
from kakehashi.crm.list_views.requested import requested_records
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for
from kakehashi.crm.records.slots import marks_on

from .cards import cards_of
from .queries import SUMMED_DEALS, Column, Place, board_of, column_of
from .stages import STAGE, stage_named, stages_of

_TEMPLATES = "crm/deals/templates"
_MOST_PAGES = 25


def render_board(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, records: QuerySet[Record]
) -> SafeString:
    loaded = Counter(value for value in request.GET.getlist("loaded"))
    columns = board_of(module, records, {value: min(_MOST_PAGES, count + 1) for value, count in loaded.items()})
    context = {
        "columns": _shown(request, access, module, columns),
        "stages": stages_of(module),
        "is_summed": all(column.tally for column in columns),
        "summed_deals": SUMMED_DEALS,
        "shows_amount": "Amount" in module.fields,
        "currency": module.currency,
        "may_move": may_move(access, module),
        "address": request.get_full_path(),
        "module": module,
    }
    return mark_safe(render_to_string(f"{_TEMPLATES}/board.html", context, request))  # noqa: S308 - a template escapes


@require_GET
@crm_page
def cards(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """The next cards of a column, when somebody gets to its end."""
    module = access.schema[module_name]
    stage = stage_named(module, request.GET.get("column"))
    place = _read_place(request.GET.get("from", ""))
    if stage is None or place is None:
        raise NotFound
    records = requested_records(access, module, request.GET)
    column = column_of(records, stage, place)
    context = {"column": _shown(request, access, module, [column])[0], "may_move": may_move(access, module)}
    return render(request, f"{_TEMPLATES}/cards.html", {**context, "is_more": True})


def may_move(access: CrmAccess, module: ModuleSchema) -> bool:
    return access.may("edit_records", module) and not module.fields[STAGE].is_read_only


def _shown(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, columns: Sequence[Column]
) -> list[dict[str, Any]]:
    records = [record for column in columns for record in column.records]
    names, marks = names_for(records, module, access), marks_on(access, module, [record.pk for record in records])
    return [
        {
            "stage": column.stage,
            "tally": column.tally,
            "cards": cards_of(module, column.stage, column.records, names, marks),
            "more_url": _more_url(request, access, module, column),
        }
        for column in columns
    ]


def _more_url(request: HttpRequest, access: CrmAccess, module: ModuleSchema, column: Column) -> str:
    if column.more is None:
        return ""
    filters = [(name, value) for name, values in request.GET.lists() if name not in _OWN for value in values]
    place = f"{column.more[0]}:{column.more[1]}"
    query = urlencode([*filters, ("column", column.stage.value), ("from", place)])
    return f"{reverse('crm_board_cards', args=[access.org.pk, module.api_name])}?{query}"


_OWN = ("column", "from", "loaded", "layout")


def _read_place(text: str) -> Place | None:
    value, _colon, record_id = text.rpartition(":")
    return (value, int(record_id)) if is_id(record_id) else None


BOARD = ListLayout(
    key="board",
    label=pgettext_lazy("layout", "Board"),
    icon="layout-kanban",
    shows=lambda module: bool(stages_of(module)),
    render=render_board,
)
