"""A list of records: filtered, sorted, and read page by page from a place in the order, never by counting off rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from kakehashi.core.errors import Text
from kakehashi.core.estimates import estimated_rows
from kakehashi.core.filters.checking import problems_of, usable
from kakehashi.core.filters.definition import Filter
from kakehashi.core.keyset import Place, place_of, read_page, read_place, rows_beyond
from kakehashi.core.patience import TookTooLong, at_most
from kakehashi.crm.filters.sql import as_q
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.filters.viewers import viewer_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import converted_records, found_by, visible_records

from .choice import ListChoice
from .sort_indexes import ask_for_index
from .sort_keys import sort_key
from .views import View

PAGE_ROWS = 50
COUNTED_ROWS = 10_000
_SURE_ROWS = 1_000
_VERY_MANY = 50_000
_COLUMN_SORTS = {"name": "sort_name", "modified": "modified_at", "created": "created_at"}
_GLANCE_ROWS = 1_000
_GLANCE_MILLISECONDS = 300


@dataclass(frozen=True, slots=True)
class ListPage:
    records: Sequence[Record]
    total: int
    is_counted: bool  # False: there are more than `total`
    previous: str
    next: str


def list_records(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> ListPage:
    """One page. Two queries, however many records there are, and the planning of one for a filter; one, if they all stand on it."""
    records = chosen_records(access, module, choice)
    rows, name = _sortable_rows(records, module, choice.sort)
    page = read_page(
        rows,
        name,
        is_falling=choice.sort.startswith("-"),
        after=choice.after,
        before=choice.before,
        size=PAGE_ROWS,
    )
    most = COUNTED_ROWS if page.is_whole else _counted_rows(records, choice, name)
    if page.is_whole:
        total = len(page.rows)
    elif most < COUNTED_ROWS:  # walking the list, whose index the page has used, and not its filter's
        total = len(rows.order_by(F(name).desc(), F("pk").desc()).values_list("pk", flat=True)[: most + 1])
    else:
        total = _capped_count(records, most)
    if name == "sort_key" and total > COUNTED_ROWS:
        ask_for_index(module, choice.sort.removeprefix("-"))
    return ListPage(page.rows, min(total, most), total <= most, page.previous, page.next)


def _counted_rows(records: QuerySet[Record], choice: ListChoice, name: str) -> int:
    """Up to how many a list is counted. Of a filter that fits very many, the index would have to gather them all first."""
    is_filtered = bool(choice.filter or choice.quick)
    if not is_filtered or choice.text or name == "sort_key":
        return COUNTED_ROWS
    return _SURE_ROWS if estimated_rows(records) > _VERY_MANY else COUNTED_ROWS


def every_record(records: QuerySet[Record], module: ModuleSchema, sort: str, *, batch: int) -> Iterator[list[Record]]:
    """All records of a list in its order, batch by batch, however many there are."""
    rows, name = _sortable_rows(records, module, sort)
    place: Place | None = None
    while found := rows_beyond(rows, name, place, is_falling=sort.startswith("-"), most=batch):
        yield found
        place = read_place(place_of(found[-1], name))


def chosen_records(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> QuerySet[Record]:
    records = _records_of(access, module, choice.view)
    return filtered_records(access, module, [choice.filter, choice.quick], choice.text, records=records)


def filtered_records(
    access: CrmAccess,
    module: ModuleSchema,
    filters: Sequence[Filter],
    text: str = "",
    *,
    records: QuerySet[Record] | None = None,
) -> QuerySet[Record]:
    """The visible records, or those given, that fit all the filters and the words."""
    records = visible_records(access, module) if records is None else records
    if text:
        records = found_by(records, module, text)
    subjects = subjects_of(module)
    for asked in filters:
        if asked:
            fit = usable(asked, subjects)
            viewer = viewer_of(access, fit)
            records = records.filter(as_q(fit, subjects, viewer, module_id=module.id, org_id=module.org_id))
    return records


def filter_problems(module: ModuleSchema, choice: ListChoice) -> list[Text]:
    """What is wrong with the view's filter, in words."""
    return problems_of(choice.filter, subjects_of(module)) if choice.filter else []


def glance_count(access: CrmAccess, module: ModuleSchema, view: View) -> tuple[int, bool] | None:
    """(how many, whether that is all) of a view for a menu; None where the answer would take too long."""
    records = _records_of(access, module, view)
    try:
        with at_most(_GLANCE_MILLISECONDS, by_index=True):
            count = _capped_count(filtered_records(access, module, [view.filter], records=records), _GLANCE_ROWS)
    except TookTooLong:
        return None
    return min(count, _GLANCE_ROWS), count <= _GLANCE_ROWS


def _records_of(access: CrmAccess, module: ModuleSchema, view: View) -> QuerySet[Record]:
    return converted_records(access, module) if view.is_of_converted else visible_records(access, module)


def _capped_count(records: QuerySet[Record], most: int) -> int:
    return records.order_by().values("pk")[: most + 1].count()


def _sortable_rows(records: QuerySet[Record], module: ModuleSchema, sort: str) -> tuple[QuerySet[Record], str]:
    """The rows, and by which of their attributes they are sorted."""
    key = sort.removeprefix("-")
    rows = records.select_related("owner")
    if key in _COLUMN_SORTS:
        return rows, _COLUMN_SORTS[key]
    return rows.annotate(sort_key=sort_key(module, key)), "sort_key"


def neighbours(access: CrmAccess, module: ModuleSchema, record: Record) -> tuple[int | None, int | None]:
    """The ids of the records before and after this one, newest first."""
    ids = visible_records(access, module).order_by()
    newer = ids.filter(pk__gt=record.pk).order_by("pk").values_list("pk", flat=True).first()
    older = ids.filter(pk__lt=record.pk).order_by("-pk").values_list("pk", flat=True).first()
    return newer, older
