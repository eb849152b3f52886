"""A filter as data: groups of conditions. Kept as JSON in views, mass actions and addresses; `version` says how to read it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import ProductError

VERSION = 1
MOST_CONDITIONS = 40
MOST_VALUES = 200
_JOINS = ("and", "or")
_LONGEST_VALUE = 450


class FilterIsBroken(ProductError):
    """The text is no filter of ours: an address that was cut off, a file of another version."""

    code = "filter_is_broken"
    message = _("This filter cannot be read. The address may have been cut off.")


@dataclass(frozen=True, slots=True)
class Condition:
    """`values` are canonical texts: a number, "2026-11-19", a choice, an id, "me" or "team"."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    conditions: tuple[Condition, ...]
    join: str = "and"


@dataclass(frozen=True, slots=True)
class Filter:
    """Groups joined by `join`, each joining its own conditions. Without conditions it lets everything through."""

    groups: tuple[Group, ...] = ()
    join: str = "and"

    def __iter__(self) -> Iterator[Condition]:
        return (condition for group in self.groups for condition in group.conditions)

    def __bool__(self) -> bool:
        return any(True for _condition in self)


def filter_of(*conditions: Condition) -> Filter:
    """All of these."""
    return Filter((Group(conditions),)) if conditions else Filter()


def both(one: Filter, other: Filter) -> Filter:
    """What fits both filters; conditions that must all hold stay in one group, so that people can read it."""
    if not one or not other:
        return one or other
    groups = [group for part in (one, other) for group in _must_hold(part)]
    plain = tuple(condition for group in groups if group.join == "and" for condition in group.conditions)
    rest = tuple(group for group in groups if group.join == "or")
    return Filter(((Group(tuple(dict.fromkeys(plain))),) if plain else ()) + rest)


def _must_hold(part: Filter) -> Sequence[Group]:
    """The groups of a filter that all hold. "A or B" of single conditions is one group of "or"."""
    if part.join == "and" or len(part.groups) < 2:
        return part.groups
    if all(len(group.conditions) < 2 or group.join == "or" for group in part.groups):
        return (Group(tuple(part), "or"),)
    raise FilterIsTooDeep


class FilterIsTooDeep(ProductError):
    """Two filters whose conjunction would need a third level."""

    code = "filter_is_too_deep"
    status = 422
    message = _("These filters cannot be joined into one. Clear the quick filters above the list first.")


def as_json(part: Filter) -> dict[str, Any]:
    """For the database."""
    groups = [
        {"join": group.join, "where": [[one.field, one.operator, *one.values] for one in group.conditions]}
        for group in part.groups
        if group.conditions
    ]
    return {"v": VERSION, "join": part.join, "groups": groups} if groups else {}


def as_text(part: Filter) -> str:
    """For an address; "" for a filter that lets everything through."""
    data = as_json(part)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) if data else ""


@lru_cache(maxsize=1024)
def in_address(part: Filter) -> str:
    """The same, quoted. A page of statistics leads to a hundred filters, which are the same ones all day."""
    return quote_plus(as_text(part))


def from_text(text: str) -> Filter:
    """Raises `FilterIsBroken`."""
    if not text.strip():
        return Filter()
    try:
        return from_json(json.loads(text))
    except (ValueError, RecursionError) as broken:
        raise FilterIsBroken from broken


def from_json(data: Any) -> Filter:
    """Raises `FilterIsBroken` for what has not our shape. Whether its fields exist is another question (checking.py)."""
    if not data:
        return Filter()
    if not isinstance(data, Mapping) or data.get("v") != VERSION or not isinstance(data.get("groups"), list):
        raise FilterIsBroken
    read = Filter(tuple(_group(part) for part in data["groups"]), _join(data))
    if sum(1 for _condition in read) > MOST_CONDITIONS:
        raise FilterIsBroken
    return read


def _group(data: Any) -> Group:
    if not isinstance(data, Mapping) or not isinstance(data.get("where"), list):
        raise FilterIsBroken
    return Group(tuple(_condition(row) for row in data["where"]), _join(data))


def _condition(row: Any) -> Condition:
    is_row = isinstance(row, list) and 2 <= len(row) <= MOST_VALUES + 2
    if not is_row or not all(
        isinstance(part, str) and len(part) <= _LONGEST_VALUE and "\x00" not in part for part in row
    ):
        raise FilterIsBroken
    return Condition(row[0], row[1], tuple(row[2:]))


def _join(data: Mapping[str, Any]) -> str:
    join = data.get("join", "and")
    if join not in _JOINS:
        raise FilterIsBroken
    return str(join)
