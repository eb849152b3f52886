"""Tags of the component kit, available in every template without loading."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler outline icon from our sprite. With `label` it has a name for screen readers, without it is decoration."""
    if label:
        return format_html(
            '<svg class="k-icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label,
            static("ui/icons.svg"),
            name,
        )
    return format_html('<svg class="k-icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("ui/icons.svg"), name)
