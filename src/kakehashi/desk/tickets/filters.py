"""The filter pills above a list of tickets, with their counts."""

from django.http import HttpRequest
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_lists import Filter, query_with

from .statistics import Statistics


def filters_of(request: HttpRequest, show: str, statistics: Statistics, *, of_customer: bool = False) -> list[Filter]:
    """All and not closed sum up with closed; a customer's list leaves out who works on them."""
    counts = statistics.counts()
    named: list[tuple[str, Text]] = [
        ("all", pgettext("tickets", "All")),
        ("open", pgettext("tickets", "Not closed")),
        ("mine", pgettext("tickets", "Mine")),
        ("unassigned", pgettext("tickets", "Unassigned")),
        ("overdue", pgettext("tickets", "Overdue")),
        ("high_priority", pgettext("tickets", "High priority")),
        ("escalated", pgettext("tickets", "Escalated")),
        ("closed", pgettext("tickets", "Closed")),
    ]
    return [
        Filter(
            label,
            query_with(request, show=key, page=None, offset=None),
            counts[key],
            is_current=key == show,
            is_late=key == "overdue",
        )
        for key, label in named
        if not (of_customer and key in {"mine", "unassigned"})
    ]
