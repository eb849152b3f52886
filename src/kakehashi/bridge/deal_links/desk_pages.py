"""Linking a ticket to deals from its page in the Desk, for agents who work in the CRM, too."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.front import DeskVisit
from kakehashi.bridge.visits import portal_page
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound

from . import answers
from .queries import deals_of, seen_in_crm, seen_in_desk
from .showing import TEMPLATES, DealUrls, choices, linked_deals, panel_context


def render_panel(request: HttpRequest, portal_id: int, ticket_id: int, actor: Actor) -> SafeString:
    """The deals beside the fields of a ticket, for somebody who sees it."""
    connection = connection_of_portal(portal_id)
    if connection is None:
        return SafeString()
    crm, desk = crm_side(connection.org_id), desk_side(portal_id)
    urls = DealUrls(
        here="",  # the column that it stands in comes anew with the ticket
        linking=_url("desk_deal_linking", portal_id, ticket_id),
        unlinking=_url("desk_deal_unlinking", portal_id, ticket_id),
        links=_url("desk_deal_links", portal_id, ticket_id),
        refusals=_url("desk_deal_refusals", portal_id, ticket_id),
    )
    see = seen_in_desk(connection, crm, actor)
    context = panel_context(connection, (crm, desk), ticket_id, actor, see, urls)
    return render_to_string(f"{TEMPLATES}/panel.html", context, request)


@require_GET
@portal_page
def linking(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    _require(visit, ticket_id)
    return render(request, f"{TEMPLATES}/linking.html", _link_context(visit, ticket_id))


@require_GET
@portal_page
def deal_choices(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> JsonResponse:
    connection = _require(visit, ticket_id)
    sides = crm_side(connection.org_id), desk_side(visit.portal_id)
    return JsonResponse(choices(connection, sides, [ticket_id], request.GET.get("q", ""), visit.actor), safe=False)


@require_POST
@portal_page
def links(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    connection = _require(visit, ticket_id)
    try:
        done = answers.link(request, connection, [ticket_id], visit.actor)
    except InvalidValues as refused:
        context = _link_context(visit, ticket_id) | {"error": refused.by_field["deal"]}
        return render(request, f"{TEMPLATES}/linking.html", context, status=422)
    return _answer(request, visit, ticket_id, done, "desk_deal_unlinks")


@require_GET
@portal_page
def unlinking(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    connection = _require(visit, ticket_id)
    see = seen_in_crm(crm_side(connection.org_id), visit.actor)
    found = deals_of(connection, desk_side(visit.portal_id), [ticket_id], see)
    context = {
        "linked": linked_deals(found),
        "own_deal": 0,
        "count": 1,
        "selected": [ticket_id],
        "url": _url("desk_deal_unlinks", visit.portal_id, ticket_id),
    }
    return render(request, f"{TEMPLATES}/unlinking.html", context)


@require_POST
@portal_page
def unlinks(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    done = answers.unlink(request, _require(visit, ticket_id), [ticket_id], visit.actor)
    return _answer(request, visit, ticket_id, done, "desk_deal_links")


@require_POST
@portal_page
def refusals(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    done = answers.refuse(request, _require(visit, ticket_id), [ticket_id], visit.actor)
    return _answer(request, visit, ticket_id, done, "desk_deal_returns")


@require_POST
@portal_page
def returns(request: HttpRequest, visit: DeskVisit, ticket_id: int) -> HttpResponse:
    done = answers.take_refusal_back(request, _require(visit, ticket_id), [ticket_id], visit.actor)
    return _answer(request, visit, ticket_id, done, "")


def _require(visit: DeskVisit, ticket_id: int) -> Connection:
    """The connection, for who sees the ticket and may link it. Raises `NotFound`, `NotAllowed`."""
    connection, desk = connection_of_portal(visit.portal_id), desk_side(visit.portal_id)
    if connection is None or ticket_id not in desk.visible_tickets([ticket_id], visit.actor):
        raise NotFound
    if not desk.rights(visit.actor).may_update or not crm_side(connection.org_id).has_member(
        visit.actor.person_id or 0
    ):
        raise NotAllowed
    return connection


def _link_context(visit: DeskVisit, ticket_id: int) -> dict[str, object]:
    return {
        "selected": [ticket_id],
        "count": 1,
        "url": _url("desk_deal_links", visit.portal_id, ticket_id),
        "choices_url": _url("desk_deal_choices", visit.portal_id, ticket_id),
    }


def _answer(request: HttpRequest, visit: DeskVisit, ticket_id: int, done: answers.Done, undo: str) -> HttpResponse:
    back = f"{_url(undo, visit.portal_id, ticket_id)}?{done.again}" if undo else ""
    return answers.answer(request, done, back, otherwise=_url("desk_ticket", visit.portal_id, ticket_id))


def _url(name: str, portal_id: int, ticket_id: int) -> str:
    return reverse(name, args=[portal_id, ticket_id])
