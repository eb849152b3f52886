"""What an address asks of the block, and the addresses of what it could ask instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args
from urllib.parse import urlencode

from django.http import QueryDict

from kakehashi.bridge.sides.tickets import TicketFilter, TicketQuery, TicketSort
from kakehashi.core.filters.definition import Filter, FilterIsBroken, as_text, from_text, in_address

PAGE_ROWS = 10
_PREFIX = "tickets"  # these stand in the address of the record's page, beside its own
_SHOWN: Mapping[str, TicketFilter] = {one: one for one in get_args(TicketFilter)}
_SORTS: Mapping[str, TicketSort] = {one: one for one in get_args(TicketSort)}
_USUAL_SORT: TicketSort = "-activity"


@dataclass(frozen=True, slots=True)
class BlockChoice:
    """`first` is the number of the first row on this page, for people to read; the place itself is `after` or `before`."""

    show: TicketFilter = "all"
    filter: Filter = field(default_factory=Filter)
    sort: TicketSort = _USUAL_SORT
    after: str = ""
    before: str = ""
    first: int = 1
    is_broken: bool = False  # the filter that was asked for cannot be read

    def as_query(self) -> TicketQuery:
        return TicketQuery(self.show, self.filter, self.sort, self.after, self.before, PAGE_ROWS)

    def state(self) -> dict[str, str]:
        """What an address needs to say for this list, without its page."""
        said = {_PREFIX: str(self.show)}
        if self.filter:
            said[f"{_PREFIX}_filter"] = as_text(self.filter)
        if self.sort != _USUAL_SORT:
            said[f"{_PREFIX}_sort"] = str(self.sort)
        return said

    def query(self) -> str:
        """All that this page of this list is."""
        place = {"after": self.after, "before": self.before, "first": str(self.first) if self.first > 1 else ""}
        return urlencode({**self.state(), **{f"{_PREFIX}_{name}": value for name, value in place.items() if value}})

    def from_start(self) -> "BlockChoice":
        return replace(self, after="", before="", first=1)

    def showing(self, show: TicketFilter) -> "BlockChoice":
        return replace(self.from_start(), show=show)

    def filtered(self, asked: Filter) -> "BlockChoice":
        return replace(self.from_start(), filter=asked, is_broken=False)

    def sorted(self, sort: TicketSort) -> "BlockChoice":
        return replace(self.from_start(), sort=sort)

    def beyond(self, place: str, shown: int) -> "BlockChoice":
        """The next page, after one that shows so many rows."""
        return replace(self, after=place, before="", first=self.first + shown)

    def ahead_of(self, place: str) -> "BlockChoice":
        return replace(self, after="", before=place, first=max(1, self.first - PAGE_ROWS))


def address_of(show: TicketFilter, asked: Filter) -> str:
    """What `BlockChoice(show, asked).query()` says, quickly: a page of statistics asks for a hundred of them."""
    return f"{_PREFIX}={show}&{_PREFIX}_filter={in_address(asked)}" if asked else f"{_PREFIX}={show}"


def read_choice(query: QueryDict) -> BlockChoice:
    """What an address does not say, or says wrongly, is the whole list, the latest activity first."""

    def said(name: str) -> str:
        return query.get(f"{_PREFIX}_{name}", "")

    asked, is_broken = _read_filter(said("filter"))
    first = said("first")
    return BlockChoice(
        show=_SHOWN.get(query.get(_PREFIX, ""), "all"),
        filter=asked,
        sort=_SORTS.get(said("sort"), _USUAL_SORT),
        after=said("after"),
        before=said("before"),
        first=int(first) if first.isdecimal() and len(first) < 8 else 1,
        is_broken=is_broken,
    )


def _read_filter(text: str) -> tuple[Filter, bool]:
    try:
        return from_text(text), False
    except FilterIsBroken:
        return Filter(), True
