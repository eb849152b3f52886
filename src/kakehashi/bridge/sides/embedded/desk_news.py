"""News of tickets of our own Desk, for the seam: what stands on them now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.bridge.sides.news import NewsOfTicket, TicketNews
from kakehashi.core.normalise.html import text_of_html
from kakehashi.desk.conversations.models import Comment, Direction, Message
from kakehashi.desk.ticket_merging.models import TicketSplit
from kakehashi.desk.tickets.models import Ticket

from .desk_asking import DeskAsking

_LONGEST_EXCERPT = 160
_MOST_HTML = 20_000


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the news are about: tickets of now, mails and comments, and which tickets were split off others."""

    lives: Mapping[int, int]
    tickets: Mapping[int, Ticket]
    messages: Mapping[int, Message]
    comments: Mapping[int, Comment]
    first_words: Mapping[int, str]
    split_off: frozenset[int]


class DeskNews(DeskAsking):
    """Implements `NewsSide` for one portal."""

    def read_news(self, news: Sequence[TicketNews]) -> Sequence[NewsOfTicket | None]:
        parts = self._parts(news)
        return [_told(one, parts) for one in news]

    def _parts(self, news: Sequence[TicketNews]) -> _Parts:
        ids = sorted({one.ticket_id for one in news})
        lives = self.living_tickets(ids) if ids else {}
        tickets = Ticket.objects.filter(portal=self.portal, pk__in=set(lives.values())).select_related("contact")
        mails = Message.objects.filter(
            portal=self.portal, pk__in=_parts_of(news, "answered"), direction=Direction.IN
        ).only("sender", "text")
        comments = Comment.objects.filter(portal=self.portal, pk__in=_parts_of(news, "commented"), deleted_at=None)
        opened = {one.ticket_id for one in news if one.kind == "opened"}
        splits = TicketSplit.objects.filter(portal=self.portal, ticket_id__in=opened) if opened else ()
        return _Parts(
            lives,
            {ticket.pk: ticket for ticket in tickets},
            {mail.pk: mail for mail in mails},
            {comment.pk: comment for comment in comments},
            self._first_words({lives[one] for one in opened if one in lives}),
            frozenset(split.ticket_id for split in splits),
        )

    def _first_words(self, ticket_ids: Collection[int]) -> Mapping[int, str]:
        """Of the mails that opened tickets; other tickets have a description."""
        mails = Message.objects.filter(ticket_id__in=ticket_ids, direction=Direction.IN).order_by("ticket", "at", "pk")
        return dict(mails.distinct("ticket").values_list("ticket_id", "text")) if ticket_ids else {}


def _parts_of(news: Sequence[TicketNews], kind: str) -> set[int]:
    return {one.part for one in news if one.kind == kind and one.part}


def _told(news: TicketNews, parts: _Parts) -> NewsOfTicket | None:
    ticket = parts.tickets.get(parts.lives.get(news.ticket_id, 0))
    if ticket is None or ticket.erased_at:
        return None
    if news.kind == "opened":
        text = _plain(ticket.description_html) or parts.first_words.get(ticket.pk, "")
        return _of(ticket, by=_customer(ticket), text=text) if news.ticket_id not in parts.split_off else None
    if news.kind == "answered":
        mail = parts.messages.get(news.part or 0)
        return _of(ticket, by=_name_in(mail.sender), text=mail.text) if mail else None
    if news.kind == "commented":
        comment = parts.comments.get(news.part or 0)
        return _of(ticket, by=comment.author_name, text=_plain(comment.html)) if comment else None
    if news.kind == "rated":
        return _of(ticket, by=_customer(ticket), text=ticket.rating_comment) if ticket.rating else None
    return _of(ticket) if ticket.closed_at is None or news.kind == "escalated" else None


def _of(ticket: Ticket, *, by: str = "", text: str = "") -> NewsOfTicket:
    emails = [ticket.email, *(ticket.contact.emails if ticket.contact else ())]
    return NewsOfTicket(
        ticket.pk,
        ticket.number,
        ticket.subject,
        ticket.contact_id,
        ticket.account_id,
        contact_name=ticket.contact.name if ticket.contact else "",
        emails=tuple(dict.fromkeys(one for one in emails if one)),
        by=by,
        excerpt=_beginning(text),
        rating=ticket.rating,
    )


def _customer(ticket: Ticket) -> str:
    return ticket.contact.name if ticket.contact else ticket.email


def _name_in(sender: str) -> str:
    """Of "Name <address>"."""
    return sender.partition("<")[0].strip(' "') or sender.strip("<> ")


def _plain(html: str) -> str:
    return text_of_html(html[:_MOST_HTML]) if html else ""


def _beginning(text: str) -> str:
    line = " ".join(text[:_MOST_HTML].split())
    return line if len(line) <= _LONGEST_EXCERPT else f"{line[: _LONGEST_EXCERPT - 1]}…"
