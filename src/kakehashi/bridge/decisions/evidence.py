"""What people need to see of records of both sides to tell whether they are the same: values side by side, who changed them when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.records import OTHER, FieldInfo, SideName, SideRecord, Value
from kakehashi.bridge.sync.mapping import BY_NAME, fields_of
from kakehashi.bridge.sync.naming import name_of
from kakehashi.bridge.sync.showing import shown
from kakehashi.bridge.sync.values import Stored, common, keep
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

Key = tuple[str, SideName, int]  # module, side, record
# By which people tell records apart, as (CRM field, Desk field).
_TELLING: Mapping[str, Sequence[tuple[str, str]]] = {
    "contacts": (
        ("Email", "email"),
        ("Secondary_Email", "secondaryEmail"),
        ("Phone", "phone"),
        ("Mobile", "mobile"),
        ("Account_Name", "accountId"),
        ("Title", "title"),
    ),
    "accounts": (("Phone", "phone"), ("Website", "website"), ("Billing_City", "city"), ("Billing_Street", "street")),
    "products": (("Product_Code", "productCode"), ("Unit_Price", "unitPrice"), ("Description", "description")),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a record. `is_same` says that it means the same as that of the record it is compared with."""

    text: str
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A record, as this person may see it."""

    id: int
    side: SideName
    name: str
    url: str
    facts: Sequence[Fact]
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class Evidence:
    """Records of both sides, read at once for one person: a few queries per module and side, however many records."""

    connection: Connection
    actor: Actor
    wanted: frozenset[Key]

    @cached_property
    def crm(self) -> CrmSide:
        return crm_side(self.connection.org_id)

    @cached_property
    def desk(self) -> DeskSide:
        return desk_side(self.connection.portal_id)

    @cached_property
    def records(self) -> Mapping[Key, SideRecord]:
        """Live ones. Of the CRM's only what this person may see there."""
        found: dict[Key, SideRecord] = {}
        for module, side in sorted({(module, side) for module, side, _id in self.wanted}):
            ids = [one for one_module, one_side, one in self.wanted if (one_module, one_side) == (module, side)]
            found |= {(module, side, one.id): one for one in self._read(module, side, ids) if not one.is_deleted}
        return found

    @cached_property
    def _names(self) -> Mapping[Key, str]:
        """What the records are called that these point at."""
        targets: set[Key] = set()
        for (module, side, _id), record in self.records.items():
            for field in self.fields(module, side).values():
                target = self._target_module(field, side)
                if target and isinstance(value := record.values.get(field.api_name), int):
                    targets.add((target, side, value))
        names: dict[Key, str] = {}
        for target, side in sorted({(module, side) for module, side, _id in targets}):
            ids = [one for one_module, one_side, one in targets if (one_module, one_side) == (target, side)]
            names |= {(target, side, one.id): name_of(one) for one in self._read(target, side, ids)}
        return names

    def exhibit(self, key: Key, *, beside: Key | None = None) -> Exhibit | None:
        """None for one that is gone, or that this person may not see."""
        record = self.records.get(key)
        if record is None:
            return None
        module, side, _id = key
        other = self.records.get(beside) if beside else None
        facts = [self._fact(module, side, pair, record, other) for pair in _TELLING[module]]
        url = self._side(side).record_url(BY_NAME[module].name_on(side), record.id)
        return Exhibit(record.id, side, name_of(record), url, facts, record.modified_at, record.modified_by)

    def labels(self, module: str) -> list[Text]:
        """What the facts of this module are called, in their order."""
        return [self.label(module, "crm", crm) for crm, _desk in _TELLING[module]]

    def label(self, module: str, side: SideName, name: str) -> Text:
        field = self.fields(module, side).get(name)
        return field.label if field else name

    def text(self, module: str, side: SideName, name: str, value: Value | Stored) -> str:
        """A value in words; a reference by the name of what it points at."""
        field = self.fields(module, side).get(name)
        if field is None:
            return ""
        target = self._target_module(field, side)
        if target and isinstance(value, int):
            return self._names.get((target, side, value), "") or self._name_of(target, side, value)
        return shown(value, field.type)

    def fields(self, module: str, side: SideName) -> Mapping[str, FieldInfo]:
        return self._fields[module, side]

    @cached_property
    def _fields(self) -> Mapping[tuple[str, SideName], Mapping[str, FieldInfo]]:
        crm, desk = self.crm.describe(), self.desk.describe()
        both: tuple[tuple[SideName, Sequence[object]], ...] = (("crm", crm), ("desk", desk))
        return {
            (module, side): fields_of(infos, pair.name_on(side))  # type: ignore[arg-type]
            for module, pair in BY_NAME.items()
            for side, infos in both
        }

    def _fact(
        self, module: str, side: SideName, pair: tuple[str, str], record: SideRecord, other: SideRecord | None
    ) -> Fact:
        mine, theirs = pair if side == "crm" else (pair[1], pair[0])
        value = record.values.get(mine)
        text = self.text(module, side, mine, value)
        if other is None or not text:
            return Fact(text)
        away = OTHER[side]
        field = self.fields(module, side)[mine]
        if field.type == "lookup":
            return Fact(text, text == self.text(module, away, theirs, other.values.get(theirs)))
        return Fact(text, common(keep(value), field.type) == common(keep(other.values.get(theirs)), field.type))

    def _name_of(self, module: str, side: SideName, record_id: int) -> str:
        return next((name_of(one) for one in self._read(module, side, [record_id])), "")

    def _target_module(self, field: FieldInfo, side: SideName) -> str:
        """The kept-in-step module whose records a lookup points at, if any."""
        if field.type != "lookup":
            return ""
        return next((name for name, pair in BY_NAME.items() if pair.name_on(side) == field.lookup_module), "")

    def _read(self, module: str, side: SideName, ids: Sequence[int]) -> Iterable[SideRecord]:
        if side == "crm":
            return self.crm.visible_among(BY_NAME[module].crm, ids, self.actor).values()
        return self.desk.fetch(BY_NAME[module].desk, ids).values()

    def _side(self, side: SideName) -> CrmSide | DeskSide:
        return self.crm if side == "crm" else self.desk
