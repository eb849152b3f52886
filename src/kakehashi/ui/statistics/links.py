"""Ways from a number to the tickets behind it: a list of tickets, with the filter that the number stands for.

The conditions ask as the Desk's lists name what can be asked (`desk/ticket_views/subjects.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kakehashi.core.filters.definition import Condition, Filter, filter_of

from .periods import Basis, Span, Window

_STATES: Mapping[str, Condition] = {
    "open": Condition("statusType", "any_of", ("Open", "On Hold")),
    "on_hold": Condition("statusType", "any_of", ("On Hold",)),
    "closed": Condition("statusType", "any_of", ("Closed",)),
    "escalated": Condition("isEscalated", "yes"),
    "high_priority": Condition("priority", "any_of", ("High",)),
    "overdue": Condition("clock", "any_of", ("unsolved",)),
    "rated": Condition("rating", "filled"),
    "answered": Condition("firstResponseTime", "filled"),
    "solved": Condition("resolutionTime", "filled"),
}
_TIMES: Mapping[tuple[str, Basis], str] = {
    ("first_response", Basis.REAL): "firstResponseTime",
    ("first_response", Basis.WORKING): "firstResponseWorkingTime",
    ("resolution", Basis.REAL): "resolutionTime",
    ("resolution", Basis.WORKING): "resolutionWorkingTime",
}


@dataclass(frozen=True, slots=True)
class Links:
    """`to_list` is the address of a list of tickets with a filter, `to_spam` that of the spam with one, "" for who may not see it; `channels` are
    the API names of the known ones.
    """

    to_list: Callable[[Filter], str]
    to_spam: Callable[[Filter], str]
    window: Window
    channels: Sequence[str]

    def to(self, state: str = "", span: Span | None = None) -> str:
        """`state` is a count of a `Summary` ("answered" and "solved" are those that averages count), "" all of them; within a span of
        the plots, else within the whole window.
        """
        return self._list([_STATES[state]] if state else [], span)

    def to_received_spam(self) -> str:
        return self.to_spam(self._received())

    def to_rating(self, rating: str) -> str:
        return self._list([Condition("rating", "any_of", (rating,))])

    def to_channel(self, channel: str) -> str:
        """ "" stands for those that are not known."""
        asked = ("any_of", (channel,)) if channel else ("none_of", tuple(self.channels))
        return self._list([Condition("channel", *asked)])

    def to_bucket(self, measure: str, basis: Basis, bucket: str, since: date | None = None) -> str:
        """`measure` is "first_response" or "resolution"; of the tickets received since a day, None for the whole window."""
        span = Span(since, self.window.last) if since else None
        return self._list([Condition(_TIMES[measure, basis], "any_of", (bucket,))], span)

    def _list(self, more: Sequence[Condition], span: Span | None = None) -> str:
        return self.to_list(filter_of(*self._received(span), *more))

    def _received(self, span: Span | None = None) -> Filter:
        first, last = (span.first, span.last) if span else (self.window.first, self.window.last)
        return filter_of(
            *([Condition("receivedOn", "between", (first.isoformat(), last.isoformat()))] if first else [])
        )
