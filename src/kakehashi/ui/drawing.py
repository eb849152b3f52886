"""The shapes and cells of plots as HTML. Written here and not in a template, which takes a third of a page's time for hundreds of them."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from kakehashi.core.errors import Text

from .charts import Bar, Dot, Line, Plot, ShareRow, Value
from .templatetags.ui_tickets import rating


def picture_of(plot: Plot) -> SafeString:
    """What stands within the `<svg>`: grid, bars, lines with their points, each with what it says and where it leads."""
    return _joined(_shapes(plot))


def table_of(plot: Plot) -> SafeString:
    """The rows of the table that says the same."""
    return _joined(
        f'<tr><th scope="row">{_text(name)}</th>{"".join(_cell(value) for value in values)}</tr>'
        for name, values in plot.rows
    )


def small_picture_of(bars: Sequence[Bar] = (), line: Line | None = None, *, is_low: bool = False) -> SafeString:
    """The whole `<svg>` of a figure in a tile; a single point of a line is drawn as one."""
    shapes = [_rectangle(bar) for bar in bars]
    if line:
        shapes += [_path(line)] if line.path else [_point(line, dot) for dot in line.dots]
    size = "k-spark is-low" if is_low else "k-spark"
    return _joined([f'<svg class="{size}" {_BOX.format(100)}>', *shapes, "</svg>"])


def share_rows_of(rows: Sequence[ShareRow]) -> SafeString:
    """A list of bars, each as long as its share of the largest."""
    top = max([row.amount for row in rows] or [0]) or 1
    return _joined(
        ['<ul class="k-shares">', *(_share_row(row, round(100 * row.amount / top, 1)) for row in rows), "</ul>"]
    )


_BOX = 'viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true"'


def _share_row(row: ShareRow, percent: float) -> str:
    name = rating(row.picture) if row.picture else f"<span>{_text(row.label)}</span>"
    bar = f'<svg {_BOX.format(8)}><rect class="is-{row.tone}" width="{percent}" height="8"/></svg>'
    words = _text(row.words)
    shown = f'<a href="{_text(row.url)}">{words}</a>' if row.url and row.amount else f"<span>{words}</span>"
    return f"<li>{name}{bar}{shown}</li>"


def _shapes(plot: Plot) -> Iterator[str]:
    for y in plot.grid:
        yield f'<path class="is-grid" d="M0 {y}H{plot.width}"/>'
    for bar in plot.bars:
        yield _linked(bar, _rectangle(bar))
    for line in plot.lines:
        yield from _points(line)


def _points(line: Line) -> Iterator[str]:
    if line.path:
        yield _path(line)
    for dot in line.dots:
        yield _linked(dot, _point(line, dot))


def _rectangle(bar: Bar) -> str:
    box = f'x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"'
    return f'<rect class="is-{bar.tone}" {box}>{_title(bar)}</rect>'


def _path(line: Line) -> str:
    return f'<path class="is-line is-{line.tone}" d="{line.path}"/>'


def _point(line: Line, dot: Dot) -> str:
    return f'<path class="is-dot is-{line.tone}" d="{dot.path}">{_title(dot)}</path>'


def _title(shape: Bar | Dot) -> str:
    return f"<title>{_text(shape.title)}</title>" if shape.title else ""


def _linked(shape: Bar | Dot, drawn: str) -> str:
    """Links of the picture serve the mouse; those of the table serve everybody."""
    if not shape.url:
        return drawn
    url, title = _text(shape.url), _text(shape.title)
    return f'<a href="{url}" tabindex="-1" aria-label="{title}">{drawn}</a>'


def _cell(value: Value) -> str:
    words = _text(value.words)
    shown = f'<a href="{_text(value.url)}">{words}</a>' if value.url else words or "—"
    return f'<td class="k-right">{shown}</td>'


def _text(words: Text) -> str:
    return escape(str(words))


def _joined(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - every text in it is escaped above
