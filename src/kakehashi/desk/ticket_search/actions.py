"""Keeping what tickets are found by, in the transaction of whatever changes it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from heapq import merge

from django.db import connection

from kakehashi.core.search.tokens import in_scope, index_tokens
from kakehashi.desk.conversations.models import Comment, Message, MessageState
from kakehashi.desk.ticket_tags.models import TagUse
from kakehashi.desk.tickets.models import Ticket

from .models import TicketWords
from .words import LONGEST_TEXT, MOST_TOKENS, text_in, words_of

_RELATIONS = ("contact", "account")
_READ = (
    "portal_id", "number", "subject", "email", "description_html", "contact__last_name", "contact__first_name", "contact__email",
    "account__account_name",
)  # fmt: skip
_Said = defaultdict[int, list[tuple[datetime, str]]]


def index_tickets(ticket_ids: Collection[int]) -> None:
    """Read what these tickets say now, and keep its words. Five queries, however many they are."""
    if not ticket_ids:
        return
    tickets = list(Ticket.objects.filter(pk__in=ticket_ids).select_related(*_RELATIONS).only(*_READ))
    tags, texts = _tags_of(ticket_ids), _texts_of(ticket_ids)
    rows = [
        TicketWords(ticket=ticket, tokens=words_of(ticket.portal_id, head_of(ticket, tags[ticket.pk]), _all_texts(ticket, texts)))
        for ticket in tickets
    ]  # fmt: skip
    TicketWords.objects.bulk_create(rows, update_conflicts=True, update_fields=["tokens"], unique_fields=["ticket"])


def index_new(tickets: Sequence[Ticket], texts: Mapping[int, Sequence[str]]) -> None:
    """The same for tickets just opened, from memory: nothing is read. `texts` is what else was said in them, by id."""
    TicketWords.objects.bulk_create(
        TicketWords(
            ticket=ticket,
            tokens=words_of(ticket.portal_id, head_of(ticket), [text_in(ticket.description_html), *texts.get(ticket.pk, ())]),
        )
        for ticket in tickets
    )  # fmt: skip


def add_words(portal_id: int, said: Sequence[tuple[int, str]]) -> None:
    """(ticket, what was said in it now). One statement; a ticket that is full of words stays as it is."""
    words: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for ticket_id, text in said:
        words[ticket_id] |= dict.fromkeys(index_tokens(text[:LONGEST_TEXT]))
    rows = [(ticket_id, in_scope(list(tokens), portal_id)) for ticket_id, tokens in sorted(words.items()) if tokens]
    if not rows:
        return
    places = ", ".join(["(%s::bigint, array_to_tsvector(%s::text[]))"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE desk_ticketwords SET tokens = desk_ticketwords.tokens || said.tokens FROM (VALUES {places}) AS said (id, tokens) "  # noqa: S608 - our own names
            "WHERE ticket_id = said.id AND length(desk_ticketwords.tokens) < %s",
            [*(value for row in rows for value in row), MOST_TOKENS],
        )


def head_of(ticket: Ticket, tags: Sequence[str] = ()) -> list[str]:
    """What names a ticket, its customer's name with it."""
    head = [str(ticket.number), ticket.subject, ticket.email, *tags]
    if ticket.contact is not None:
        head += [ticket.contact.name, ticket.contact.email]
    if ticket.account is not None:
        head.append(ticket.account.account_name)
    return head


def _all_texts(ticket: Ticket, texts: _Said) -> list[str]:
    return [text_in(ticket.description_html), *(text for _at, text in texts[ticket.pk])]


def _tags_of(ticket_ids: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for ticket_id, name in TagUse.objects.filter(ticket_id__in=ticket_ids).values_list("ticket_id", "tag__name"):
        found[ticket_id].append(name)
    return found


def _texts_of(ticket_ids: Collection[int]) -> _Said:
    """By ticket, in order of time: mails that were not withdrawn, comments that were not taken away."""
    mails = Message.objects.filter(ticket_id__in=ticket_ids).exclude(state=MessageState.WITHDRAWN)
    comments = Comment.objects.filter(ticket_id__in=ticket_ids, deleted_at=None)
    found: _Said = defaultdict(list)
    said = merge(
        mails.order_by("at").values_list("at", "ticket_id", "text"),
        ((at, ticket_id, text_in(html)) for at, ticket_id, html in comments.order_by("at").values_list("at", "ticket_id", "html")),
    )  # fmt: skip
    for at, ticket_id, text in said:
        found[ticket_id].append((at, text))
    return found
