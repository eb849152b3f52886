"""Ways from a number to the Desk's own list of tickets."""

from django.urls import reverse

from kakehashi.core.filters.definition import Condition, Filter, both, filter_of, in_address
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.figures import CHANNEL_FIGURES
from kakehashi.ui.statistics.links import Links
from kakehashi.ui.statistics.periods import Window

from .queries import Departments, Products, Whose


def links_to_list(portal: Portal, whose: Whose, window: Window, *, sees_bin: bool = False) -> Links:
    """Spam leads to the recycle bin, for those who see it."""
    named = filter_of(*conditions_of(whose))
    list_url, bin_url = reverse("desk_tickets", args=[portal.pk]), reverse("desk_ticket_bin", args=[portal.pk])

    def to_list(asked: Filter) -> str:
        return f"{list_url}?view=all&filter={in_address(both(named, asked))}"

    def to_spam(asked: Filter) -> str:
        return f"{bin_url}?spam=yes&filter={in_address(both(named, asked))}" if sees_bin else ""

    return Links(to_list, to_spam, window, tuple(CHANNEL_FIGURES))


def conditions_of(whose: Whose) -> tuple[Condition, ...]:
    """How the list asks for them. An account stands for its own tickets and those of its contacts."""
    if isinstance(whose, Departments):
        ids = tuple(map(str, whose.ids or ()))
        return (Condition("departmentId", "any_of", ids),) if ids else ()
    if isinstance(whose, Products):
        return (Condition("productId", "any_of", tuple(map(str, whose.ids))),)
    if whose.account_ids:
        return (Condition("customerId", "any_of", tuple(map(str, whose.account_ids))),)
    return (Condition("contactId", "any_of", tuple(map(str, whose.contact_ids))),)
