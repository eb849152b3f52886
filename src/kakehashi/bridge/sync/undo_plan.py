"""What taking lines of the journal back would do, told beforehand. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, SideRecord, side_named
from kakehashi.core.errors import Text

from .links import links_by_crm_id
from .mapping import BY_NAME, FieldPair, ModulePair
from .models import Link
from .outcome_models import JournalRow
from .values import Stored, common, keep
from .workbench import Workbench, open_workbench

UNDOABLE = (JournalRow.Kind.UPDATED, JournalRow.Kind.CREATED, JournalRow.Kind.LINKED, JournalRow.Kind.LOST)

CHANGED_SINCE = _("It was changed since.")
IS_GONE = _("The record is in the recycle bin.")
IN_USE = _("Other records or tickets depend on it by now.")
NOT_HERE = _("This cannot be taken back.")
IS_UNDONE = _("This was taken back already.")

RecordKey = tuple[str, SideName, int]  # module, side, record
Given = dict[RecordKey, dict[str, Stored]]  # what lines planned so far will have given back by then


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking one line back would do: `changes` are {Desk field: [now, then]} on the line's side; `kept` says which fields stay, and why;
    `refusal` why nothing at all can be done.
    """

    row: JournalRow
    changes: Mapping[str, tuple[Stored, Stored]] = field(default_factory=dict)
    kept: Mapping[str, Text] = field(default_factory=dict)
    refusal: Text = ""

    @property
    def does_something(self) -> bool:
        return not self.refusal


@dataclass(frozen=True)
class Place:
    """A line with what it is about, as that is now. `then` are values of its record that newer lines will have given back by then; `only` is
    the one field that is to be taken back, "" for all; `undone` are fields of the line that were taken back by themselves.
    """

    bench: Workbench
    row: JournalRow
    link: Link | None
    record: SideRecord | None
    is_in_use: bool = False
    then: Mapping[str, Stored] = field(default_factory=dict)
    only: str = ""
    undone: frozenset[str] = frozenset()

    @property
    def side(self) -> SideName:
        return side_named(self.row.side)

    @property
    def module(self) -> ModulePair:
        return BY_NAME[self.row.module]

    @property
    def pairs(self) -> Mapping[str, FieldPair]:
        return {pair.desk: pair for pair in self.bench.pairs(self.module)}

    @property
    def is_paired(self) -> bool:
        return self.link is not None and self.link.state == Link.State.LIVE

    def now(self, name: str) -> Stored:
        if name in self.then:
            return self.then[name]
        return keep(self.record.values.get(self.pairs[name].name_on(self.side))) if self.record else None


def newer_lines() -> Given:
    """For a plan that is made in parts: nothing is planned yet."""
    return defaultdict(dict)


def plan_undo(
    connection: Connection, rows: Sequence[JournalRow], *, after: Given | None = None, only: str = ""
) -> list[Undo]:
    """What taking these lines back would do, or just one field of them (`only`); the newest first, each as things are once those before it are
    done (`after` too, where those are known). A few reads per module and side, however many lines.
    """
    given = newer_lines() if after is None else after
    planned = []
    for place in places_of(open_workbench(connection), rows, given, only):
        undo = plan_one(place)
        if key := _record_key(place.row):
            given[key].update({name: value for name, (_now, value) in undo.changes.items()})
        planned.append(undo)
    return planned


def places_of(
    bench: Workbench,
    rows: Sequence[JournalRow],
    given: Mapping[RecordKey, Mapping[str, Stored]] | None = None,
    only: str = "",
) -> Iterator[Place]:
    """The newest first."""
    fresh = sorted(JournalRow.objects.in_bulk([row.pk for row in rows]).values(), key=lambda row: -row.pk)
    records = _records(bench, fresh)
    in_use = _in_use(bench, [row for row in fresh if row.kind == JournalRow.Kind.CREATED])
    links, undone = _links(bench, fresh), _undone_fields(fresh)
    for row in fresh:
        key = _record_key(row)
        link = links.get((row.module, row.crm_id or 0))
        if key is None:
            yield Place(bench, row, link, None)
        else:
            then = (given or {}).get(key, {})
            yield Place(bench, row, link, records.get(key), key in in_use, then, only, undone.get(row.pk, frozenset()))


