"""The tags of a ticket, in its right column."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.tickets.queries import find_ticket

from .actions import add_tag, remove_tag
from .queries import tag_names, tags_of


@require_http_methods(["GET", "POST"])
@desk_page
def tags(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """A post puts one on (`add`) or takes one off (`remove`); both answer the tags as they are then."""
    ticket = find_ticket(access, ticket_id)
    problem: Text = ""
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                remove_tag(access.portal, ticket_ids=[ticket.pk], name=request.POST["remove"], actor=access.actor)
            else:
                add_tag(access.portal, ticket_ids=[ticket.pk], name=request.POST.get("add", ""), actor=access.actor)
        except InvalidValues as invalid:
            problem = next(iter(invalid.by_field.values()))
    context = {
        "access": access,
        "ticket": ticket,
        "tags": tags_of(ticket),
        "known": tag_names(access.portal),
        "problem": problem,
    }
    template = "desk/ticket_tags/templates/tags.html"
    return render(request, template, context, status=422 if problem else 200)
