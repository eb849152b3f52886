"""The columns of a connection's board: those that stand, and those that were removed and can be put back."""

from django.db.models import QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.core.errors import NotFound

from .models import FoldedColumn, TypeColumn


def standing_columns(connection: Connection) -> QuerySet[TypeColumn]:
    """In the order of the board."""
    return TypeColumn.objects.filter(connection=connection, removed_at=None)


def removed_columns(connection: Connection) -> QuerySet[TypeColumn]:
    """The latest first."""
    rows = TypeColumn.objects.filter(connection=connection, removed_at__isnull=False)
    return rows.order_by("-removed_at", "-pk")


def find_column(connection: Connection, column_id: int) -> TypeColumn:
    """One that stands. Raises `NotFound`."""
    found = standing_columns(connection).filter(pk=column_id).first()
    if found is None:
        raise NotFound
    return found


def folded_columns(connection: Connection, person_id: int | None) -> frozenset[int]:
    """The ids of the columns that a person wants to see of nothing but how much stands in them."""
    rows = FoldedColumn.objects.filter(column__connection=connection, person_id=person_id or 0)
    return frozenset(rows.values_list("column_id", flat=True))
