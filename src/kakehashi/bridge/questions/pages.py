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

from .access import SHOWS, connection_of, find_question, questions_of, read_page
from .actions import IsSettled, answer
from .models import Question
from .showing import TEMPLATES, shown, shown_all


@require_GET
@org_page
def questions(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection, crm = connection_of(visit), crm_side(visit.org_id)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "open"
    before = request.GET.get("before", "")
    place = int(before) if before.isdecimal() and len(before) < 19 else None
    found, older = read_page(questions_of(connection, show, visit.actor), crm, visit.actor, before=place)
    for one in found:
        one.connection = connection
    here = reverse("crm_questions", args=[visit.org_id])
    context = {
        "items": shown_all(found, crm),
        "older_url": f"{here}?show={show}&before={older}" if older else "",
        "show": show,
        "filters": [Filter(label, f"{here}?show={key}", None, key == show) for key, label in _filters()],
    }
    return _page(request, visit, "questions.html", context)


@require_GET
@org_page
def question(request: HttpRequest, visit: Visit, question_id: int) -> HttpResponse:
    """One question by itself: where bell and mail lead."""
    found = find_question(visit, question_id)
    return _shown(request, visit, found)


@require_POST
@org_page
def question_answer(request: HttpRequest, visit: Visit, question_id: int) -> HttpResponse:
    found = find_question(visit, question_id)
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
    request: HttpRequest, visit: Visit, found: Question, *, status: int = 200, error: Text = "", typed: str = ""
) -> HttpResponse:
    """The question again, as a part of a page or as a page."""
    item = shown(found, crm_side(visit.org_id), error=error, typed=typed)
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


def _filters() -> list[tuple[str, str]]:
    return [
        ("open", _("Waiting")),
        ("mine", pgettext("question", "For me")),
        ("answered", _("Answered")),
        ("all", _("All")),
    ]
