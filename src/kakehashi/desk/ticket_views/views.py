"""A view of the tickets, whether we ship it or somebody saved it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.filters.definition import Condition, Filter, FilterIsBroken, filter_of, from_json
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.teams.queries import read_teams

from .models import ListHabit, ListLayout, TicketView

DEFAULT_KEY = "open"
DEFAULT_SORT = "-activity"
DEFAULT_COLUMNS = ("status", "priority", "contactId", "assigneeId", "dueDate", "lastActivity")


@dataclass(frozen=True, slots=True)
class View:
    """`key` stands in addresses: a word for ours, the number of a saved one. `saved` is None for ours."""

    key: str
    name: Text
    filter: Filter = field(default_factory=Filter)
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    sort: str = DEFAULT_SORT
    saved: TicketView | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Views:
    """All views that a person may choose, and how they like the list."""

    standard: Sequence[View]
    mine: Sequence[View]
    shared: Sequence[View]
    layout: str = ListLayout.TABLE
    default_key: str = DEFAULT_KEY

    def __iter__(self) -> Iterator[View]:
        return iter((*self.standard, *self.mine, *self.shared))

    def chosen(self, key: str) -> View:
        """The view that an address names; without a name the person's own default. Raises `NotFound`."""
        wanted = key or self.default_key
        found = next((view for view in self if view.key == wanted), None)
        if found is None and key:
            raise NotFound
        return found or next(view for view in self.standard if view.key == DEFAULT_KEY)


def standard_views() -> list[View]:
    """What every portal has from the start, in the order of the rail."""
    is_open = Condition("statusType", "any_of", ("Open", "On Hold"))
    return [
        View("mine", pgettext_lazy("tickets", "Mine"), filter_of(is_open, Condition("assigneeId", "any_of", ("me",)))),
        View("unassigned", pgettext_lazy("tickets", "Unassigned"), filter_of(is_open, Condition("assigneeId", "empty"))),
        View("teams", _("My teams'"), filter_of(is_open, Condition("teamId", "any_of", ("mine",)))),
        View("team", _("My colleagues'"), filter_of(is_open, Condition("assigneeId", "any_of", ("team",)))),
        View("followed", _("Followed by me"), filter_of(is_open, Condition("followers", "any_of", ("me",)))),
        View("open", pgettext_lazy("tickets", "Not closed"), filter_of(is_open)),
        View("on_hold", pgettext_lazy("tickets", "On hold"), _asking("statusType", "any_of", "On Hold")),
        View("overdue", pgettext_lazy("tickets", "Overdue"), _asking("clock", "any_of", "overdue"), sort="due", is_late=True),
        View("today", _("Due today"), _asking("clock", "any_of", "today"), sort="due"),
        View("escalated", pgettext_lazy("tickets", "Escalated"), _asking("isEscalated", "yes")),
        View("high_priority", pgettext_lazy("tickets", "High priority"), _asking("priority", "any_of", "High")),
        View("ours", _("Our turn"), _asking("turn", "any_of", "ours")),
        View("customer", _("Customer's turn"), _asking("turn", "any_of", "customer")),
        View("closed", pgettext_lazy("tickets", "Closed"), _asking("statusType", "any_of", "Closed")),
        View("all", pgettext_lazy("tickets", "All")),
    ]  # fmt: skip


def views_of(access: DeskAccess) -> Views:
    """Three queries."""
    saved = [as_view(row) for row in _saved(access.portal.pk, access.person.pk)]
    habit = first_row(_habit(access.agent.pk)) or ListHabit(agent=access.agent)
    has_teams = bool(read_teams(access.portal))
    own = access.person.pk
    return Views(
        [view for view in standard_views() if view.key != "teams" or has_teams],
        [view for view in saved if view.saved and view.saved.owner_id == own],
        [view for view in saved if view.saved and view.saved.owner_id != own],
        habit.layout,
        habit.view or DEFAULT_KEY,
    )


def visible_views(access: DeskAccess) -> QuerySet[TicketView]:
    return _shown_to(access.portal.pk, access.person.pk)


@fixed_read
def _saved(portal_id: int, person_id: int) -> QuerySet[TicketView]:
    return _shown_to(portal_id, person_id).select_related("owner").order_by("name", "pk")


def _shown_to(portal_id: int, person_id: int) -> QuerySet[TicketView]:
    rows = TicketView.objects.filter(portal_id=portal_id, deleted_at=None)
    return rows.filter(Q(owner_id=person_id) | Q(is_shared=True))


@fixed_read
def _habit(agent_id: int) -> QuerySet[ListHabit]:
    return ListHabit.objects.filter(agent_id=agent_id)


def changeable_view(access: DeskAccess, view_id: int, *, is_deleted: bool = False) -> TicketView:
    """One's own; an administrator also changes what others share. Raises `NotFound`."""
    rows = TicketView.objects.filter(portal=access.portal, pk=view_id, deleted_at__isnull=not is_deleted)
    mine = Q(owner=access.person)
    found = rows.filter(mine | Q(is_shared=True) if access.rights.may_administer else mine).first()
    if found is None:
        raise NotFound
    found.portal = access.portal
    return found


def as_view(row: TicketView) -> View:
    try:
        asked = from_json(row.filter)
    except FilterIsBroken:
        asked = Filter()
    return View(str(row.pk), row.name, asked, tuple(row.columns) or DEFAULT_COLUMNS, row.sort or DEFAULT_SORT, row)


def _asking(field: str, operator: str, *values: str) -> Filter:
    return filter_of(Condition(field, operator, values))
