"""Rows of a plan in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import OTHER, SideName, side_named
from kakehashi.bridge.sync.fields import Fields
from kakehashi.bridge.sync.held import why_held
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.outcome_models import PlanRow
from kakehashi.bridge.sync.showing import say_rule, shown_in
from kakehashi.core.errors import Text

_TONES: Mapping[str, str] = {
    PlanRow.Kind.CREATE: "green",
    PlanRow.Kind.LINK: "blue",
    PlanRow.Kind.UPDATE: "blue",
    PlanRow.Kind.CONFLICT: "amber",
    PlanRow.Kind.HOLD: "amber",
    PlanRow.Kind.REFUSE: "red",
    PlanRow.Kind.REMOVE: "red",
}
_SIDES: Mapping[str, Text] = {"crm": "CRM", "desk": "Desk"}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """`side` is where it would be written; empty for a conflict, where both values stand."""

    label: str
    old: str
    new: str
    side: Text


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: PlanRow
    url: str
    partner_url: str
    tone: str
    home: Text
    reason: str
    changes: Sequence[ShownChange] = field(default_factory=tuple)


class Telling:
    """Tells of a connection's rows: both sides are described once, however many they are."""

    def __init__(self, connection: Connection) -> None:
        self._fields = Fields(connection)

    def rows(self, rows: Sequence[PlanRow]) -> list[ShownRow]:
        return [self._row(row) for row in rows]

    def lines(self, row: PlanRow) -> Iterator[list[str]]:
        """For a file: a line per change, or one where nothing would be written."""
        told = self._row(row)
        start = [
            str(row.get_module_display()),
            str(told.home),
            row.name,
            str(row.get_kind_display()),
            row.partner_name,
            told.reason,
            _("Yes") if row.is_approved else _("No"),
        ]
        for change in told.changes or [ShownChange("", "", "", "")]:
            yield [*start, change.label, change.old, change.new, str(change.side)]

    def _row(self, row: PlanRow) -> ShownRow:
        home = side_named(row.side)
        return ShownRow(
            row=row,
            url=self._url(row, home),
            partner_url=self._url(row, OTHER[home]) if row.partner_name else "",
            tone=_TONES.get(row.kind, ""),
            home=_SIDES[home],
            reason=self._reason(row, home),
            changes=tuple(self._changes(row)),
        )

    def _url(self, row: PlanRow, side: SideName) -> str:
        record_id = row.crm_id if side == "crm" else row.desk_id
        module = BY_NAME[row.module].name_on(side)
        return self._fields.sides[side].record_url(module, record_id) if record_id is not None else ""

    def _reason(self, row: PlanRow, home: SideName) -> str:
        if row.kind == PlanRow.Kind.HOLD:
            field = self._fields.label(row.module, home, row.evidence.get("field", ""))
            return str(why_held(row.evidence, home, field))
        if row.kind == PlanRow.Kind.REFUSE:
            return row.reason
        return say_rule(row.reason, self._fields.of(row.module, home))

    def _changes(self, row: PlanRow) -> Iterator[ShownChange]:
        fields = self._fields.of(row.module, "desk")
        for name, (old, new, side) in row.changes.items():
            info = fields.get(name)
            label = str(info.label) if info else name
            yield ShownChange(label, shown_in(old, info), shown_in(new, info), _SIDES.get(side, ""))
