"""The frame of pages that customers open by a signed link: no sign-in, no traces in search engines, their own time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.preferences.time_zones import zone_named

from .links import CustomerLink, Scope, find_link

Page = Callable[..., HttpResponseBase]


def customer_page(*scopes: Scope) -> Callable[[Page], Page]:
    """`page(request, link, …)` for a true link of one of these scopes. Whoever comes by another one is told how to go on (404)."""

    def decorate(page: Page) -> Page:
        @never_cache
        @wraps(page)
        def with_link(request: HttpRequest, token: str, **rest: Any) -> HttpResponseBase:
            try:
                link: CustomerLink = find_link(token, *scopes)
                with timezone.override(zone_named(link.ticket.portal.time_zone)):
                    response = page(request, link, token=token, **rest)
            except NotFound:
                response = render(request, "desk/customer_pages/templates/dead_link.html", status=404)
            return unlisted(response)

        return with_link

    return decorate


def unlisted(response: HttpResponseBase) -> HttpResponseBase:
    """No search engine keeps it, and no other site learns its address (the referrer policy of all pages is "same-origin")."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def customer_actor(ticket: Ticket) -> Actor:
    """Who acts by a link: the customer, as far as we know them."""
    name = ticket.contact.name if ticket.contact else ticket.email
    return Actor(person_id=None, name=name[:200], origin="customer")
