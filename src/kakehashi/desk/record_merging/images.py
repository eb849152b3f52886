"""What a survivor held before and after a merge, and what of it nobody has changed since. Pure, but for reading a product's departments."""

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.desk.products.models import Product
from kakehashi.desk.records.fields import storable
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.writing import Kind

Image = Mapping[str, Any]
DEPARTMENTS = "departments"


def image_of(kind: Kind[Any], row: DeskRecord) -> dict[str, Any]:
    """Values by API name as JSON; of a product also where it is offered."""
    image = {name: storable(value) for name, value in kind.values_of(row).items()}
    if isinstance(row, Product):
        image[DEPARTMENTS] = sorted(row.departments.values_list("pk", flat=True))
    return image


def changed(before: Image, after: Image) -> list[str]:
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def changed_since(before: Image, after: Image, now: Image) -> list[str]:
    """What the merge changed and somebody has changed again: it stays. Of lists only what the merge added is taken out again."""
    return [
        name
        for name in changed(before, after)
        if now.get(name) != after.get(name) and not _is_list(name, before, after)
    ]


def given_back(before: Image, after: Image, now: Image) -> dict[str, Any]:
    """The values to write, by name."""
    kept = changed_since(before, after, now)
    return {
        name: _listed_back(before.get(name) or [], after.get(name) or [], now.get(name) or [])
        if _is_list(name, before, after)
        else before.get(name)
        for name in changed(before, after)
        if name not in kept
    }


def _is_list(name: str, before: Image, after: Image) -> bool:
    return isinstance(before.get(name), list) or isinstance(after.get(name), list)


def _listed_back(before: Sequence[Any], after: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    added = [one for one in after if one not in before]
    taken = [one for one in before if one not in after and one not in now]
    return [*(one for one in now if one not in added), *taken]