def plan_one(place: Place) -> Undo:
    row = place.row
    if row.undone_at:
        return Undo(row, refusal=IS_UNDONE)
    if row.kind not in UNDOABLE or place.link is None:
        return Undo(row, refusal=NOT_HERE)
    if place.record is None or place.record.is_deleted:
        return Undo(row, refusal=IS_GONE)
    if row.kind in (JournalRow.Kind.UPDATED, JournalRow.Kind.LOST):
        return _plan_fields(place)
    if place.only:
        return Undo(row, refusal=NOT_HERE)
    if not place.is_paired:
        return Undo(row, refusal=CHANGED_SINCE)
    return Undo(row, refusal=IN_USE if place.is_in_use else "")


def _plan_fields(place: Place) -> Undo:
    """A lost value comes back over the one that won; a written one gives way to what was there. Only where nobody wrote since."""
    is_lost = place.row.kind == JournalRow.Kind.LOST
    changes: dict[str, tuple[Stored, Stored]] = {}
    kept: dict[str, Text] = {}
    for name, (before, after) in place.row.changes.items():
        pair = place.pairs.get(name)
        if place.only not in ("", name):
            continue
        if name in place.undone:
            kept[name] = IS_UNDONE
        elif pair is None:
            kept[name] = NOT_HERE
        elif common(place.now(name), pair.type_on(place.side)) == common(after, pair.type_on(place.side)):
            changes[name] = (place.now(name), before)
        else:
            kept[name] = CHANGED_SINCE
    refusal: Text = "" if changes else next(iter(kept.values()), NOT_HERE if is_lost else CHANGED_SINCE)
    return Undo(place.row, changes, kept, refusal)


def _undone_fields(rows: Sequence[JournalRow]) -> Mapping[int, frozenset[str]]:
    """By line: which of its fields were taken back, each by itself."""
    found: dict[int, set[str]] = defaultdict(set)
    takings = JournalRow.objects.filter(undoes__in=[row.pk for row in rows])
    for line, changes in takings.values_list("undoes", "changes"):
        found[line or 0].update(changes)
    return {line: frozenset(names) for line, names in found.items()}


def _record_key(row: JournalRow) -> RecordKey | None:
    """The record that a line was written in."""
    side = side_named(row.side)
    record_id = row.crm_id if side == "crm" else row.desk_id
    return (row.module, side, record_id) if record_id is not None else None


def _grouped(rows: Iterable[JournalRow]) -> Mapping[tuple[str, SideName], list[int]]:
    groups: dict[tuple[str, SideName], list[int]] = defaultdict(list)
    for row in rows:
        if key := _record_key(row):
            groups[key[0], key[1]].append(key[2])
    return groups


def _records(bench: Workbench, rows: Sequence[JournalRow]) -> Mapping[RecordKey, SideRecord]:
    found: dict[RecordKey, SideRecord] = {}
    for (module, side), ids in _grouped(rows).items():
        records = bench.side(side).fetch(BY_NAME[module].name_on(side), ids)
        found |= {(module, side, record_id): record for record_id, record in records.items()}
    return found


def _in_use(bench: Workbench, rows: Sequence[JournalRow]) -> frozenset[RecordKey]:
    return frozenset(
        (module, side, one)
        for (module, side), ids in _grouped(rows).items()
        for one in bench.side(side).in_use(BY_NAME[module].name_on(side), ids)
    )


def _links(bench: Workbench, rows: Sequence[JournalRow]) -> Mapping[tuple[str, int], Link]:
    found: dict[tuple[str, int], Link] = {}
    for module in {row.module for row in rows}:
        ids = [row.crm_id for row in rows if row.module == module and row.crm_id is not None]
        found |= {(module, crm_id): link for crm_id, link in links_by_crm_id(bench.connection, module, ids).items()}
    return found
