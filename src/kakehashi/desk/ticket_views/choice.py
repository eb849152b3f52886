"""What an address says of the list: which view, and how it differs from what the view keeps."""

from dataclasses import dataclass

from django.http import QueryDict

from kakehashi.core.filters.definition import Filter, as_text, from_text

from .columns import read_columns
from .models import ListLayout
from .offer import Offer
from .views import DEFAULT_SORT, View, Views


@dataclass(frozen=True, slots=True)
class ListChoice:
    """One list as an address asks for it. `after` and `before` are places in it."""

    view: View
    filter: Filter
    columns: tuple[str, ...]
    sort: str
    text: str = ""
    layout: str = ListLayout.TABLE
    after: str = ""
    before: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than its view keeps; words searched for are no part of a view."""
        view = self.view
        return (self.filter, self.columns, self.sort) != (view.filter, view.columns, view.sort)

    @property
    def has_own_filter(self) -> bool:
        return self.filter != self.view.filter

    @property
    def filter_text(self) -> str:
        return as_text(self.filter)

    @property
    def columns_text(self) -> str:
        return ",".join(self.columns)

    def query(self) -> dict[str, str]:
        """What an address needs to say for this list, without its page."""
        view = self.view
        said = {"view": view.key}
        if self.text:
            said["q"] = self.text
        if self.filter != view.filter:
            said["filter"] = as_text(self.filter)
        if self.columns != view.columns:
            said["columns"] = self.columns_text
        if self.sort != view.sort:
            said["sort"] = self.sort
        return said


def read_choice(query: QueryDict, views: Views, offer: Offer) -> ListChoice:
    """`show` is what older addresses call a view. Raises `NotFound` for a view that is not there, `FilterIsBroken`."""
    view = views.chosen(query.get("view", "") or query.get("show", ""))
    own_sort = view.sort if offer.sorts_by(view.sort) else DEFAULT_SORT
    sort = query.get("sort", "")
    layout = query.get("layout", "")
    return ListChoice(
        view=view,
        filter=from_text(query.get("filter", "")) if "filter" in query else view.filter,
        columns=read_columns(query.get("columns", ""), offer) or view.columns,
        sort=sort if offer.sorts_by(sort) else own_sort,
        text=query.get("q", "").strip()[:200],
        layout=layout if layout in ListLayout.values else views.layout,
        after=query.get("after", ""),
        before=query.get("before", ""),
    )
