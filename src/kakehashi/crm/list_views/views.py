"""A view of a list, whether we ship it or somebody saved it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.filters.definition import Condition, Filter, filter_of
from kakehashi.crm.deals.stages import StageType, values_of_type
from kakehashi.crm.modules.schema import ModuleSchema

from .columns import BECAME
from .models import ListView

DEFAULT_SORT = "-modified"
DEFAULT_KEY = "all"


@dataclass(frozen=True, slots=True)
class View:
    """`key` stands in addresses: a word for ours, the number of a saved one. `saved` is None for ours.

    `is_of_converted` shows the leads that became something else instead of those that are still leads; nobody changes them.
    """

    key: str
    name: Text
    filter: Filter
    columns: tuple[str, ...]
    sort: str = DEFAULT_SORT
    saved: ListView | None = None
    is_of_converted: bool = False


def default_columns(module: ModuleSchema) -> tuple[str, ...]:
    return (*(name for name in module.columns if name in module.fields), "Modified_Time")


def standard_views(module: ModuleSchema) -> list[View]:
    """What every org has from the start, in the order of the menu."""
    columns = default_columns(module)
    everybody = [
        View(DEFAULT_KEY, _("All %(module)s") % {"module": module.plural}, Filter(), columns),
        View("mine", _("My %(module)s") % {"module": module.plural}, _asking("Owner", "any_of", "me"), columns),
        View("new", _("Recently created"), _asking("Created_Time", "last_days", "7"), columns, "-created"),
        View("changed", _("Recently changed"), _asking("Modified_Time", "last_days", "7"), columns),
    ]
    return everybody + [view for view in _own_views(module, columns) if _can_ask(view, module)]


def _own_views(module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    return {
        "Deals": _deal_views,
        "Leads": _lead_views,
        "Contacts": _contact_views,
        "Accounts": _account_views,
        "Products": _product_views,
    }.get(module.api_name, _no_views)(module, columns)


def _no_views(_module: ModuleSchema, _columns: tuple[str, ...]) -> list[View]:
    return []


def _deal_views(module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    won, lost = values_of_type(module, StageType.WON), values_of_type(module, StageType.LOST)
    is_open = Condition("Stage", "none_of", (*won, *lost))
    is_won = Condition("Stage", "any_of", tuple(won))
    this_month = Condition("Closing_Date", "this_month")
    return [
        View("open", _("Open deals"), filter_of(is_open), columns, "Closing_Date"),
        View("closing", _("Open deals closing this month"), filter_of(is_open, this_month), columns, "Closing_Date"),
        View("late", _("Open deals past their closing date"), filter_of(is_open, Condition("Closing_Date", "past")), columns, "Closing_Date"),
        View("won", _("Deals won this month"), filter_of(is_won, this_month), columns, "-Closing_Date"),
        View("lost", _("Lost deals"), filter_of(Condition("Stage", "any_of", tuple(lost))), columns),
    ]  # fmt: skip


def _lead_views(_module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    given_up = ("Not Qualified", "Lost Lead", "Junk Lead")
    return [
        View("working", pgettext_lazy("leads", "In progress"), _asking("Lead_Status", "none_of", *given_up), columns),
        View(
            "untouched", _("Not contacted yet"), _asking("Lead_Status", "any_of", "Not Contacted"), columns, "created"
        ),
        View("gone", _("Lost or not qualified"), _asking("Lead_Status", "any_of", *given_up), columns),
        View("converted", _("Converted leads"), Filter(), (BECAME, *columns), is_of_converted=True),
    ]


def _contact_views(_module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    return [
        View("homeless", _("Contacts without an account"), _asking("Account_Name", "empty"), columns),
        View("unreachable", _("Contacts without an e-mail address"), _asking("Email", "empty"), columns),
    ]


def _account_views(_module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    return [
        View(
            "customers", pgettext_lazy("accounts", "Customers"), _asking("Account_Type", "any_of", "Customer"), columns
        )
    ]


def _product_views(_module: ModuleSchema, columns: tuple[str, ...]) -> list[View]:
    return [View("active", _("Products on sale"), _asking("Product_Active", "yes"), columns, "name")]


def _asking(field: str, operator: str, *values: str) -> Filter:
    return filter_of(Condition(field, operator, values))


def _can_ask(view: View, module: ModuleSchema) -> bool:
    """A view of ours goes away with a field that somebody removed or that this person may not see."""
    ours = ("Created_Time", "Modified_Time")
    return all(
        (condition.field in module.fields or condition.field in ours)
        and (condition.values or condition.operator not in ("any_of", "none_of"))
        for condition in view.filter
    )
