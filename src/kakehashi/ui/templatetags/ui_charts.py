"""Tags for figures: plots with a table that says the same, and the small ones that stand in tiles."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from kakehashi.ui.charts import Plot, ShareRow, shares, spark_bars, spark_line
from kakehashi.ui.drawing import picture_of, share_rows_of, small_picture_of, table_of

register = template.Library()
PARTS = "ui/components/templates"


@register.inclusion_tag(f"{PARTS}/plot.html")
def plot(drawn: Plot) -> dict[str, Any]:
    """A plot in a card: legend, picture, and its table. The picture's links serve the mouse, the table's everybody."""
    return {"plot": drawn, "picture": picture_of(drawn), "table": table_of(drawn)}


@register.simple_tag
def bars_in_tile(amounts: Sequence[float]) -> SafeString:
    """Decoration beside a number that is there in words."""
    return small_picture_of(spark_bars(amounts))


@register.simple_tag
def line_in_tile(amounts: Sequence[float | None]) -> SafeString:
    return small_picture_of(line=spark_line(amounts))


@register.simple_tag
def shares_in_tile(parts: Sequence[tuple[str, float]]) -> SafeString:
    """(tone, amount) side by side in one bar."""
    return small_picture_of(shares(parts), is_low=True)


@register.simple_tag
def share_rows(rows: Sequence[ShareRow]) -> SafeString:
    """A list of bars, each as long as its share of the largest."""
    return share_rows_of(rows)
