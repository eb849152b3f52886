"""Words of the Desk's own templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from kakehashi.desk.ticket_views.card_html import card_html
from kakehashi.desk.tickets.row_html import row_html

register = template.Library()
register.simple_tag(row_html, name="ticket_row")
register.simple_tag(card_html, name="ticket_card")


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under a key, nothing where there is none."""
    return mapping.get(key)
