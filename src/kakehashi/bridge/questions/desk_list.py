"""What support has asked sales, in the Desk: all questions about tickets that one sees."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import desk_front, desk_side
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.sides.protocols import DeskSide
from kakehashi.bridge.visits import portal_page
from kakehashi.core.errors import NotFound
from kakehashi.ui.templatetags.ui_lists import Filter

from .models import Question
from .reading import questions_of, read_page
from .showing import TEMPLATES, ShownQuestion, shown_in_desk


@require_GET
@portal_page
def questions(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """One's own, unless one asks for others."""
    connection, desk = connection_of_portal(visit.portal_id), desk_side(visit.portal_id)
    if connection is None:
        raise NotFound
    asked = request.GET.get("show", "")
    show = asked if asked in dict(_filters()) else "asked"
    places: dict[int, int] = {}

    def readable(some: Sequence[Question]) -> list[Question]:
        places.update(_places(desk, some, visit))
        return [one for one in some if one.pk in places]

    rows = questions_of(connection, show, visit.actor.person_id or 0)
    found, more = read_page(rows, readable, after=request.GET.get("after", ""))
    here = reverse("desk_questions", args=[visit.portal_id])
    context: dict[str, Any] = {
        "items": _shown(desk, found, places, visit),
        "more_url": f"{here}?show={show}&after={more}" if more else "",
        "show": show,
        "filters": [Filter(label, f"{here}?show={key}", None, key == show) for key, label in _filters()],
    }
    return desk_front().page(request, visit, f"{TEMPLATES}/desk_questions.html", context, active="questions")


def _places(desk: DeskSide, some: Sequence[Question], visit: DeskVisit) -> dict[int, int]:
    """The ticket of each question as it lives today, as far as this person sees it."""
    living = desk.living_tickets([one.ticket_id for one in some]) if some else {}
    seen = desk.visible_tickets(list(living.values()), visit.actor) if living else {}
    return {one.pk: living[one.ticket_id] for one in some if living.get(one.ticket_id) in seen}


def _shown(
    desk: DeskSide, found: Sequence[Question], places: dict[int, int], visit: DeskVisit
) -> Sequence[ShownQuestion]:
    may_update = desk.rights(visit.actor).may_update
    return [
        shown_in_desk(
            one,
            (visit.portal_id, places[one.pk]),
            may_withdraw=may_update or one.asked_by_id == visit.actor.person_id,
        )
        for one in found
    ]


def _filters() -> list[tuple[str, str]]:
    return [
        ("asked", pgettext("question", "Asked by me")),
        ("open", pgettext("question", "Waiting")),
        ("answered", _("Answered")),
        ("all", _("All")),
    ]
