"""Reading a long list page by page from a place in its order, never by counting off rows."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

from .errors import NotFound

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """A row's value of the sorting column, None where it is empty, and its id."""

    value: str | int | None
    id: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the places from which to read the pages around them, "" where there is none. `is_whole`: there are no others."""

    rows: list[Row]
    previous: str
    next: str
    is_whole: bool


def first_of(rows: QuerySet[Row], most: int) -> list[Row]:
    return list(rows[:most])


Fetch = Callable[[QuerySet[Row], int], list[Row]]  # (rows in order, how many of them)


def read_page(
    rows: QuerySet[Row],
    column: str,
    *,
    is_falling: bool,
    after: str = "",
    before: str = "",
    may_be_empty: bool = False,
    size: int,
    fetch: Fetch[Row] = first_of,
) -> Page[Row]:
    """The page after or before a place of an earlier page, else the first. Raises `NotFound` for what is no place of ours.

    `fetch` reads the first of some ordered rows, where the database needs to be told how.
    """
    place = read_place(before or after)
    found = rows_beyond(
        rows,
        column,
        place,
        is_falling=is_falling,
        is_backward=bool(before),
        may_be_empty=may_be_empty,
        most=size + 1,
        fetch=fetch,
    )
    has_more, shown = len(found) > size, found[:size]
    if before:
        shown.reverse()
    has_previous = has_more if before else place is not None
    has_next = bool(before) or has_more
    return Page(
        rows=shown,
        previous=place_of(shown[0], column) if has_previous and shown else "",
        next=place_of(shown[-1], column) if has_next and shown else "",
        is_whole=place is None and not has_more,
    )


def rows_beyond(
    rows: QuerySet[Row],
    column: str,
    place: Place | None,
    *,
    is_falling: bool,
    is_backward: bool = False,
    may_be_empty: bool = False,
    most: int,
    fetch: Fetch[Row] = first_of,
) -> list[Row]:
    """Rows after the place in the order of a column, then of ids; empty ones stand last, either way round.

    Backward means those before it, the nearest first. One query, or two around the border to what is empty.
    """
    is_down = is_falling != is_backward

    def filled_of(rows: QuerySet[Row], place: Place | None, most: int) -> list[Row]:
        return fetch(_filled(rows, column, place, is_down=is_down), most)

    if not may_be_empty:
        return filled_of(rows, place, most)
    filled, empty = rows.filter(**{f"{column}__isnull": False}), rows.filter(**{f"{column}__isnull": True})
    is_among_empty = place is not None and place.value is None
    if is_backward:
        found = fetch(_empty(empty, place, is_down=is_down), most) if is_among_empty else []
        wanted = most - len(found)
        return found + (filled_of(filled, None if is_among_empty else place, wanted) if wanted else [])
    found = [] if is_among_empty else filled_of(filled, place, most)
    wanted = most - len(found)
    return found + (fetch(_empty(empty, place if is_among_empty else None, is_down=is_down), wanted) if wanted else [])


def place_of(row: Model, column: str) -> str:
    """For an address."""
    value = getattr(row, column)
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    elif value is not None and not isinstance(value, int):
        value = str(value)
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode().rstrip("=")


def read_place(token: str) -> Place | None:
    """Raises `NotFound` for what is no place of ours."""
    if not token:
        return None
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return Place(value if value is None or isinstance(value, int) else str(value), int(row_id))
    except (ValueError, TypeError) as broken:
        raise NotFound from broken


def _filled(rows: QuerySet[Row], column: str, place: Place | None, *, is_down: bool) -> QuerySet[Row]:
    if place is not None:
        beyond = "lt" if is_down else "gt"
        rows = rows.filter(
            Q(**{f"{column}__{beyond}e": place.value}),  # lets the index begin at the place; the rest settles ties
            Q(**{f"{column}__{beyond}": place.value}) | Q(**{column: place.value, f"pk__{beyond}": place.id}),
        )
    order: list[Any] = [F(column).desc(), F("pk").desc()] if is_down else [F(column).asc(), F("pk").asc()]
    return rows.order_by(*order)


def _empty(rows: QuerySet[Row], place: Place | None, *, is_down: bool) -> QuerySet[Row]:
    if place is not None:
        rows = rows.filter(**{"pk__lt" if is_down else "pk__gt": place.id})
    return rows.order_by("-pk" if is_down else "pk")
