"""Addresses of many things of one kind on one page: Django's `reverse` is asked once for all of them."""

from collections.abc import Callable
from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

NUMBER = 9_007_199_254_740_991
"""Stands in the arguments for the number that differs from thing to thing."""


def numbered(name: str, *args: object) -> Callable[[int], str]:
    """`numbered("crm_record", 3, "Contacts", NUMBER)(17)` is the address of contact 17."""
    before, after = _around((get_script_prefix(), get_urlconf()), name, args)
    return lambda number: f"{before}{number}{after}"


@lru_cache(maxsize=2_000)
def _around(_where: tuple[str, str | None], name: str, args: tuple[object, ...]) -> tuple[str, str]:
    before, _number, after = reverse(name, args=args).partition(str(NUMBER))
    return before, after
