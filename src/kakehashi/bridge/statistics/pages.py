"""統計の表示: the statistics of a record's customer, in a sheet over the record; each number leads to its tickets in the block (spec N1, N2)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.bridge.sides.directory import front
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import TicketFilter
from kakehashi.bridge.ticket_panel.access import RecordTickets, tickets_of
from kakehashi.bridge.ticket_panel.choice import address_of
from kakehashi.bridge.visits import org_page
from kakehashi.core.filters.definition import Filter
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.statistics.choice import asked_basis, asked_period, choice_of
from kakehashi.ui.statistics.links import Links
from kakehashi.ui.statistics.showing import received_plot, show_report, show_spread, times_plot

_TEMPLATES = "bridge/statistics/templates"


@require_GET
@org_page
def record_statistics(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponseBase:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    context = statistics_context(request, tickets)
    if request.headers.get("HX-Target") == "statistics":
        return render(request, f"{_TEMPLATES}/body.html", context)
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/sheet.html", context)
    sheet = render_to_string(f"{_TEMPLATES}/sheet.html", context, request)
    return front().record_page(request, visit, module, record_id, sheet=sheet)


def statistics_context(request: HttpRequest, tickets: RecordTickets) -> dict[str, Any]:
    period, url = asked_period(request), reverse("record_statistics", args=tickets.address)
    report = tickets.desk.statistics(tickets.party, tickets.actor, period=period, basis=asked_basis(request))
    to_list, to_spam = partial(block_url, tickets.crm_url), partial(block_url, tickets.crm_url, show="spam")
    links = Links(to_list, to_spam, report.window, tuple(report.channels))
    return {
        "spread": show_spread(report, links),
        "tickets": tickets,
        "choice": choice_of(request, period, report.basis, url=url),
        "here": f"{url}?period={period}&basis={report.basis}",
        "shown": show_report(report, links),
        "received_plot": received_plot(report, links),
        "times_plot": times_plot(report, links),
        "is_nobody": tickets.party.is_nobody,
    }


def block_url(record_url: str, asked: Filter, show: TicketFilter = "all") -> str:
    """The record's page with the block filtered."""
    return f"{record_url}?{address_of(show, asked)}#desk"
