"""Words of the Desk's own templates."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value under a key, nothing where there is none."""
    return mapping.get(key)
