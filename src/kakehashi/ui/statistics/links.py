"""Ways from a number to the tickets behind it: a list of tickets, with the filter that the number stands for.

The conditions ask as the Desk's lists name what can be asked (`desk/ticket_views/subjects.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.core.filters.definition import Condition, Filter, filter_of

from .periods import Span, Window

_STATES: Mapping[str, Condition] = {
    "open": Condition("statusType", "any_of", ("Open", "On Hold")),
    "on_hold": Condition("statusType", "any_of", ("On Hold",)),
    "closed": Condition("statusType", "any_of", ("Closed",)),
    "escalated": Condition("isEscalated", "yes"),
    "high_priority": Condition("priority", "any_of", ("High",)),
    "overdue": Condition("clock", "any_of", ("unsolved",)),
    "rated": Condition("rating", "filled"),
}


@dataclass(frozen=True, slots=True)
class Links:
    """`to_list` is the address of a list of tickets with a filter; `channels` are the API names of the known ones."""

    to_list: Callable[[Filter], str]
    window: Window
    channels: Sequence[str]

    def to(self, state: str = "", span: Span | None = None) -> str:
        """`state` is a count of a `Summary`, "" all of them; within a span of the plots, else within the whole window."""
        return self._list([_STATES[state]] if state else [], span)

    def to_rating(self, rating: str) -> str:
        return self._list([Condition("rating", "any_of", (rating,))])

    def to_channel(self, channel: str) -> str:
        """ "" stands for those that are not known."""
        asked = ("any_of", (channel,)) if channel else ("none_of", tuple(self.channels))
        return self._list([Condition("channel", *asked)])

    def _list(self, more: Sequence[Condition], span: Span | None = None) -> str:
        first, last = (span.first, span.last) if span else (self.window.first, self.window.last)
        received = [Condition("receivedOn", "between", (first.isoformat(), last.isoformat()))] if first else []
        return self.to_list(filter_of(*received, *more))
