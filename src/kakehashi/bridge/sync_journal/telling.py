"""Lines of the journal in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.fields import Fields
from kakehashi.bridge.sync.models import home_of
from kakehashi.bridge.sync.naming import Key, Who, names_of
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.showing import say_rule, shown_in
from kakehashi.bridge.sync.undo_plan import Undo
from kakehashi.bridge.sync.values import Stored
from kakehashi.core.errors import Text

_TONES: Mapping[str, str] = {
    JournalRow.Kind.CREATED: "green",
    JournalRow.Kind.LOST: "amber",
    JournalRow.Kind.REMOVED: "red",
    JournalRow.Kind.UNDONE: "amber",
}
_CAN_BE_TAKEN_BACK = {
    JournalRow.Kind.CREATED,
    JournalRow.Kind.UPDATED,
    JournalRow.Kind.LINKED,
    JournalRow.Kind.LOST,
}


class ShownChange(NamedTuple):
    """`name` is what the Desk calls the field, `label` what people do."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`why` is the rule that decided."""

    row: JournalRow
    who: Who
    side: str
    tone: str
    why: str
    changes: Sequence[ShownChange]
    can_be_taken_back: bool


@dataclass(frozen=True, slots=True)
class ShownUndo:
    """What taking a line back would do, from now (`old`) to then (`new`); and what stays, with the reason."""

    line: ShownLine
    changes: Sequence[ShownChange]
    kept: Sequence[tuple[str, Text]]
    refusal: Text


class Telling:
    """Tells of a connection's lines: both sides are described once, names are read once per module and side."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fields = Fields(connection)

    def lines(self, rows: Sequence[JournalRow], *, only: str = "") -> list[ShownLine]:
        """With `only`, of their changes just those of one field."""
        names = names_of(self._connection, [_subject(row) for row in rows])
        return [self._line(row, names, only) for row in rows]

    def undos(self, planned: Sequence[Undo]) -> list[ShownUndo]:
        lines = self.lines([one.row for one in planned])
        return [
            ShownUndo(
                line,
                self._changes(one.row, one.changes),
                [(self._fields.label(one.row.module, "desk", name), reason) for name, reason in one.kept.items()],
                one.refusal,
            )
            for line, one in zip(lines, planned, strict=True)
        ]

    def _line(self, row: JournalRow, names: Mapping[Key, Who], only: str) -> ShownLine:
        subject = _subject(row)
        return ShownLine(
            row=row,
            who=names.get(subject) or Who(subject[2], "", ""),
            side="CRM" if row.side == "crm" else "Desk",
            tone=_TONES.get(row.kind, ""),
            why=say_rule(row.rule, {**self._fields.of(row.module, "desk"), **self._fields.of(row.module, "crm")}),
            changes=[one for one in self._changes(row, row.changes) if only in ("", one.name)],
            can_be_taken_back=row.kind in _CAN_BE_TAKEN_BACK and row.undone_at is None,
        )

    def _changes(self, row: JournalRow, changes: Mapping[str, Sequence[Stored]]) -> list[ShownChange]:
        """What stands under no field's name is about the pair itself (`models.JournalRow`)."""
        fields = self._fields.of(row.module, "desk")
        return [
            ShownChange(
                name,
                self._fields.label(row.module, "desk", name),
                shown_in(old, fields.get(name)),
                shown_in(new, fields.get(name)),
            )
            for name, (old, new) in changes.items()
            if name
        ]


def _subject(row: JournalRow) -> Key:
    """By the CRM record where there is one: the same customer has one name in the whole list."""
    return row.module, *home_of(row.crm_id, row.desk_id)
