"""Where the link of a Desk invitation leads: signed in as the invited person, the seat is theirs."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kakehashi.identity.invitations.links import LinkIsVoid, invitation_link

from .inviting import read_activation, take_seat
from .models import Agent


@never_cache
@require_GET
def activation(request: HttpRequest, token: str) -> HttpResponse:
    """A new person first sets a password, another one signs in; both come back here."""
    try:
        agent = read_activation(token)
    except LinkIsVoid as told:
        return render(request, "identity/invitations/templates/void.html", {"told": told}, status=told.status)
    if request.user == agent.person:
        take_seat(agent)
        messages.success(request, _("Welcome to %(portal)s.") % {"portal": agent.portal.name})
        return redirect("desk_home", agent.portal_id)
    if not agent.person.has_usable_password():
        return redirect(urlsplit(invitation_link(agent.person, next_url=request.path)).path)
    if request.user.is_authenticated:
        return _for_somebody_else(request, agent)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")


def _for_somebody_else(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The link is kept: it works once the right person is signed in."""
    context = {"agent": agent, "next": request.path}
    return render(request, "desk/portals/templates/activation_of_another.html", context, status=409)
