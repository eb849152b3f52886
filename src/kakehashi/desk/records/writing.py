"""The one way in which contacts, accounts and products are written: validated, versioned, with their events, one or many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, StaleVersion
from kakehashi.core.events.log import Fact, write_facts, write_facts_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require

from .fields import RecordField, clean_values, storable
from .models import DeskRecord
from .storing import insert_rows, update_rows

Row = TypeVar("Row", bound=DeskRecord)
ResultState = Literal["created", "updated", "unchanged", "stale", "refused", "missing"]


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """How one kind of record is written. `derive` fills normalised columns and search tokens of a row in memory;
    `check` finds references of several rows that point nowhere, as {row's index: {api name: sentence}}.
    """

    name: str
    model: type[Row]
    fields: tuple[RecordField, ...]
    derive: Callable[[Row], None]
    derived: tuple[str, ...]
    check: Callable[[Portal, Sequence[Row]], dict[int, dict[str, Any]]] = lambda portal, rows: {}

    def rows(self) -> models.QuerySet[Row]:
        return self.model._default_manager.all()  # noqa: SLF001 - Django's documented way for code that takes any model

    def values_of(self, row: Row) -> dict[str, Any]:
        """A row's values by API name, custom fields under `cf`."""
        values = {f.api_name: getattr(row, f.column) for f in self.fields}
        return values | {"cf": row.custom}


@dataclass(frozen=True, slots=True)
class Draft:
    """One record to write: a new one, or with `id` a change of some fields, based on `version` if that is given.

    `actor` is who did it, where that is somebody else than whoever writes all of them.
    """

    values: Mapping[str, Any]
    id: int | None = None
    version: int | None = None
    origin_key: str = ""
    actor: Actor | None = None


@dataclass(slots=True)
class Result(Generic[Row]):
    """What became of a draft. `problems` by API name goes with "refused"."""

    state: ResultState
    record: Row | None = None
    problems: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def write_many(kind: Kind[Row], portal: Portal, drafts: Sequence[Draft], actor: Actor) -> list[Result[Row]]:
    """Write records in bulk, each judged by itself, in the order given. Creating and changing share one transaction."""
    require(portal, actor, "may_edit_customers")
    known = _lock(kind, portal, [draft.id for draft in drafts if draft.id is not None])
    results: list[Result[Row]] = []
    changes: dict[int, dict[str, Any]] = {}
    for index, draft in enumerate(drafts):
        result, changes[index] = _prepare(kind, portal, draft, known)
        results.append(result)
    _refuse_dangling(kind, portal, results)
    _store(kind, portal, results, changes, [draft.actor or actor for draft in drafts])
    return results


def write_one(kind: Kind[Row], portal: Portal, draft: Draft, actor: Actor) -> Row:
    """Write one record. Raises `InvalidValues`, `StaleVersion`."""
    return record_of(write_many(kind, portal, [draft], actor)[0])


def record_of(result: Result[Row]) -> Row:
    """What was written. Raises `InvalidValues`, `StaleVersion`."""
    if result.state == "refused":
        raise InvalidValues(result.problems)
    if result.state == "stale" or result.record is None:
        raise StaleVersion
    return result.record


@transaction.atomic
def remove(kind: Kind[Row], portal: Portal, ids: Sequence[int], actor: Actor) -> list[Row]:
    """Move to the recycle bin. Those already there are left out of the answer."""
    return _mark(kind, portal, ids, actor, topic="deleted", deleted_at=clock.now())


@transaction.atomic
def restore(kind: Kind[Row], portal: Portal, ids: Sequence[int], actor: Actor) -> list[Row]:
    """Out of the recycle bin. Merged records come back by taking the merge back only, erased ones never."""
    return _mark(kind, portal, ids, actor, topic="restored", deleted_at=None)


def is_gone(row: DeskRecord) -> bool:
    """Out of sight, and not for having been deleted."""
    return row.merged_into_id is not None or row.erased_at is not None


def _lock(kind: Kind[Row], portal: Portal, ids: Sequence[int]) -> dict[int, Row]:
    if not ids:
        return {}
    rows = kind.rows().filter(portal=portal, id__among=ids).order_by("id").select_for_update(of=("self",))
    return {row.pk: row for row in rows}


def _prepare(
    kind: Kind[Row], portal: Portal, draft: Draft, known: Mapping[int, Row]
) -> tuple[Result[Row], dict[str, Any]]:
    row = known.get(draft.id) if draft.id is not None else kind.model(portal=portal, origin_key=draft.origin_key)
    if row is None or row.deleted_at:
        return Result("missing"), {}
    if draft.version is not None and draft.id is not None and draft.version != row.version:
        return Result("stale", row), {}
    try:
        columns = clean_values(kind.fields, draft.values, is_new=draft.id is None)
    except InvalidValues as invalid:
        return Result("refused", None if draft.id is None else row, invalid.by_field), {}
    changes = _assign(kind, row, columns)
    if draft.origin_key and draft.id is not None and row.origin_key != draft.origin_key:
        row.origin_key = draft.origin_key
        changes["originKey"] = ["", draft.origin_key]
    if draft.id is None:
        return Result("created", row), {}
    return Result("updated" if changes else "unchanged", row), changes


def _assign(kind: Kind[Row], row: Row, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Set the columns; answers {api name: [old, new]} of those that differ. A new row has no past to tell of."""
    if "custom" in columns:  # only the given custom fields change
        columns = {**columns, "custom": {**row.custom, **columns["custom"]}}
    changed = columns if row.pk is None else {name: new for name, new in columns.items() if getattr(row, name) != new}
    changes = {} if row.pk is None else _told(kind, row, changed)
    for column, new in changed.items():
        setattr(row, column, new)
    kind.derive(row)
    return changes


def _told(kind: Kind[Row], row: Row, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Old and new of what is about to change, by API name."""
    names = {f.column: f.api_name for f in kind.fields} | {"custom": "cf"}
    return {names[column]: [storable(getattr(row, column)), storable(new)] for column, new in changed.items()}


def _refuse_dangling(kind: Kind[Row], portal: Portal, results: list[Result[Row]]) -> None:
    rows = [result.record for result in results if result.state in {"created", "updated"} and result.record]
    places = [index for index, result in enumerate(results) if result.state in {"created", "updated"}]
    for place, problems in kind.check(portal, rows).items():
        results[places[place]] = Result("refused", None, problems)


def _store(
    kind: Kind[Row],
    portal: Portal,
    results: list[Result[Row]],
    changes: Mapping[int, dict[str, Any]],
    actors: Sequence[Actor],
) -> None:
    now = clock.now()
    created = [(r.record, actor) for r, actor in zip(results, actors, strict=True) if r.state == "created" and r.record]
    updated = [(r.record, actors[i], changes[i]) for i, r in enumerate(results) if r.state == "updated" and r.record]
    for row, actor in [*created, *((row, actor) for row, actor, _changes in updated)]:
        row.modified_at = now
        row.modified_by = actor.name
    insert_rows(kind.model, [row for row, _actor in created])
    _store_changes(kind, [row for row, _actor, _changes in updated])
    event_kind = f"desk.{kind.name}"
    write_facts_of(
        [
            *((Fact(portal.tenant, f"{event_kind}.created", event_kind, row.pk), actor) for row, actor in created),
            *(
                (Fact(portal.tenant, f"{event_kind}.updated", event_kind, row.pk, {"changes": change}), actor)
                for row, actor, change in updated
            ),
        ]
    )


def _store_changes(kind: Kind[Row], rows: Sequence[Row]) -> None:
    """The rows are locked; one that several drafts change is stored once."""
    rows = list({row.pk: row for row in rows}.values())
    for row in rows:
        row.version = row.version + 1
    columns = [f.column for f in kind.fields] + [*kind.derived, "custom", "origin_key"]
    update_rows(kind.model, rows, [*dict.fromkeys(columns), "version", "modified_at", "modified_by"])


def _mark(
    kind: Kind[Row], portal: Portal, ids: Sequence[int], actor: Actor, *, topic: str, deleted_at: Any
) -> list[Row]:
    require(portal, actor, "may_edit_customers")
    is_in_bin = deleted_at is None
    rows = [row for row in _lock(kind, portal, ids).values() if bool(row.deleted_at) == is_in_bin and not is_gone(row)]
    for row in rows:
        row.deleted_at = deleted_at
        row.version = row.version + 1
    now = clock.now()
    kind.rows().filter(id__in=[row.pk for row in rows]).update(
        deleted_at=deleted_at, version=models.F("version") + 1, modified_at=now, modified_by=actor.name
    )
    event_kind = f"desk.{kind.name}"
    write_facts([Fact(portal.tenant, f"{event_kind}.{topic}", event_kind, row.pk) for row in rows], actor)
    return rows


NO_SUCH_ACCOUNT = _("There is no such account.")
