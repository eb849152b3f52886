"""The columns of the board: the four that the product comes with, and those that administrators make of them."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.deals import OPEN_DEALS, deals_that_are
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.filters.definition import Filter, FilterIsBroken, as_json, from_json

from .models import About, Standard, TypeColumn
from .progress import sort_anew
from .queries import standing_columns

MOST_COLUMNS = 8
_HINTS: dict[str, Text] = {
    Standard.NEW: gettext_lazy("Not in the CRM"),
    Standard.PEOPLE: gettext_lazy("In the CRM, without an open or won deal"),
    Standard.DEALS: gettext_lazy("With an open deal"),
    Standard.CUSTOMERS: gettext_lazy("With a won deal and none open"),
}
# An open deal goes before a won one: then somebody is selling to this customer just now (spec X6).
_DEFAULTS = (
    (Standard.NEW, About.REST, Filter(), 4),
    (Standard.PEOPLE, About.KNOWN, Filter(), 3),
    (Standard.DEALS, About.DEALS, OPEN_DEALS, 1),
    (Standard.CUSTOMERS, About.DEALS, deals_that_are("Closed Won"), 2),
)


def columns_of(connection: Connection) -> list[TypeColumn]:
    """In the order of the board. One query, once there are any."""
    return list(standing_columns(connection)) or _begin(connection)


def hint_of(column: TypeColumn) -> Text:
    """Who stands there, in a line."""
    return About(column.about).label if column.name or not column.standard else _HINTS[column.standard]


def filter_in(column: TypeColumn) -> Filter:
    try:
        return from_json(column.filter)
    except FilterIsBroken:
        return Filter()


@transaction.atomic
def restore_columns(connection: Connection, *, actor: Actor) -> None:
    """The four as they were at first. Columns of somebody's own are removed, and can be put back."""
    before = _names(connection)
    the_four = TypeColumn.objects.filter(connection=connection).exclude(standard="")
    the_four.filter(Q(removed_at=None) | Q(name="")).delete()
    standing_columns(connection).update(removed_at=clock.now())
    _begin(connection)
    _changed(connection, before, actor)


@transaction.atomic
def save_column(
    connection: Connection, column: TypeColumn | None, *, name: str, about: str, asked: Filter, actor: Actor
) -> TypeColumn:
    """Another name and other conditions; without a column a new one, asked before all others. Raises `InvalidValues`."""
    before, columns = _names(connection), columns_of(connection)
    tidy = " ".join(name.split())
    if problem := _problem(tidy, [one for one in columns if column is None or one.pk != column.pk]):
        raise InvalidValues({"name": problem})
    if column is None:
        column = TypeColumn(connection=connection, position=len(columns) + 1, precedence=1)
        for other in columns:
            other.precedence += 1
        TypeColumn.objects.bulk_update(columns, ["precedence"])
    column.name = "" if column.standard and tidy == str(Standard(column.standard).label) else tidy
    if column.about != About.REST:
        column.about, column.filter = about, as_json(asked) if about in _MODULES else {}
    column.save()
    _changed(connection, before, actor)
    return column


@transaction.atomic
def remove_column(connection: Connection, column: TypeColumn, *, actor: Actor) -> None:
    """Its tickets stand wherever they fit next. The one for everybody else stays. Raises `InvalidValues`."""
    if column.about == About.REST:
        raise InvalidValues({"name": _("This column stays: everybody else has to stand somewhere.")})
    before = _names(connection)
    column.removed_at = clock.now()
    column.save(update_fields=["removed_at"])
    _changed(connection, before, actor)


@transaction.atomic
def put_back_column(connection: Connection, column: TypeColumn, *, actor: Actor) -> None:
    """Where it stood, as far as the others left its place. Raises `InvalidValues` when there is no room for it, or its name is taken."""
    before, columns = _names(connection), columns_of(connection)
    if problem := _problem(column.label, columns):
        raise InvalidValues({"name": problem})
    column.removed_at = None
    columns = sorted([*columns, column], key=lambda one: (one.position, one is not column))
    for place, one in enumerate(columns, start=1):
        one.position = place
    asked = sorted(columns, key=lambda one: (one.about == About.REST, one.precedence, one is not column))
    for place, one in enumerate(asked, start=1):
        one.precedence = place
    TypeColumn.objects.bulk_update(columns, ["position", "precedence", "removed_at"])
    _changed(connection, before, actor)


@transaction.atomic
def arrange_columns(connection: Connection, *, shown: Sequence[int], asked: Sequence[int], actor: Actor) -> None:
    """The order on the board, and the order in which the columns are asked; who is not named follows as it stood."""
    before, columns = _names(connection), columns_of(connection)
    for place, column in enumerate(_ordered(columns, shown), start=1):
        column.position = place
    by_precedence = sorted(columns, key=lambda one: (one.about == About.REST, one.precedence))
    for place, column in enumerate(
        sorted(_ordered(by_precedence, asked), key=lambda one: one.about == About.REST), start=1
    ):
        column.precedence = place
    TypeColumn.objects.bulk_update(columns, ["position", "precedence"])
    _changed(connection, before, actor)


_MODULES = (About.LEADS, About.CONTACTS, About.ACCOUNTS, About.DEALS)


def _ordered(columns: Sequence[TypeColumn], ids: Sequence[int]) -> list[TypeColumn]:
    place = {one: number for number, one in enumerate(ids)}
    return sorted(columns, key=lambda column: place.get(column.pk, len(place)))


def _begin(connection: Connection) -> list[TypeColumn]:
    made = [
        TypeColumn(
            connection=connection,
            standard=standard,
            about=about,
            filter=as_json(asked),
            position=position,
            precedence=precedence,
        )
        for position, (standard, about, asked, precedence) in enumerate(_DEFAULTS, start=1)
    ]
    return TypeColumn.objects.bulk_create(made)


def _problem(name: str, others: Sequence[TypeColumn]) -> Text:
    if not name:
        return _("Enter a name.")
    if len(name) > 60:
        return _("At most %(limit)s characters.") % {"limit": 60}
    if any(other.label == name for other in others):
        return _("There is a column of this name already.")
    return _("A board has at most %(count)s columns.") % {"count": MOST_COLUMNS} if len(others) >= MOST_COLUMNS else ""


def _names(connection: Connection) -> list[str]:
    return [column.label for column in standing_columns(connection)]


def _changed(connection: Connection, before: Sequence[str], actor: Actor) -> None:
    """Told in the CRM's audit log; all open tickets are looked at again."""
    data = {"changes": {"columns": [", ".join(before), ", ".join(_names(connection))]}}
    write_fact(
        Fact(connection.tenant, "bridge.customer_types.updated", "bridge.connection", connection.pk, data), actor
    )
    sort_anew(connection)
