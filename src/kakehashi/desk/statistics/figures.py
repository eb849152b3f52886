"""Statistics from the kept figures (`tickets/figures.py`)."""

from collections.abc import Mapping

from kakehashi.desk.tickets.figures import CHANNEL_FIGURES, OTHER_CHANNEL
from kakehashi.ui.statistics.figures import Summary
from kakehashi.ui.statistics.periods import Basis


def summary_of(figures: Mapping[str, int], basis: Basis, overdue: int | None = None) -> Summary:
    """From the kept figures (`tickets/figures.py: FIGURES`), those missing being 0."""
    working = "_working" if basis == Basis.WORKING else ""
    get = figures.get
    names = {figure: channel for channel, figure in CHANNEL_FIGURES.items()} | {OTHER_CHANNEL: ""}
    channels = sorted(((name, get(figure, 0)) for figure, name in names.items()), key=lambda pair: -pair[1])
    same = ("total", "open", "on_hold", "closed", "escalated", "high_priority", "spam", "good", "okay", "bad")
    return Summary(
        **{name: get(name, 0) for name in same},
        answered=get("first_response_count", 0),
        answers=get("response_count", 0),
        solved=get("resolution_count", 0),
        first_response_seconds=average(get(f"first_response{working}_seconds", 0), get("first_response_count", 0)),
        response_seconds=average(get(f"response{working}_seconds", 0), get("response_count", 0)),
        resolution_seconds=average(get(f"resolution{working}_seconds", 0), get("resolution_count", 0)),
        channels=tuple((name, count) for name, count in channels if count),
        overdue=overdue,
    )


def average(total: int, count: int) -> float | None:
    return total / count if count else None
