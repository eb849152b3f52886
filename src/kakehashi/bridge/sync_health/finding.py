"""Finding the record that somebody asks about, on either side: by its number, name or e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, side_of
from kakehashi.bridge.sides.records import SideName, SideRecord
from kakehashi.bridge.sync.mapping import MODULES, ModulePair
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.naming import name_of
from kakehashi.core.actors import Actor
from kakehashi.core.ids import id_in

MOST = 10
_HINTS = ("Email", "email", "Product_Code", "productCode", "Phone", "phone")


@dataclass(frozen=True, slots=True)
class Found:
    """`hint` tells records of the same name apart."""

    module: str
    label: str
    side: SideName
    id: int
    name: str
    hint: str


def find_records(connection: Connection, text: str, actor: Actor) -> list[Found]:
    """At most ten of each module and side, the CRM's first. Of the CRM's only those that this person may see there."""
    text = text.strip()
    if not text:
        return []
    sides: Sequence[SideName] = ("crm", "desk")
    return [
        Found(module.name, str(Module(module.name).label), side, one.id, name_of(one), _hint(one))
        for module in MODULES
        for side in sides
        for one in _find(connection, module, side, text, actor)
    ]


def _find(connection: Connection, module: ModulePair, side: SideName, text: str, actor: Actor) -> Sequence[SideRecord]:
    number = id_in(text)
    asked = side_of(connection, side)
    there = module.name_on(side)
    ids = list(asked.search(there, text, limit=MOST))
    if number is not None and number not in ids:
        ids.insert(0, number)
    if not ids:
        return []
    known = crm_side(connection.org_id).visible_among(there, ids, actor) if side == "crm" else asked.fetch(there, ids)
    return [known[one] for one in ids if one in known and not known[one].is_deleted][:MOST]


def _hint(record: SideRecord) -> str:
    return next((str(value) for name in _HINTS if (value := record.values.get(name))), "")
