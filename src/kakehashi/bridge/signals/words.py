"""Signals from the Desk in words. What they say is read when they are read, as far as their reader may know of it by then."""

from django.utils.translation import gettext as _

from kakehashi.bridge.sides.news import NewsOfTicket, TicketNews
from kakehashi.core.errors import Text


def sentence_of(news: TicketNews, now: NewsOfTicket) -> Text:
    named = {"number": now.number, "subject": now.subject, "person": now.by or now.contact_name}
    if news.kind == "opened":
        return _("New ticket #%(number)s %(subject)s") % named
    if news.kind == "commented":
        return _("%(person)s commented on #%(number)s %(subject)s") % named
    if news.kind == "answered":
        return _("%(person)s answered on #%(number)s %(subject)s") % named
    if news.kind == "rated":
        return _("%(person)s rated #%(number)s %(subject)s: %(rating)s") % {**named, "rating": _rating(now.rating)}
    if news.kind == "escalated":
        return _("#%(number)s %(subject)s was escalated") % named
    if news.deadline == "response":
        return _("The answer on #%(number)s %(subject)s is overdue") % named
    return _("#%(number)s %(subject)s is overdue") % named


def _rating(rating: str) -> Text:
    return {"good": _("good"), "okay": _("okay"), "bad": _("bad")}.get(rating, "")
