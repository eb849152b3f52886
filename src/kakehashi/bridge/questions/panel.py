"""The questions about a CRM record, as a card of its page."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import crm_side

from .models import WAITING, Question
from .showing import TEMPLATES, shown_all

_MOST = 10


def has_questions(org_id: int, module: str, record_id: int) -> bool:
    return Question.objects.filter(
        connection__org_id=org_id, connection=living_connection(org_id), module=module, record_id=record_id
    ).exists()


def waiting_count(org_id: int, module: str, record_id: int) -> int:
    rows = Question.objects.filter(connection=living_connection(org_id), module=module, record_id=record_id)
    return rows.filter(state__in=WAITING).count()


def render_card(request: HttpRequest, org_id: int, module: str, record_id: int) -> SafeString:
    """For somebody who sees the record: the page asked for that. What waits first, then the latest."""
    rows = Question.objects.select_related("connection").filter(
        connection=living_connection(org_id), module=module, record_id=record_id
    )
    found = sorted(rows.order_by("-pk")[:_MOST], key=lambda one: not one.is_waiting)
    context = {"items": shown_all(found, crm_side(org_id)), "org_id": org_id}
    return render_to_string(f"{TEMPLATES}/card.html", context, request)
