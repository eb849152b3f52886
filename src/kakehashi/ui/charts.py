"""Plots as numbers for their templates: what is drawn where in a box of 100 by 100, and what stands at the axes. Pure.

Shapes are stretched to the width they get (`preserveAspectRatio="none"`); words stay outside of the picture, so that they keep their size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kakehashi.core.errors import Text

_HEIGHT = 100.0
_TICKS = 4
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_COUNT_STEPS = (1, 2, 5, 10, 20, 25, 50)
_TIME_STEPS = tuple(
    minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 4320, 7200, 10_080)
)


@dataclass(frozen=True, slots=True)
class Value:
    """`amount` None draws nothing. `words` is how people read it, `url` leads to what is behind it."""

    amount: float | None
    words: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """`tone` is a colour of the kit: 1, 2, 3, good, mid or bad."""

    label: Text
    tone: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A horizontal bar with its number. `picture` is a rating's face, or ""."""

    label: Text
    amount: float
    words: Text
    tone: str = "1"
    url: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in the box, with what it says when pointed at."""

    tone: str
    x: float
    y: float
    width: float
    height: float
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line: a stroke without length, so that stretching leaves it round, with what it says when pointed at."""

    path: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`path` is an SVG path; `dots` are its points."""

    tone: str
    path: str
    dots: Sequence[Dot] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """`scale` are the words of the vertical axis from top to bottom; `axis` those below, each with whether a phone shows it, too."""

    title: Text
    series: Sequence[Series]
    labels: Sequence[Text]
    names: Sequence[Text]
    scale: Sequence[Text]
    axis: Sequence[tuple[Text, bool]]
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    width: float = _HEIGHT
    grid: Sequence[float] = field(default=(0.0, 25.0, 50.0, 75.0, 100.0))

    @property
    def has_links(self) -> bool:
        return any(bar.url for bar in self.bars) or any(dot.url for line in self.lines for dot in line.dots)

    @property
    def rows(self) -> list[tuple[Text, list[Value]]]:
        """For the table that says the same."""
        return [(name, [one.values[at] for one in self.series]) for at, name in enumerate(self.names)]


def bar_plot(title: Text, series: Sequence[Series], labels: Sequence[Text], names: Sequence[Text]) -> Plot:
    """Groups of bars, one for each label; `names` are the labels in full, for tables and pointers."""
    top = _top(_amounts(series), _counts_step)
    bars = [bar for at in range(len(labels)) for bar in _group(series, at, names[at], top)]
    scale = [f"{top * part / _TICKS:,.0f}" for part in range(_TICKS, -1, -1)]
    return Plot(title, series, labels, names, scale, _axis(labels), bars=bars, width=10.0 * len(labels))


def line_plot(
    title: Text,
    series: Sequence[Series],
    labels: Sequence[Text],
    names: Sequence[Text],
    words: Callable[[float], Text],
) -> Plot:
    """Seconds over time; a step without a value interrupts nothing, the line goes on to the next."""
    top = _top(_amounts(series), _time_step)
    lines = [_line(one, names, top) for one in series]
    scale = [words(top * part / _TICKS) if part else "0" for part in range(_TICKS, -1, -1)]
    return Plot(title, series, labels, names, scale, _axis(labels), lines=lines, width=10.0 * len(labels))


def spark_bars(amounts: Sequence[float]) -> list[Bar]:
    """Small bars without axes in a box of 100 by 100; the last one stands out."""
    top, width = max([*amounts, 1]), _HEIGHT / max(1, len(amounts))
    return [
        Bar("1" if at == len(amounts) - 1 else "2", _r(at * width + 0.1 * width), _r(_HEIGHT - high), _r(0.8 * width), _r(high))
        for at, amount in enumerate(amounts)
        if (high := max(2.0, amount / top * _HEIGHT))
    ]  # fmt: skip


def spark_line(amounts: Sequence[float | None]) -> Line | None:
    """A small line without axes in a box of 100 by 100; None where there is nothing to draw."""
    known = [(at, amount) for at, amount in enumerate(amounts) if amount is not None]
    if not known:
        return None
    top, width = max(amount for _at, amount in known) or 1, _HEIGHT / max(1, len(amounts))
    spots = [_spot((at + 0.5) * width, _HEIGHT - 90 * amount / top) for at, amount in known]
    return Line("1", _path(spots), [Dot(f"M{spot}h0") for spot in spots])


def shares(parts: Sequence[tuple[str, float]]) -> list[Bar]:
    """(tone, amount) side by side, with gaps between; nothing where all amounts are 0."""
    total = sum(amount for _tone, amount in parts)
    bars, x = [], 0.0
    for tone, amount in parts:
        if amount:
            width = amount / total * _HEIGHT
            bars.append(Bar(tone, _r(x), 0, _r(max(0.5, width - 1)), _HEIGHT))
            x += width
    return bars


def _amounts(series: Sequence[Series]) -> list[float]:
    return [value.amount for one in series for value in one.values if value.amount is not None]


def _top(amounts: Sequence[float], step_for: Callable[[float], float]) -> float:
    return step_for(max([*amounts, 0]) / _TICKS) * _TICKS


def _counts_step(least: float) -> float:
    size = 1
    while True:
        for step in _COUNT_STEPS:
            if step * size >= least:
                return step * size
        size *= 100


def _time_step(least: float) -> float:
    known = next((step for step in _TIME_STEPS if step >= least), None)
    return known or (least // _DAY + 1) * _DAY


def _group(series: Sequence[Series], at: int, name: Text, top: float) -> list[Bar]:
    width = 7.0 / len(series)
    bars = []
    for place, one in enumerate(series):
        if amount := one.values[at].amount:
            high, value = amount / top * _HEIGHT, one.values[at]
            x = 10 * at + 1.5 + place * width
            title = f"{name}: {one.label} {value.words}"
            bars.append(Bar(one.tone, _r(x), _r(_HEIGHT - high), _r(width - 0.4), _r(high), title, value.url))
    return bars


def _line(one: Series, names: Sequence[Text], top: float) -> Line:
    spots, dots = [], []
    for at, (name, value) in enumerate(zip(names, one.values, strict=True)):
        if value.amount is not None:
            spots.append(_spot(10 * at + 5, _HEIGHT - value.amount / top * _HEIGHT))
            dots.append(Dot(f"M{spots[-1]}h0", f"{name}: {one.label} {value.words}", value.url))
    return Line(one.tone, _path(spots), dots)


def _path(spots: Sequence[str]) -> str:
    """One point alone is no line."""
    return "M" + "L".join(spots) if len(spots) > 1 else ""


def _spot(x: float, y: float) -> str:
    return f"{_r(x)} {_r(y)}"


def _axis(labels: Sequence[Text]) -> list[tuple[Text, bool]]:
    """At most sixteen words stand below a plot, at most six on a phone; the last one always does."""
    count = len(labels)
    every, on_phones = -(-count // 16), -(-count // 6)
    places = [(count - 1 - at) for at in range(count)]
    return [
        (label if place % every == 0 else "", place % (every * -(-on_phones // every)) == 0)
        for label, place in zip(labels, places, strict=True)
    ]


def _r(number: float) -> float:
    return round(number, 2)
