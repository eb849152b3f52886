"""The questions of a ticket, beside its fields in the Desk."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core.actors import Actor

from .models import Question
from .showing import TEMPLATES, shown_all

_MOST = 5


def render_panel(request: HttpRequest, portal_id: int, ticket_id: int, actor: Actor) -> SafeString:
    """For somebody who sees the ticket. Also questions of tickets that were merged into it."""
    connection, desk = connection_of_portal(portal_id), desk_side(portal_id)
    rights = desk.rights(actor)
    ids = [ticket_id, *desk.absorbed_tickets([ticket_id])]
    rows = Question.objects.select_related("connection").filter(connection=connection, ticket_id__in=ids)
    found = list(rows.order_by("-pk")[:_MOST])
    context = {
        "items": [
            (item, rights.may_update or item.question.asked_by_id == actor.person_id)
            for item in shown_all(found, crm_side(connection.org_id))
        ]
        if connection
        else [],
        "may_ask": rights.may_comment,
        "asking_url": reverse("desk_question_asking", args=[portal_id, ticket_id]),
        "portal_id": portal_id,
        "ticket_id": ticket_id,
    }
    return render_to_string(f"{TEMPLATES}/desk_panel.html", context, request)
