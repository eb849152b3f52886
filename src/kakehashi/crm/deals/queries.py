"""Deals by what their stage means, and the columns of the board."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import DecimalField, F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records

from .stages import MODULE, STAGE, Stage, StageType, all_stages, stages_of, values_of_type

COLUMN_CARDS = 20
SUMMED_DEALS = 100_000
_SUMS = "SELECT stage, count(*), coalesce(sum(amount), 0)"
_LATEST = "9999-12-31"
_EARLIEST = "0000-00-00"

Place = tuple[str, int]  # a closing date (or what stands for none), a record's id


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deals stand in a stage, and what they are worth together."""

    count: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Column:
    """`tally` is None when there are too many deals to sum up; `more` is where the next cards begin, None at the end."""

    stage: Stage
    tally: Tally | None
    records: Sequence[Record]
    more: Place | None


def deals_of_type(access: CrmAccess, *types: StageType) -> QuerySet[Record]:
    """The deals that this person may see and whose stage is open, won or lost."""
    module = access.schema[MODULE]
    return visible_records(access, module).filter(values__Stage__in=values_of_type(module, *types))


def open_deals(access: CrmAccess) -> QuerySet[Record]:
    return deals_of_type(access, StageType.OPEN)


def won_deals(access: CrmAccess) -> QuerySet[Record]:
    return deals_of_type(access, StageType.WON)


def board_of(module: ModuleSchema, records: QuerySet[Record], loaded: Mapping[str, int]) -> list[Column]:
    """The columns with their first cards, or as many pages of them as `loaded` says by stage. Three queries, however many columns.

    A stage that is not offered any more has a column as long as deals stand in it.
    """
    tallies = tallies_of(records)
    retired = [stage for stage in all_stages(module).values() if stage.is_retired and stage.value in (tallies or {})]
    stages = [*stages_of(module), *retired]
    wanted = {stage.value: COLUMN_CARDS * loaded.get(stage.value, 1) for stage in stages}
    ids = _ids_by_stage([_in_order(records, stage)[: wanted[stage.value] + 1] for stage in stages])
    found = {record.pk: record for record in records.select_related("owner").filter(pk__in=[*_flat(ids.values())])}
    return [
        _column(stage, tallies, [found[pk] for pk in ids.get(stage.value, []) if pk in found], wanted[stage.value])
        for stage in stages
    ]


def column_of(records: QuerySet[Record], stage: Stage, after: Place) -> Column:
    """The next cards of one column."""
    value, record_id = after
    rows = _in_order(records, stage).select_related("owner")
    beyond = "gt" if stage.is_open else "lt"
    rows = rows.filter(Q(**{f"closing__{beyond}": value}) | Q(**{"closing": value, f"pk__{beyond}": record_id}))
    return _column(stage, None, list(rows[: COLUMN_CARDS + 1]), COLUMN_CARDS)


def tallies_of(records: QuerySet[Record]) -> dict[str, Tally] | None:
    """By stage, in one pass over the deals; None when they are more than `SUMMED_DEALS`."""
    rows = (
        records.order_by()
        .annotate(
            stage=KeyTextTransform(STAGE, "values"),
            amount=Cast(KeyTextTransform("Amount", "values"), DecimalField(max_digits=20, decimal_places=4)),
        )
        .values("stage", "amount")[: SUMMED_DEALS + 1]
    )
    statement, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{_SUMS} FROM ({statement}) AS deals GROUP BY stage", parameters)
        tallies = {str(stage): Tally(int(count), amount) for stage, count, amount in cursor.fetchall()}
    return tallies if sum(tally.count for tally in tallies.values()) <= SUMMED_DEALS else None


def place_of(record: Record, stage: Stage) -> Place:
    return str(record.values.get("Closing_Date") or _nowhere(stage)), record.pk


def _in_order(records: QuerySet[Record], stage: Stage) -> QuerySet[Record]:
    """What closes next comes first; of what is closed, the latest. Without a date last."""
    closing = Coalesce(KeyTextTransform("Closing_Date", "values"), Value(_nowhere(stage)), output_field=TextField())
    rows = records.filter(values__contains={STAGE: stage.value}).annotate(closing=closing)
    if stage.is_open:
        return rows.order_by(F("closing").asc(), F("pk").asc())
    return rows.order_by(F("closing").desc(), F("pk").desc())


def _nowhere(stage: Stage) -> str:
    return _LATEST if stage.is_open else _EARLIEST


def _ids_by_stage(pages: Sequence[QuerySet[Record]]) -> dict[str, list[int]]:
    if not pages:
        return {}
    rows = [page.values_list(KeyTextTransform(STAGE, "values"), "closing", "pk") for page in pages]
    ids: dict[str, list[int]] = {}
    for stage, _closing, record_id in rows[0].union(*rows[1:], all=True):
        ids.setdefault(stage, []).append(record_id)
    return ids


def _flat(lists: Iterable[Sequence[int]]) -> Iterator[int]:
    return (record_id for ids in lists for record_id in ids)


def _column(stage: Stage, tallies: Mapping[str, Tally] | None, records: Sequence[Record], wanted: int) -> Column:
    shown = records[:wanted]
    more = place_of(shown[-1], stage) if len(records) > wanted else None
    tally = None if tallies is None else tallies.get(stage.value, Tally())
    return Column(stage, tally, shown, more)
