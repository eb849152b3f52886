"""The block on a record's page, which stands whether the Desk answers or not."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from kakehashi.bridge.sides.failures import SideIsAway
from kakehashi.core.actors import Actor

from .card import TEMPLATES, count_of, render_card


def count_if_known(org_id: int, module: str, record_id: int, actor: Actor) -> int | None:
    try:
        return count_of(org_id, module, record_id, actor)
    except SideIsAway:
        return None


def render_panel(request: HttpRequest, org_id: int, module: str, record_id: int, actor: Actor) -> SafeString:
    try:
        return render_card(request, org_id, module, record_id, actor)
    except SideIsAway as away:
        context = {"said": away.message, "url": reverse("record_tickets", args=[org_id, module, record_id])}
        return render_to_string(f"{TEMPLATES}/away.html", context, request)
