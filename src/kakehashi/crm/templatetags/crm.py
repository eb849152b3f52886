"""Tags that only CRM templates use; load them with {% load crm %}."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kakehashi.crm.list_views.row_html import row_html
from kakehashi.ui.templatetags.ui_lists import query_with

register = template.Library()
register.simple_tag(row_html, name="record_row")


@register.simple_tag(takes_context=True)
def list_address(context: template.Context, **changes: Any) -> str:
    """The present address with some of its query changed; None takes a part away."""
    request: HttpRequest = context["request"]
    return query_with(request, **changes)


@register.filter
def translated(text: str) -> str:
    """A sentence that was stored as its English source, in the reader's language."""
    return _(text) if text else ""


@register.simple_tag
def import_steps() -> list[str]:
    """The steps of an import, for the stepper."""
    return [_("File"), _("Columns"), _("Check"), _("Result")]
