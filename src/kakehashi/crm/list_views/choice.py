"""What a person asked to see, read from the address, so that an address always says what is shown and can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.filters.definition import Condition, Filter, as_text, filter_of, from_text
from kakehashi.core.ids import is_id
from kakehashi.crm.modules.schema import ModuleSchema

from .columns import BECAME, read_columns, sortable
from .views import View


@dataclass(frozen=True)
class ListChoice:
    """`filter`, `columns` and `sort` are the view's unless the address says otherwise; text, owner and `values` narrow it for now."""

    view: View
    filter: Filter
    columns: tuple[str, ...]
    sort: str
    text: str = ""
    owner: str = ""  # "", "me" or a person's id
    after: str = ""
    before: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.owner or self.values)

    @property
    def is_filtered(self) -> bool:
        return bool(self.is_narrowed or self.filter)

    @cached_property
    def quick(self) -> Filter:
        """The drop-downs above the list as a filter."""
        owner = [Condition("Owner", "any_of", (self.owner,))] if self.owner else []
        return filter_of(*owner, *(Condition(name, "any_of", (value,)) for name, value in self.values.items()))

    @property
    def is_changed(self) -> bool:
        """Whether saving the view would change it. What became of leads is shown by one view only."""
        view = self.view
        if view.is_of_converted:
            return False
        return bool(self.quick) or (self.filter, self.columns, self.sort) != (view.filter, view.columns, view.sort)

    @property
    def has_own_filter(self) -> bool:
        return self.filter != self.view.filter

    @property
    def has_own_columns(self) -> bool:
        return self.columns != self.view.columns

    @property
    def filter_text(self) -> str:
        return as_text(self.filter)

    def query(self) -> dict[str, str]:
        """The address of this list again, without a place in it."""
        said = {"view": self.view.key}
        if self.has_own_filter:
            said["filter"] = self.filter_text
        if self.has_own_columns:
            said["columns"] = ",".join(self.columns)
        if self.sort != self.view.sort:
            said["sort"] = self.sort
        narrowed = {"q": self.text, "owner": self.owner, **self.values}
        return said | {name: value for name, value in narrowed.items() if value}


def read_choice(query: Mapping[str, str], module: ModuleSchema, view: View) -> ListChoice:
    """Raises `FilterIsBroken` for a filter that cannot be read."""
    sort = query.get("sort", "") or view.sort
    owner = query.get("owner", "")
    return ListChoice(
        view=view,
        filter=from_text(query["filter"]) if "filter" in query else view.filter,
        columns=_columns(query.get("columns", ""), module, view),
        sort=sort if sort.removeprefix("-") in sortable(module) else view.sort,
        text=query.get("q", "").strip().replace("\x00", ""),
        owner=owner if owner == "me" or is_id(owner) else "",
        after=query.get("after", ""),
        before=query.get("before", ""),
        values={name: query[name] for name in filterable(module) if query.get(name)},
    )


def _columns(text: str, module: ModuleSchema, view: View) -> tuple[str, ...]:
    if not text:
        return view.columns
    kept = (BECAME,) if view.is_of_converted else ()
    return (*kept, *read_columns(text, module))


def filterable(module: ModuleSchema) -> dict[str, FieldSchema]:
    """Pick lists, and lookups: a related list's "show all" leads to the list filtered by one."""
    return {field.api_name: field for field in module.fields_of(FieldType.PICKLIST, FieldType.LOOKUP)}
