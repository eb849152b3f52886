"""What a person's list of tickets may show and be sorted by, besides what every ticket has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kakehashi.core.fields.schema import FieldSchema
from kakehashi.desk.outside_ranks.slots import OUTSIDE_COLUMNS, OutsideColumn
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.ticket_fields.queries import schemas_of

from .queries import SORTS


@dataclass(frozen=True, slots=True)
class Offer:
    """`schemas` are the portal's own fields, `outside` the columns that floors above fill; both by name."""

    schemas: Mapping[str, FieldSchema] = field(default_factory=dict)
    outside: Mapping[str, OutsideColumn] = field(default_factory=dict)

    def sorts_by(self, sort: str) -> bool:
        """Whether this person's list may come in an order ("-" before the key: the other way round)."""
        key = sort.removeprefix("-")
        return key in SORTS or (key in self.outside and self.outside[key].sorts)


def offer_for(access: DeskAccess) -> Offer:
    columns = [column for source in OUTSIDE_COLUMNS for column in source(access)]
    return Offer(schemas_of(access.portal), {column.key: column for column in columns})
