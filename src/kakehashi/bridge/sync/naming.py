"""What records of both sides are called, and where people look at them."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.records import SideName, SideRecord
from kakehashi.core.normalise.names import full_name

from .mapping import BY_NAME

Key = tuple[str, SideName, int]  # module, side, record


@dataclass(frozen=True, slots=True)
class Who:
    """A record as people know it."""

    id: int
    name: str
    url: str


def names_of(connection: Connection, wanted: Sequence[Key]) -> dict[Key, Who]:
    """By (module, side, id), one read per module and side; unknown ones are left out."""
    found: dict[Key, Who] = {}
    for module, side_name in sorted({(module, side) for module, side, _id in wanted}):
        side = side_of(connection, side_name)
        there = BY_NAME[module].name_on(side_name)
        ids = [one for one_module, one_side, one in wanted if (one_module, one_side) == (module, side_name)]
        for record in side.fetch(there, ids).values():
            found[module, side_name, record.id] = Who(record.id, name_of(record), side.record_url(there, record.id))
    return found


def name_of(record: SideRecord) -> str:
    """What a customer or product is called, from whichever side: the account's or product's name, or a person's."""
    values = record.values
    for field in ("Account_Name", "accountName", "Product_Name", "productName"):
        if isinstance(values.get(field), str):
            return str(values[field])
    return full_name(
        str(values.get("Last_Name") or values.get("lastName") or ""),
        str(values.get("First_Name") or values.get("firstName") or ""),
    )
