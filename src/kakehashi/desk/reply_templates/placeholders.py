"""Placeholders of templates and signatures: `{{contact.name}}` becomes the contact's name. Pure.

What is not known of a ticket stays as it is written: an agent sees the gap, and nothing leaves the house with one in it.
"""

import re
from collections.abc import Mapping

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text

PLACEHOLDERS: Mapping[str, Text] = {
    "contact.name": _("Name of the contact"),
    "contact.last_name": _("Last name of the contact"),
    "contact.first_name": _("First name of the contact"),
    "account.name": _("Account name"),
    "ticket.number": _("Number of the ticket"),
    "ticket.subject": _("Subject of the ticket"),
    "agent.name": _("Name of the agent who writes"),
    "department.name": _("Department name"),
    "portal.name": _("Portal name"),
}
IN_SIGNATURES = ("agent.name", "department.name", "portal.name")
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")


def filled(html: str, values: Mapping[str, str]) -> str:
    """Safe HTML with the values in it, as text. A placeholder without a value stays."""

    def value_of(match: re.Match[str]) -> str:
        return escape(values[match[1]]) if values.get(match[1]) else match[0]

    return _PLACEHOLDER.sub(value_of, html)


def placeholders_in(html: str) -> list[str]:
    """Their names, known or not."""
    return list(dict.fromkeys(match[1] for match in _PLACEHOLDER.finditer(html)))


def unknown_in(html: str) -> list[str]:
    """Placeholders that there are none of, as they were typed."""
    return list(dict.fromkeys(m[0] for m in _PLACEHOLDER.finditer(html) if m[1] not in PLACEHOLDERS))


def open_in(html: str) -> list[str]:
    """Placeholders that were not filled, as they stand in the text. Other words in braces are the writer's own."""
    return list(dict.fromkeys(m[0] for m in _PLACEHOLDER.finditer(html) if m[1] in PLACEHOLDERS))
