"""The dialog in which a filter over the block is built, and the filters that a person keeps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues
from kakehashi.core.filters.definition import MOST_CONDITIONS
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.list_builder.builder import Builder, RowGroup, read_sent
from kakehashi.ui.list_builder.parts import TEMPLATES as PARTS
from kakehashi.ui.list_builder.parts import show_group, show_row

from .access import RecordTickets, tickets_of
from .card import TEMPLATES, card_context
from .choice import BlockChoice, read_choice
from .saved_filters import asked_by, delete_filter, restore_filter, save_filter


@require_http_methods(["GET", "POST"])
@org_page
def conditions(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """GET shows the block's filter as rows; POST puts the block that was asked for in its place, or says what is wrong."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    choice = read_choice(request.GET if request.method == "GET" else request.POST)
    builder = _builder(tickets)
    if request.method == "GET":
        return _dialog(request, tickets, builder, choice, builder.groups(choice.filter), choice.filter.join)
    sent = read_sent(request.POST, builder.subjects)
    if sent.refusals:
        groups = builder.sent_groups(sent)
        return _dialog(request, tickets, builder, choice, groups, sent.filter.join, status=422)
    return _block(request, tickets, choice.filtered(sent.filter))


@require_GET
@org_page
def row(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    builder = _builder(tickets)
    return show_row(request, builder, _addresses(tickets, builder))


@require_GET
@org_page
def group(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    builder = _builder(tickets)
    return show_group(request, builder, _addresses(tickets, builder))


@require_http_methods(["GET", "POST"])
@org_page
def saving(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Keep the block's filter under a name."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    choice = read_choice(request.GET if request.method == "GET" else request.POST)
    name, refusal = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            save_filter(tickets.connection, name, choice.filter, actor=visit.actor)
        except InvalidValues as refused:
            refusal = str(refused.by_field["name"])
        else:
            return with_toast(_block(request, tickets, choice), _("The filter “%(name)s” was saved.") % {"name": name})
    context = {"tickets": tickets, "state": choice.state(), "name": name, "refusal": refusal}
    return render(request, f"{TEMPLATES}/save_filter.html", context, status=422 if refusal else 200)


@require_POST
@org_page
def removal(request: HttpRequest, visit: Visit, module: str, record_id: int, saved_filter_id: int) -> HttpResponse:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    gone = delete_filter(tickets.connection, saved_filter_id, actor=visit.actor)
    undo = reverse("record_tickets_filter_undo", args=[*tickets.address, gone.pk])
    if not is_fragment(request):
        return redirect(f"{tickets.crm_url}#desk")
    said = _("The filter “%(name)s” was deleted.") % {"name": gone.name}
    return with_toast(
        render(request, f"{TEMPLATES}/card.html", card_context(request, tickets, BlockChoice())), said, undo=undo
    )


@require_POST
@org_page
def restoration(request: HttpRequest, visit: Visit, module: str, record_id: int, saved_filter_id: int) -> HttpResponse:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    back = restore_filter(tickets.connection, saved_filter_id, actor=visit.actor)
    if not is_fragment(request):
        return redirect(f"{tickets.crm_url}?{BlockChoice().filtered(asked_by(back)).query()}#desk")
    return with_event(HttpResponse(status=204), "ticket-changed")


def _builder(tickets: RecordTickets) -> Builder:
    return Builder(tickets.desk.ticket_subjects(tickets.actor), tickets.desk.ticket_naming(tickets.actor))


def _dialog(
    request: HttpRequest,
    tickets: RecordTickets,
    builder: Builder,
    choice: BlockChoice,
    groups: list[RowGroup],
    join: str,
    *,
    status: int = 200,
) -> HttpResponse:
    frame: dict[str, Any] = {"groups": groups, "join": join, "most": MOST_CONDITIONS, "state": choice.state()}
    return render(request, f"{PARTS}/filter.html", {**_addresses(tickets, builder), **frame}, status=status)


def _addresses(tickets: RecordTickets, builder: Builder) -> dict[str, Any]:
    return {
        "sections": tickets.desk.subject_sections(builder.subjects),
        "url": reverse("record_tickets_filter", args=tickets.address),
        "row_url": reverse("record_tickets_filter_row", args=tickets.address),
        "group_url": reverse("record_tickets_filter_group", args=tickets.address),
    }


def _block(request: HttpRequest, tickets: RecordTickets, choice: BlockChoice) -> HttpResponse:
    """The block as it is asked for now. The dialog that asked goes: nothing takes its place."""
    if not is_fragment(request):
        return redirect(f"{tickets.crm_url}?{choice.query()}#desk")
    return render(request, f"{TEMPLATES}/card.html", {**card_context(request, tickets, choice), "is_aside": True})
