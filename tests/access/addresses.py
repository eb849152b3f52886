"""Every address of the product, found from the URL configuration itself, so that none can be forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:(?P<type>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """A named URL. `route` is its pattern: "crm/<int:org_id>/<str:module_name>/"."""

    name: str
    route: str

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(match["name"] for match in _PARAMETER.finditer(self.route))

    def fill(self, values: dict[str, object]) -> str:
        """The path with its parameters put in. A `KeyError` names one that the world of the matrix does not know yet."""
        return "/" + _PARAMETER.sub(lambda match: str(values[match["name"]]), self.route)


def all_addresses() -> list[Address]:
    """Ours only: what libraries mount (sign-in pages) is theirs to test."""
    return sorted(set(_walk(get_resolver(), "")), key=lambda address: address.route)


def tenant_addresses() -> list[Address]:
    """Pages of an org or a portal."""
    return [address for address in all_addresses() if address.route.startswith(("crm/<", "desk/<"))]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield Address(pattern.name or route, route)
