"""The CRM as a place where the bridge shows pages: who is there, what they may do, and the frames that pages stand in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed
from kakehashi.ui.shell.workspace import Workspace

from .tickets import Choice


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person inside an org."""

    org_id: int
    org_name: str
    actor: Actor
    permissions: frozenset[str]
    workspace: Callable[[], Workspace]
    who_can: Callable[[str], str]

    @property
    def person_id(self) -> int:
        return self.actor.person_id or 0

    def require(self, permission: str) -> None:
        """Raises `NotAllowed`, naming who can."""
        if permission not in self.permissions:
            raise NotAllowed(who_can=self.who_can(permission))


class CrmFront(Protocol):
    def orgs_where(self, person_id: int, permission: str) -> Sequence[Choice]:
        """The orgs in which this person has a permission, by name."""
        ...

    def visit(self, request: HttpRequest, org_id: int) -> Visit:
        """Raises `NotFound` for who is no active member of the org."""
        ...

    def settings_page(
        self, request: HttpRequest, visit: Visit, template: str, context: Mapping[str, Any], *, key: str, status: int
    ) -> HttpResponse:
        """A page inside the org's settings; `key` is its entry in the menu."""
        ...

    def record_page(
        self, request: HttpRequest, visit: Visit, module: str, record_id: int, *, sheet: SafeString
    ) -> HttpResponseBase:
        """The full page of a record with a sheet open over it. Raises `NotFound`."""
        ...


@dataclass(frozen=True, slots=True)
class DeskVisit:
    """A signed-in person with an active seat in a portal."""

    portal_id: int
    portal_name: str
    actor: Actor
    is_administrator: bool

    def require_administrator(self) -> None:
        if not self.is_administrator:
            raise NotAllowed


class DeskFront(Protocol):
    """The Desk as a place where the bridge shows pages."""

    def has_seat(self, portal_id: int, person_id: int) -> bool:
        """Whether this person has an active account there. One query."""
        ...

    def home_url(self, portal_id: int) -> str:
        """Where the people of a portal begin."""
        ...

    def visit(self, request: HttpRequest, portal_id: int) -> DeskVisit:
        """Raises `NotFound` for who has no active seat."""
        ...

    def page(
        self, request: HttpRequest, visit: DeskVisit, template: str, context: Mapping[str, Any], *, active: str
    ) -> HttpResponse:
        """A page inside the portal; `active` is its entry in the navigation."""
        ...

    def settings_page(
        self,
        request: HttpRequest,
        visit: DeskVisit,
        template: str,
        context: Mapping[str, Any],
        *,
        key: str,
        status: int,
    ) -> HttpResponse:
        """A page inside the portal's settings; `key` is its entry in the menu."""
        ...
