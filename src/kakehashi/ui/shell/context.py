from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, set_urlconf
from django.utils.translation import gettext as _

from .workspace import NEW_WORKSPACES, WORKSPACE_LINKS, WorkspaceLink

THEMES = ("system", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs; asked for lazily, so that fragments do not pay for it."""
    person_id = request.user.pk if request.user.is_authenticated else None
    return {
        "workspace_links": lambda: workspace_links(person_id) if person_id else [],
        "new_workspaces": list(NEW_WORKSPACES),
        "theme": chosen_theme(request),
        "theme_choices": theme_choices,
        "language_choices": settings.LANGUAGES,
        "script_words": script_words,
        "demo": getattr(settings, "DEMO", False),
    }


def workspace_links(person_id: int) -> list[WorkspaceLink]:
    """With their own addresses, also while the page that asks stands within another workspace."""
    here = get_urlconf()
    set_urlconf(None)
    try:
        return [link for source in WORKSPACE_LINKS for link in source(person_id)]
    finally:
        set_urlconf(here)


def chosen_theme(request: HttpRequest) -> str:
    """The person's theme, a stranger's cookie, else the system's."""
    theme = request.user.theme if request.user.is_authenticated else request.COOKIES.get("theme", "system")
    return theme if theme in THEMES else "system"


def theme_choices() -> list[tuple[str, str, str]]:
    """Key, name and icon of each theme."""
    return [
        ("system", _("Follow the system"), "device-desktop"),
        ("light", _("Light"), "sun"),
        ("dark", _("Dark"), "moon"),
    ]


def script_words() -> dict[str, str]:
    """Every text that a script may show. Scripts themselves hold none."""
    return {
        "undo": _("Undo"),
        "undone": _("Undone"),
        "close": _("Close"),
        "remove": _("Remove {name}"),
        "leave": _("What you typed is not saved yet. Leave this page?"),
        "not_sent": _("No answer came. What you typed is still here."),
        "too_slow": _("This takes too long. What you typed is still here: try again."),
        "not_done": _("The server could not do this. Please try again."),
        "too_large": _("This file is too large: {name}"),
        "no_results": _("Nothing found"),
        "create": _("Create “{text}”"),
        "selected": _("{count} selected"),
        "copied": _("Copied"),
        "uploading": _("Uploading {name}"),
        "not_attached": _("“{name}” could not be attached. Try again."),
        "new_domain": _("This ticket has never written to {names}. Check the address."),
        "new_people": _("Not in the last mail: {names}"),
        "left_out": _("In the last mail, but not in this one: {names}"),
        "kept": _("What you typed is kept: it is here when you open the form again."),
        "kept_here": _("Kept in this tab"),
        "draft_kept": _("Your draft is kept with the ticket."),
        "refreshed": _("This page was brought up to date"),
    }
