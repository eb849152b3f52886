"""Bringing tickets over with all that happened to them, hundreds a second: the rules of the single actions, written in bulk."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_past_facts
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.conversations.uploads import attach
from kakehashi.desk.deadlines.following import follow_past
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.targets.queries import promises_of
from kakehashi.desk.ticket_search.actions import index_new
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.opening import take_numbers
from kakehashi.desk.tickets.tallies import kept_figures

from .deeds import PastTicket
from .replay import Replay, past_of, replay


@transaction.atomic
def write_past_tickets(portal: Portal, *, tickets: Sequence[PastTicket], actor: Actor) -> list[Ticket]:
    """In the order of their opening, numbered anew, with their conversations, figures and events. No mail is sent."""
    require(portal, actor, "may_administer")
    if not tickets:
        return []
    in_order = sorted(tickets, key=lambda ticket: ticket.at)
    number = take_numbers(portal, len(in_order))
    statuses = {status.name: status for status in portal.statuses.all()}
    replays = [replay(portal, past, number + place, statuses) for place, past in enumerate(in_order)]
    promises = promises_of(portal)
    for one in replays:
        follow_past(one.ticket, past_of(one), promises)
    with kept_figures(portal, [one.ticket for one in replays]):
        Ticket.objects.bulk_create([one.ticket for one in replays], batch_size=500)
    Message.objects.bulk_create([message for one in replays for message in one.messages], batch_size=500)
    Comment.objects.bulk_create([comment for one in replays for comment in one.comments], batch_size=500)
    index_new([one.ticket for one in replays], {one.ticket.pk: one.texts() for one in replays})
    for one in replays:
        attach(one.ticket, one.past.uploads, html=one.past.description_html, actor=one.past.actor)
    write_past_facts(_facts(portal, replays))
    return [one.ticket for one in replays]


def _facts(portal: Portal, replays: Sequence[Replay]) -> list[tuple[Fact, Actor, datetime]]:
    """Of all tickets together, by time. "past" says to whoever tells people of news that these are none."""
    facts = [
        (
            Fact(
                portal.tenant, f"desk.ticket.{note.topic}", "desk.ticket", one.ticket.pk, {**note.data(), "past": True}
            ),
            note.actor,
            note.at,
        )
        for one in replays
        for note in one.notes
    ]
    return sorted(facts, key=lambda fact: fact[2])
