"""Linking tickets to deals from a CRM record: the dialogs over its list, and the deals beside a ticket in its sheet."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.ticket_panel.access import RecordTickets, tickets_of
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound

from . import answers
from .queries import deals_of, seen_in_crm
from .sheet import deals_context, url_of
from .showing import TEMPLATES, choices, linked_deals


@require_GET
@org_page
def linking(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """商談へのリンク: which deal the chosen tickets belong to."""
    tickets, ids = _chosen(request, visit, module, record_id)
    preset = tickets.crm.deals([record_id], visit.actor).get(record_id) if module == "Deals" else None
    return render(request, f"{TEMPLATES}/linking.html", _link_context(tickets, ids) | {"preset": preset})


@require_GET
@org_page
def deal_choices(request: HttpRequest, visit: Visit, module: str, record_id: int) -> JsonResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    sides = (tickets.crm, tickets.desk)
    found = choices(tickets.connection, sides, ids, request.GET.get("q", ""), visit.actor)
    return JsonResponse(found, safe=False)


@require_POST
@org_page
def links(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    try:
        done = answers.link(request, tickets.connection, ids, visit.actor)
    except InvalidValues as refused:
        context = _link_context(tickets, ids) | {"error": refused.by_field["deal"]}
        return render(request, f"{TEMPLATES}/linking.html", context, status=422)
    undo = f"{url_of('record_deal_unlinks', tickets)}?{done.again}"
    return answers.answer(request, done, undo, otherwise=_list_of(tickets))


@require_GET
@org_page
def unlinking(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """商談へのリンクの解除: from which of their deals."""
    tickets, ids = _chosen(request, visit, module, record_id)
    found = deals_of(tickets.connection, tickets.desk, ids, seen_in_crm(tickets.crm, visit.actor))
    context = {
        "linked": linked_deals(found),
        "own_deal": record_id if module == "Deals" else 0,
        "count": len(ids),
        "selected": ids,
        "url": url_of("record_deal_unlinks", tickets),
    }
    return render(request, f"{TEMPLATES}/unlinking.html", context)


@require_POST
@org_page
def unlinks(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    done = answers.unlink(request, tickets.connection, ids, visit.actor)
    undo = f"{url_of('record_deal_links', tickets)}?{done.again}"
    return answers.answer(request, done, undo, otherwise=_list_of(tickets))


@require_POST
@org_page
def refusals(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """The suggested deal is not the one."""
    tickets, ids = _chosen(request, visit, module, record_id)
    done = answers.refuse(request, tickets.connection, ids, visit.actor)
    undo = f"{url_of('record_deal_returns', tickets)}?{done.again}"
    return answers.answer(request, done, undo, otherwise=_list_of(tickets))


@require_POST
@org_page
def returns(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Suggest it again."""
    tickets, ids = _chosen(request, visit, module, record_id)
    done = answers.take_refusal_back(request, tickets.connection, ids, visit.actor)
    return answers.answer(request, done, "", otherwise=_list_of(tickets))


@require_GET
@org_page
def deals_of_ticket(request: HttpRequest, visit: Visit, module: str, record_id: int, ticket_id: int) -> HttpResponse:
    """The deals beside a ticket in its sheet. As a full page it is the ticket's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    tickets.require_own([ticket_id])
    if "HX-Request" not in request.headers:
        return redirect("record_ticket", *tickets.address, ticket_id)
    return render(request, f"{TEMPLATES}/panel.html", deals_context(tickets, ticket_id))


def _chosen(request: HttpRequest, visit: Visit, module: str, record_id: int) -> tuple[RecordTickets, Sequence[int]]:
    """The tickets named by `selected`; all must be this customer's, and this person must be allowed to change tickets."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    ids = answers.selected(request)
    if not ids:
        raise NotFound
    tickets.require_own(ids)
    if not tickets.rights.may_update:
        raise NotAllowed
    return tickets, ids


def _link_context(tickets: RecordTickets, ids: Sequence[int]) -> dict[str, object]:
    chosen = urlencode({"selected": ids}, doseq=True)
    return {
        "selected": ids,
        "count": len(ids),
        "url": url_of("record_deal_links", tickets),
        "choices_url": f"{url_of('record_deal_choices', tickets)}?{chosen}",
    }


def _list_of(tickets: RecordTickets) -> str:
    return f"{tickets.crm.record_url(tickets.record.module, tickets.record.id)}#desk"
