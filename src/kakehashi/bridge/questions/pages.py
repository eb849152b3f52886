"""Questions from support, in the CRM: the list, one question, and the answer to it. Nobody needs an account in the Desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.ui.htmx import is_fragment, with_toast
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter
from kakehashi.ui.toasts import add_toast

from .access import answerable, connection_of, find_answerable, find_question, readable
from .actions import IsSettled, answer
from .models import Question
from .reading import questions_of, read_page, waiting_for
from .showing import TEMPLATES, shown


@require_GET
@org_page
def questions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was put to this person, unless they ask for others; without anything that waits for them what waits for anybody."""
    connection, crm, person_id = connection_of(visit), crm_side(visit.org_id), visit.actor.person_id or 0
    waiting = waiting_for(connection, person_id)
    filters = _filters(waiting)
    asked = request.GET.get("show", "")
    show = asked if asked in {key for key, _label, _count in filters} else "mine" if waiting else "open"
    rows = questions_of(connection, show, person_id)
    found, more = read_page(rows, lambda some: readable(some, crm, visit.actor), after=request.GET.get("after", ""))
    for one in found:
        one.connection = connection
    open_to = {one.pk for one in answerable([one for one in found if one.is_waiting], crm, visit.actor)}
    here = reverse("crm_questions", args=[visit.org_id])
    context = {
        "items": [shown(one, crm, may_answer=one.pk in open_to) for one in found],
        "more_url": f"{here}?show={show}&after={more}" if more else "",
        "show": show,
        "filters": [Filter(label, f"{here}?show={key}", count, key == show) for key, label, count in filters],
    }
    return _page(request, visit, "questions.html", context)


@require_GET
@org_page
def question(request: HttpRequest, visit: Visit, question_id: int) -> HttpResponse:
    """One question by itself: where bell and mail lead."""
    found = find_question(visit, question_id)
    may_answer = bool(answerable([found], crm_side(visit.org_id), visit.actor))
    return _shown(request, visit, found, may_answer=may_answer)


@require_POST
@org_page
def question_answer(request: HttpRequest, visit: Visit, question_id: int) -> HttpResponse:
    found = find_answerable(visit, question_id)
    typed = request.POST.get("text", "")
    try:
        found = answer(found, text=typed, actor=visit.actor)
    except InvalidValues as invalid:
        return _shown(request, visit, found, status=422, error=invalid.by_field["text"], typed=typed)
    except (IsSettled, NotFound) as refused:
        found.refresh_from_db()
        gone = _("The ticket lies in the recycle bin of the Desk. Your answer was not sent.")
        error = gone if isinstance(refused, NotFound) else refused.message
        return _shown(request, visit, found, status=409, error=error, typed=typed)
    said = _("Your answer stands on ticket #%(number)s") % {"number": found.ticket_number}
    if is_fragment(request):
        return with_toast(_shown(request, visit, found), said)
    add_toast(request, said)
    return redirect("crm_question", visit.org_id, found.pk)


def _shown(
    request: HttpRequest,
    visit: Visit,
    found: Question,
    *,
    may_answer: bool = True,
    status: int = 200,
    error: Text = "",
    typed: str = "",
) -> HttpResponse:
    """The question again, as a part of a page or as a page."""
    item = shown(found, crm_side(visit.org_id), may_answer=may_answer, error=error, typed=typed)
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/item.html", {"item": item, "is_open": True}, status=status)
    return _page(request, visit, "question.html", {"item": item, "is_open": True}, status=status)


def _page(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = {"org_id": visit.org_id, **context}
    return render_page(
        request, f"{TEMPLATES}/{template}", frame, workspace=visit.workspace(), active="questions", status=status
    )


def _filters(waiting: int) -> list[tuple[str, str, int | None]]:
    """(what an address says, its label, a count)."""
    return [
        ("mine", pgettext("question", "For me"), waiting),
        ("asked", pgettext("question", "Asked by me"), None),
        ("open", pgettext("question", "Waiting"), None),
        ("answered", _("Answered"), None),
        ("all", _("All"), None),
    ]
