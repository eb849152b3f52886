"""Which views a person has of a module."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.filters.definition import Filter, FilterIsBroken, from_json
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .columns import offered_columns, sortable
from .models import ListView, Sharing, ViewMark
from .views import DEFAULT_KEY, DEFAULT_SORT, View, default_columns, standard_views


@dataclass(frozen=True, slots=True)
class Views:
    """All views that a person may choose, and what they think of them."""

    standard: Sequence[View]
    saved: Sequence[View]
    pinned_keys: frozenset[str] = field(default_factory=frozenset)
    default_key: str = DEFAULT_KEY

    def find(self, key: str) -> View | None:
        return next((view for view in (*self.standard, *self.saved) if view.key == key), None)

    @property
    def pinned(self) -> list[View]:
        return [view for view in (*self.standard, *self.saved) if view.key in self.pinned_keys]

    def chosen(self, key: str) -> View:
        """The view that an address names; without a name the person's own default. Raises `NotFound`."""
        if key and (view := self.find(key)):
            return view
        if key:
            raise NotFound
        return self.find(self.default_key) or self.standard[0]


def views_of(access: CrmAccess, module: ModuleSchema) -> Views:
    """Two queries."""
    marks = list(ViewMark.objects.filter(person_id=access.person.pk, module_id=module.id))
    saved = [as_view(row, module) for row in visible_views(access, module).order_by("name", "pk")]
    return Views(
        standard_views(module),
        saved,
        frozenset(mark.key for mark in marks if mark.is_pinned),
        next((mark.key for mark in marks if mark.is_default), DEFAULT_KEY),
    )


def visible_views(access: CrmAccess, module: ModuleSchema) -> QuerySet[ListView]:
    """One's own, those shared with everyone, and those shared with the person or their role."""
    membership = access.membership
    chosen = Q(people=access.person.pk) | (Q(roles=membership.role_id) if membership.role_id else Q(pk__in=()))
    shared = Q(sharing=Sharing.EVERYONE) | Q(
        pk__in=ListView.objects.filter(chosen, sharing=Sharing.CHOSEN).values("pk")
    )
    rows = ListView.objects.filter(org_id=access.org.pk, module_id=module.id, deleted_at=None)
    return rows.filter(Q(owner_id=access.person.pk) | shared).select_related("owner")


def may_edit_view(access: CrmAccess, row: ListView) -> bool:
    return row.owner_id == access.person.pk or access.membership.profile.is_administrator


def find_editable_view(access: CrmAccess, module: ModuleSchema, view_id: int) -> ListView:
    """Raises `NotFound` for a view that this person does not see or may not edit."""
    row = visible_views(access, module).filter(pk=view_id).first()
    if row is None or not may_edit_view(access, row):
        raise NotFound
    return row


def as_view(row: ListView, module: ModuleSchema) -> View:
    """A saved view as far as the module still has what it names."""
    offered = set(offered_columns(module))
    columns = tuple(name for name in row.columns if name in offered)
    is_sorted = row.sort.removeprefix("-") in sortable(module)
    return View(
        str(row.pk),
        row.name,
        _read_filter(row),
        columns or default_columns(module),
        row.sort if is_sorted else DEFAULT_SORT,
        row,
    )


def _read_filter(row: ListView) -> Filter:
    try:
        return from_json(row.filter)
    except FilterIsBroken:
        return Filter()
