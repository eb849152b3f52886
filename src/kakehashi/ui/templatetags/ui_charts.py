"""Tags for figures: plots with a table that says the same, and the small ones that stand in tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from kakehashi.core.errors import Text
from kakehashi.ui.charts import Plot, shares, spark_bars, spark_line
from kakehashi.ui.drawing import picture_of, table_of

register = template.Library()
PARTS = "ui/components/templates"


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A horizontal bar with its number. `picture` is a rating's face, or ""."""

    label: Text
    amount: float
    words: Text
    tone: str = "1"
    url: str = ""
    picture: str = ""


@register.inclusion_tag(f"{PARTS}/plot.html")
def plot(drawn: Plot) -> dict[str, Any]:
    """A plot in a card: legend, picture, and its table. The picture's links serve the mouse, the table's everybody."""
    return {"plot": drawn, "picture": picture_of(drawn), "table": table_of(drawn)}


@register.inclusion_tag(f"{PARTS}/spark.html")
def bars_in_tile(amounts: Sequence[float]) -> dict[str, Any]:
    """Decoration beside a number that is there in words."""
    return {"bars": spark_bars(amounts)}


@register.inclusion_tag(f"{PARTS}/spark.html")
def line_in_tile(amounts: Sequence[float | None]) -> dict[str, Any]:
    return {"line": spark_line(amounts)}


@register.inclusion_tag(f"{PARTS}/spark.html")
def shares_in_tile(parts: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """(tone, amount) side by side in one bar."""
    return {"bars": shares(parts), "is_low": True}


@register.inclusion_tag(f"{PARTS}/share_rows.html")
def share_rows(rows: Sequence[ShareRow]) -> dict[str, Any]:
    """A list of bars, each as long as its share of the largest."""
    top = max([row.amount for row in rows] or [0]) or 1
    return {"rows": [(row, round(100 * row.amount / top, 1)) for row in rows]}
