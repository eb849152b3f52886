"""The customer's page for rating a ticket. Opening it rates nothing: mail scanners follow every link."""

from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.core import clock
from kakehashi.desk.customer_pages.access import customer_actor, customer_page
from kakehashi.desk.customer_pages.links import CustomerLink, Scope
from kakehashi.desk.tickets.models import Rating
from kakehashi.ui.toasts import add_toast

from .actions import rate_ticket
from .forms import RatingForm

MAY_CHANGE = timedelta(days=14)


@require_http_methods(["GET", "POST"])
@customer_page(Scope.RATING, Scope.TICKET)
def rating(request: HttpRequest, link: CustomerLink, token: str) -> HttpResponseBase:
    """A post with one of the three words rates; with a comment it adds that."""
    ticket = link.ticket
    is_open = may_still_rate(link)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_open and form.is_valid():
        given = form.cleaned_data
        is_same_judgement = bool(ticket.rating) and ticket.rated_at and ticket.rated_at > clock.now() - MAY_CHANGE
        rate_ticket(
            ticket,
            rating=given["rating"] or ticket.rating,
            comment=given["comment"] if "comment" in request.POST else ticket.rating_comment,
            actor=customer_actor(ticket),
            at=ticket.rated_at if is_same_judgement else None,
        )
        add_toast(request, _("Thank you for your comment.") if "comment" in request.POST else _("Thank you."))
        return redirect("customer_rating", token)
    offered = request.GET.get("rating", "")
    context = {
        "ticket": ticket,
        "token": token,
        "is_open": is_open,
        "choices": Rating.choices,
        "offered": offered if offered in Rating.values and not ticket.rating else "",
        "form": form if form.is_bound else RatingForm(initial={"comment": ticket.rating_comment}),
    }
    status = 422 if form.errors else 409 if request.method == "POST" else 200
    return render(request, "desk/ratings/templates/rating.html", context, status=status)


def may_still_rate(link: CustomerLink) -> bool:
    """For two weeks after the first judgement; a link of a later mail asks anew."""
    rated_at = link.ticket.rated_at
    if rated_at is None or not link.ticket.rating:
        return True
    return clock.now() <= rated_at + MAY_CHANGE or link.made_at > rated_at + MAY_CHANGE
