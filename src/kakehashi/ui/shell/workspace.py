"""What the top bar shows: the org or portal one is in, its tabs, and the others one may switch to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kakehashi.core.errors import NotFound, Text
from kakehashi.ui.live import token_for
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class Tab:
    """A link in the top bar, in a menu or in a rail. `icon` names a Tabler outline icon, `count` stays visible at 0."""

    key: str
    label: Text
    url: str
    icon: str = ""
    count: int | None = None
    is_set_off: bool = False  # a hairline stands before it
    quick_url: str = ""  # of a dialog that opens in the place of the page


@dataclass(frozen=True, slots=True)
class Bell:
    """`url` answers what hangs below it, `badge_url` its button again; `live` names the subject that changes when its number does."""

    label: Text
    url: str
    count: int
    badge_url: str = ""
    live: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A CRM org ("crm") or a Desk portal ("desk") as its pages see it."""

    kind: str
    id: int
    name: str
    home_url: str
    tabs: tuple[Tab, ...] = ()
    create: tuple[Tab, ...] = ()
    search_url: str = ""
    settings_url: str = ""
    bell: Bell | None = None
    live_tenants: tuple[str, ...] = ()  # whose changes this page may hear of, see ui.live


@dataclass(frozen=True, slots=True)
class WorkspaceLink:
    """An entry of the switcher."""

    kind: str
    name: str
    url: str


# Filled by the floors above: their own style sheets, as static paths.
STYLESHEETS: Slot[str] = Slot("style sheets")

# Filled by the products: a person's id -> the places they may switch to.
WORKSPACE_LINKS: Slot[Callable[[int], Iterable[WorkspaceLink]]] = Slot("workspace links")


# Filled by the products: the workspace that an address of theirs stands in, for who may be there.
WORKSPACES_BY_ADDRESS: Slot[Callable[[HttpRequest], Workspace | None]] = Slot("workspaces by address")


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """A place that anybody who has a sign-in may make."""

    label: Text
    route: str  # the name of a URL without arguments

    @property
    def url(self) -> str:
        return reverse(self.route)


NEW_WORKSPACES: Slot[NewWorkspace] = Slot("new workspaces")


@dataclass(frozen=True, slots=True)
class Frame:
    """A workspace around that of a page: its top bar stands above, with the tab `active` lit, the page's own navigation below it."""

    workspace: Workspace
    active: str


FRAMES: Slot[Callable[[HttpRequest], Frame | None]] = Slot("frames")
"""Asked of every full page inside a workspace: whether it stands within another one."""


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    workspace: Workspace | None,
    active: str = "",
    status: int = 200,
) -> HttpResponse:
    """A full page inside the shell. `active` is the key of the tab that is lit."""
    frame = {
        "workspace": workspace,
        "active_tab": active,
        "around": (around := frame_around(request) if workspace else None),
        "sheet": getattr(request, "sheet", ""),  # a floor above may open one over the page
        "live_token": _live_token(request, workspace, around),
    }
    return render(request, template, {**frame, **context}, status=status)


def workspace_around(request: HttpRequest) -> Workspace | None:
    """Where somebody is whose page could not be drawn: an error page keeps the shell around it."""
    return next((found for find in WORKSPACES_BY_ADDRESS if (found := find(request))), None)


def workspace_at(request: HttpRequest, name: str, enter: Callable[[Any, int], Workspace]) -> Workspace | None:
    """The workspace whose id stands in the address as `name`. `enter` opens it for the person who asks, or raises `NotFound`."""
    found = request.resolver_match.kwargs.get(name) if request.resolver_match else None
    if not isinstance(found, int) or not request.user.is_authenticated:
        return None
    try:
        return enter(request.user, found)
    except NotFound:
        return None


def frame_around(request: HttpRequest) -> Frame | None:
    return next((frame for find in FRAMES if (frame := find(request))), None)


def _live_token(request: HttpRequest, workspace: Workspace | None, around: Frame | None) -> str:
    heard = [*(workspace.live_tenants if workspace else ()), *(around.workspace.live_tenants if around else ())]
    if not heard:
        return ""
    session_key = request.session.session_key if hasattr(request, "session") else None
    return token_for(heard, person_id=request.user.pk, session_key=session_key)
