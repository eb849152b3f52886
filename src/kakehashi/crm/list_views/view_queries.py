"""Which views a person has of a module."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.filters.definition import Filter, FilterIsBroken, from_json
from kakehashi.core.fixed_reads import fixed_read
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
    marks = _marks(access.person.pk, module.id)
    saved = [as_view(row, module) for row in _visible(*_whose(access, module))]
    return Views(
        standard_views(module),
        saved,
        frozenset(mark.key for mark in marks if mark.is_pinned),
        next((mark.key for mark in marks if mark.is_default), DEFAULT_KEY),
    )


def visible_views(access: CrmAccess, module: ModuleSchema) -> QuerySet[ListView]:
    """One's own, those shared with everyone, and those shared with the person or their role."""
    return _shown_to(*_whose(access, module))


def _whose(access: CrmAccess, module: ModuleSchema) -> tuple[int, int, int, int]:
    """Without a role it is that of nobody."""
    return access.org.pk, module.id, access.person.pk, access.membership.role_id or 0


@fixed_read
def _visible(org_id: int, module_id: int, person_id: int, role_id: int) -> QuerySet[ListView]:
    return _shown_to(org_id, module_id, person_id, role_id).order_by("name", "pk")


def _shown_to(org_id: int, module_id: int, person_id: int, role_id: int) -> QuerySet[ListView]:
    chosen = ListView.objects.filter(Q(people=person_id) | Q(roles=role_id), sharing=Sharing.CHOSEN)
    shared = Q(sharing=Sharing.EVERYONE) | Q(pk__in=chosen.values("pk"))
    rows = ListView.objects.filter(org_id=org_id, module_id=module_id, deleted_at=None)
    return rows.filter(Q(owner_id=person_id) | shared).select_related("owner")


@fixed_read
def _marks(person_id: int, module_id: int) -> QuerySet[ViewMark]:
    return ViewMark.objects.filter(person_id=person_id, module_id=module_id)


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
