"""What stands below our replies for the customer: a link to the ticket, and how to rate us."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from kakehashi.desk.conversations.models import Message
from kakehashi.desk.notices.words import public_address
from kakehashi.desk.tickets.models import Rating, Ticket

from .links import Scope, make_token
from .models import RatingRequest
from .queries import settings_of


def footer_of(message: Message) -> tuple[str, SafeString]:
    """(as text, as HTML), both empty where the department wants neither, and in what is forwarded to others."""
    ticket = message.ticket
    wanted = settings_of(ticket.department)
    if message.is_forward:
        return "", SafeString("")
    with override(message.portal.language):
        lines = [
            *([rating_line(ticket)] if wanted.ratings == RatingRequest.REPLIES else []),
            *([_page_line(ticket)] if wanted.shows_page else []),
        ]
    text = "\n\n".join(_as_text(question, links) for question, links in lines)
    return text, format_html_join("", "{}", ((_as_html(question, links),) for question, links in lines))


Line = tuple[str, list[tuple[str, str]]]


def rating_line(ticket: Ticket) -> Line:
    """The question, and (word, address) of its three answers. The address only opens a page: a program that follows it rates nothing."""
    url = public_address(reverse("customer_rating", args=[make_token(ticket, Scope.RATING)]))
    return _("How was our help?"), [(str(label), f"{url}?rating={value}") for value, label in Rating.choices]


def page_url(ticket: Ticket) -> str:
    return public_address(reverse("customer_ticket", args=[make_token(ticket, Scope.TICKET)]))


def _page_line(ticket: Ticket) -> Line:
    return _("Your request at a glance"), [(_("Read, answer or close it"), page_url(ticket))]


def _as_text(question: str, links: list[tuple[str, str]]) -> str:
    return "\n".join([question, *(f"{label}: {url}" for label, url in links)])


def _as_html(question: str, links: list[tuple[str, str]]) -> SafeString:
    shown = format_html_join(" · ", '<a href="{}">{}</a>', ((url, label) for label, url in links))
    return format_html('<p style="color:#5c6670;font-size:13px">{}<br>{}</p>', question, shown)
