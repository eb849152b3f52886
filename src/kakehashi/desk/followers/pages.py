"""Who follows a ticket, in its right column."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.ids import id_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import active_agents
from kakehashi.desk.tickets.queries import find_ticket

from .actions import add_followers, remove_followers
from .showing import following_of


@require_http_methods(["GET", "POST"])
@desk_page
def followers(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    """A post adds (`add`) or removes (`remove`) one by the id of the seat; both answer who follows it then."""
    ticket = find_ticket(access, ticket_id)
    problem: Text = ""
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                remove_followers(ticket, agents=[_find(access, request.POST["remove"])], actor=access.actor)
            else:
                add_followers(ticket, agents=[_find(access, request.POST.get("add", ""))], actor=access.actor)
        except InvalidValues as invalid:
            problem = next(iter(invalid.by_field.values()))
    context = {"access": access, "ticket": ticket, "following": following_of(access, ticket), "problem": problem}
    template = "desk/followers/templates/followers.html"
    return render(request, template, context, status=422 if problem else 200)


def _find(access: DeskAccess, text: str) -> Agent:
    found = active_agents(access.portal).filter(pk=id_in(text) or 0).first()
    if found is None:
        raise NotFound
    return found
