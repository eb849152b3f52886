"""The shapes and cells of a plot as HTML. Written here and not in a template, which takes a third of a page's time for hundreds of them."""

from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

from kakehashi.core.errors import Text

from .charts import Bar, Dot, Line, Plot, Value


def picture_of(plot: Plot) -> SafeString:
    """What stands within the `<svg>`: grid, bars, lines with their points, each with what it says and where it leads."""
    return _joined(_shapes(plot))


def table_of(plot: Plot) -> SafeString:
    """The rows of the table that says the same."""
    return _joined(
        f'<tr><th scope="row">{_text(name)}</th>{"".join(_cell(value) for value in values)}</tr>'
        for name, values in plot.rows
    )


def _shapes(plot: Plot) -> Iterator[str]:
    for y in plot.grid:
        yield f'<path class="is-grid" d="M0 {y}H{plot.width}"/>'
    for bar in plot.bars:
        box = f'x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"'
        yield _linked(bar, f'<rect class="is-{bar.tone}" {box}>{_title(bar)}</rect>')
    for line in plot.lines:
        yield from _points(line)


def _points(line: Line) -> Iterator[str]:
    if line.path:
        yield f'<path class="is-line is-{line.tone}" d="{line.path}"/>'
    for dot in line.dots:
        yield _linked(dot, f'<path class="is-dot is-{line.tone}" d="{dot.path}">{_title(dot)}</path>')


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


def _joined(parts: Iterator[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - every text in it is escaped above
