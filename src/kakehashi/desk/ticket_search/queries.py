"""Tickets that hold words, and where they hold them."""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import F, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from kakehashi.core.search.fields import Has, Scoped
from kakehashi.core.search.highlights import around, holds
from kakehashi.desk.conversations.html import text_of_html
from kakehashi.desk.conversations.models import Comment, Message, MessageState
from kakehashi.desk.ticket_tags.models import TagUse
from kakehashi.desk.tickets.models import Ticket

from .words import LONGEST_TEXT

MOST_FOUND = 2_000
_LOOKED_AT = 1_000  # of the newest, to see how common a word is
_MOST_TEXTS = 200


def searched(
    tickets: QuerySet[Ticket], portal_id: int, text: str, *, most: int = MOST_FOUND
) -> tuple[QuerySet[Ticket], int]:
    """(Those of a portal's tickets that hold all words of a text, how many, counted up to `most`.)

    A common word is found by walking the list, a rare one by the index. The database cannot tell which it is from its
    own statistics of tokens, and guessing wrong costs a second at a million tickets; so a look at the newest decides.
    Of a word in more than `most` tickets, but not in one of ten, those among the newest are found and as many others as fit.
    """
    looked_at = min(most, _LOOKED_AT)
    newest = _newest_with(tickets, portal_id, text, looked_at)
    found = {ticket_id for ticket_id, holds_it in newest if holds_it}
    fitting = tickets.filter(words__tokens__has=Scoped(text, portal_id))
    if len(newest) == looked_at and len(found) >= looked_at // 10:
        return fitting, most
    if len(newest) == looked_at:
        found |= set(fitting.order_by().values_list("pk", flat=True)[: most - len(found)])
    return tickets.filter(pk__among=found), len(found)


def _newest_with(tickets: QuerySet[Ticket], portal_id: int, text: str, count: int) -> list[tuple[int, bool | None]]:
    """(id, whether it holds the words) of the newest tickets. What is asked for, not filtered by, is never looked up in the index,
    whatever the database guesses of the words; and as the newest are told apart first, no other ticket's words are read.
    """
    newest = tickets.order_by("-last_activity_at", "-id").values("pk")[:count]
    among_them = Ticket.objects.filter(pk__in=newest)
    return list(among_them.values_list("pk", Has(F("words__tokens"), Scoped(text, portal_id))))


def places_of(wanted: Mapping[int, str]) -> dict[int, str]:
    """Where tickets (by id) hold the words looked for in each: a tag, a mail, a comment or the description. At most four queries."""
    found: dict[int, str] = {}
    for ticket_id, words, said in _places(wanted.keys()) if wanted else ():
        if ticket_id not in found and holds(said, wanted[ticket_id]):
            found[ticket_id] = words % {"text": around(said, wanted[ticket_id])}
    return found


def _places(ids: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """(ticket, how the place is told of, what stands there), the latest mails and comments first."""
    for ticket_id, name in TagUse.objects.filter(ticket_id__in=ids).values_list("ticket_id", "tag__name"):
        yield ticket_id, _("Tag: %(text)s"), name
    mails = Message.objects.filter(ticket_id__in=ids).exclude(state=MessageState.WITHDRAWN).order_by("-at")
    for ticket_id, said in mails.values_list("ticket_id", Left("text", LONGEST_TEXT))[:_MOST_TEXTS]:
        yield ticket_id, _("Mail: %(text)s"), said
    comments = Comment.objects.filter(ticket_id__in=ids, deleted_at=None).order_by("-at")
    for ticket_id, html in comments.values_list("ticket_id", Left("html", LONGEST_TEXT))[:_MOST_TEXTS]:
        yield ticket_id, _("Comment: %(text)s"), text_of_html(html)
    described = Ticket.objects.filter(pk__in=ids).exclude(description_html="")
    for ticket_id, html in described.values_list("pk", Left("description_html", LONGEST_TEXT)):
        yield ticket_id, _("Description: %(text)s"), text_of_html(html)
