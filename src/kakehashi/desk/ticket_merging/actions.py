"""Tickets that become one and come apart again.

A merged ticket stands where deleted ones do and says which one survived: its number, its page and answers to its mails lead there.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.conversations.html import has_content
from kakehashi.desk.conversations.models import Comment, Message, TicketAttachment
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.statuses.queries import first_status
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.tickets.actions import lock_tickets, save_ticket, update_ticket
from kakehashi.desk.tickets.models import StatusType, Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .belongings import bring_belongings, give_back_belongings
from .models import MergedTicket, TicketMerge

MOST_TICKETS = 50


class MergeIsUndone(ProductError):
    code = "merge_is_undone"
    status = 409
    message = _("These tickets have come apart already, or one of them was merged further or erased since.")


@transaction.atomic
def merge_tickets(portal: Portal, *, survivor_id: int, ticket_ids: Sequence[int], actor: Actor) -> TicketMerge:
    """Conversations, comments and files of all tickets go to the survivor, whose fields stay. Raises `NotFound`, `InvalidValues`."""
    require(portal, actor, "may_merge")
    others = sorted(set(ticket_ids) - {survivor_id})
    if not others:
        raise InvalidValues({"numbers": _("Choose at least two tickets.")})
    if len(others) >= MOST_TICKETS:
        raise InvalidValues({"numbers": _("At most %(limit)s tickets at once.") % {"limit": MOST_TICKETS}})
    tickets = {ticket.pk: ticket for ticket in lock_tickets(portal, [survivor_id, *others])}
    survivor, sources = tickets[survivor_id], [tickets[pk] for pk in others]
    merge = TicketMerge.objects.create(portal=portal, survivor=survivor, by_name=actor.name)
    parts = [_note_part(merge, source, actor) for source in sources]
    with kept_figures(portal, [survivor, *sources]):
        for source, part in zip(sources, parts, strict=True):
            _move(part, source, survivor)
            bring_belongings(part, source, survivor)
            source.deleted_at, source.merged_into = merge.at, survivor
            source.message_count = source.comment_count = 0
        take_over(survivor, sources)
        follow_clocks(portal, [survivor, *sources])
        for ticket in (survivor, *sources):
            save_ticket(ticket)
    index_tickets([survivor.pk, *others])
    _tell(portal, survivor, sources, ("merged", "merged_away"), actor)
    open_for(survivor, sources, actor=actor)
    return merge


@transaction.atomic
def unmerge_tickets(merge: TicketMerge, *, actor: Actor) -> Ticket:
    """Each ticket takes back what it brought; what came since stays with the survivor. Raises `MergeIsUndone`."""
    portal = merge.portal
    require(portal, actor, "may_merge")
    merge = TicketMerge.objects.select_for_update().get(pk=merge.pk)
    parts = list(MergedTicket.objects.filter(merge=merge))
    ids = [merge.survivor_id, *(part.ticket_id for part in parts)]
    tickets = {ticket.pk: ticket for ticket in lock_tickets(portal, ids, deleted=True)}
    survivor, sources = tickets[merge.survivor_id], [tickets[part.ticket_id] for part in parts]
    if merge.undone_at or survivor.deleted_at or any(_is_away(one, survivor) for one in sources):
        raise MergeIsUndone
    with kept_figures(portal, [survivor, *sources]):
        for source, part in zip(sources, parts, strict=True):
            _move(part, survivor, source)
            give_back_belongings(part, survivor)
            Comment.objects.filter(pk=part.description_comment_id or 0).update(deleted_at=clock.now())
            source.deleted_at = source.merged_into = None
            recount(source)
        recount(survivor)
        follow_clocks(portal, [survivor, *sources])
        for ticket in (survivor, *sources):
            save_ticket(ticket)
    index_tickets(ids)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    _tell(portal, survivor, sources, ("unmerged", "unmerged_away"), actor)
    return survivor


def take_over(survivor: Ticket, sources: Sequence[Ticket]) -> None:
    """It is our turn if it was in any of them; the latest activity counts."""
    recount(survivor)
    survivor.is_our_turn = survivor.is_our_turn or any(one.is_our_turn and one.closed_at is None for one in sources)
    latest = max([survivor, *sources], key=lambda one: one.last_activity_at)
    survivor.last_activity, survivor.last_activity_at = latest.last_activity, latest.last_activity_at


def recount(ticket: Ticket) -> None:
    ticket.message_count = Message.objects.filter(ticket=ticket).count()
    ticket.comment_count = Comment.objects.filter(ticket=ticket, deleted_at=None).count()


def open_for(survivor: Ticket, sources: Sequence[Ticket], *, actor: Actor) -> None:
    """A closed ticket opens for what came from an open one: nobody looks for an unanswered mail among the closed."""
    if survivor.closed_at is not None and any(source.closed_at is None for source in sources):
        first_open = first_status(survivor.portal, StatusType.OPEN)
        update_ticket(survivor, values={"status": first_open.name}, actor=actor)


def survivor_of(ticket: Ticket) -> Ticket:
    """Where a merged ticket lives on, however often that was merged further."""
    seen: set[int] = set()
    while ticket.merged_into_id and ticket.pk not in seen:
        seen.add(ticket.pk)
        ticket = Ticket.objects.select_related("portal").get(pk=ticket.merged_into_id)
    return ticket


def find_merge(portal: Portal, merge_id: int) -> TicketMerge:
    found = TicketMerge.objects.filter(portal=portal, pk=merge_id).select_related("survivor").first()
    if found is None:
        raise NotFound
    found.portal = portal
    return found


def _note_part(merge: TicketMerge, source: Ticket, actor: Actor) -> MergedTicket:
    part = MergedTicket(
        merge=merge,
        ticket=source,
        message_ids=list(Message.objects.filter(ticket=source).values_list("pk", flat=True)),
        comment_ids=list(Comment.objects.filter(ticket=source).values_list("pk", flat=True)),
        attachment_ids=list(TicketAttachment.objects.filter(ticket=source).values_list("pk", flat=True)),
    )
    if has_content(source.description_html):
        html = format_html("<p><strong>#{} {}</strong></p>", source.number, source.subject) + source.description_html
        comment = Comment.objects.create(
            portal=source.portal,
            ticket=merge.survivor,
            html=html,
            author_name=source.created_by or actor.name,
            at=source.created_at,
        )
        part.description_comment_id = comment.pk
    part.save()
    return part


def _move(part: MergedTicket, source: Ticket, target: Ticket) -> None:
    """What the part names and the source still has."""
    Message.objects.filter(pk__in=part.message_ids, ticket=source).update(ticket=target)
    Comment.objects.filter(pk__in=part.comment_ids, ticket=source).update(ticket=target)
    TicketAttachment.objects.filter(pk__in=part.attachment_ids, ticket=source).update(ticket=target)
    IncomingMail.objects.filter(message_id__in=part.message_ids, ticket=source).update(ticket=target)


def _is_away(source: Ticket, survivor: Ticket) -> bool:
    return source.merged_into_id != survivor.pk or source.erased_at is not None


def _tell(portal: Portal, survivor: Ticket, sources: Sequence[Ticket], topics: tuple[str, str], actor: Actor) -> None:
    numbers = ", ".join(f"#{source.number}" for source in sources)
    data = {"number": numbers.removeprefix("#"), "ids": [source.pk for source in sources]}
    away = {"number": survivor.number, "id": survivor.pk}
    facts = [Fact(portal.tenant, f"desk.ticket.{topics[0]}", "desk.ticket", survivor.pk, data)]
    facts += [Fact(portal.tenant, f"desk.ticket.{topics[1]}", "desk.ticket", one.pk, away) for one in sources]
    write_facts(facts, actor)
