from typing import Any

from django.http import HttpRequest

from .workspace import WORKSPACE_LINKS


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs; asked for lazily, so that fragments do not pay for it."""
    person_id = request.user.pk if request.user.is_authenticated else None
    return {
        "workspace_links": lambda: (
            [link for source in WORKSPACE_LINKS for link in source(person_id)] if person_id else []
        ),
        "theme": request.user.theme if request.user.is_authenticated else request.COOKIES.get("theme", "system"),
    }
