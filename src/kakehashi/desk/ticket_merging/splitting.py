"""Tickets made of messages of another, and taken back."""

from collections.abc import Sequence

from django.db import transaction
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
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.tickets.actions import lock_tickets, open_ticket, save_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .actions import open_for, recount, take_over
from .belongings import copy_followers, copy_tags
from .models import TicketSplit


class SplitIsUndone(ProductError):
    code = "split_is_undone"
    status = 409
    message = _("These messages were put back already, or one of the tickets was merged or deleted since.")


@transaction.atomic
def split_ticket(ticket: Ticket, *, message_ids: Sequence[int], subject: str, actor: Actor) -> Ticket:
    """Chosen mails become a ticket of their own for the same customer, department and team, with the same tags. Raises `InvalidValues`, `NotFound`."""
    portal = ticket.portal
    require(portal, actor, "may_merge")
    (source,) = lock_tickets(portal, [ticket.pk])
    chosen = list(Message.objects.filter(ticket=source, pk__in=set(message_ids)).order_by("at", "id"))
    if not chosen or len(chosen) != len(set(message_ids)):
        raise InvalidValues({"messages": _("Choose at least one message.")})
    if not has_content(source.description_html) and len(chosen) == Message.objects.filter(ticket=source).count():
        raise InvalidValues({"messages": _("At least one message stays.")})
    made = open_ticket(
        portal,
        department=source.department,
        subject=subject,
        contact=source.contact,
        account=source.account,
        values={
            "email": source.email,
            "phone": source.phone,
            "channel": source.channel,
            "priority": source.priority,
            "teamId": source.team_id,
        },
        opening_text=chosen[0].html,
        actor=actor,
    )
    copy_tags(source, made)
    ids = [message.pk for message in chosen]
    with kept_figures(portal, [source, made]):
        Message.objects.filter(pk__in=ids).update(ticket=made)
        TicketAttachment.objects.filter(message_id__in=ids).update(ticket=made)
        IncomingMail.objects.filter(message_id__in=ids).update(ticket=made)
        for one in (source, made):
            recount(one)
        follow_clocks(portal, [source, made])
        for one in (source, made):
            save_ticket(one)
    index_tickets([source.pk, made.pk])
    TicketSplit.objects.create(portal=portal, source=source, ticket=made, message_ids=ids, by_name=actor.name)
    _tell(portal, source, made, ("split", "split_off"), actor)
    return made


@transaction.atomic
def unsplit_ticket(split: TicketSplit, *, actor: Actor) -> Ticket:
    """Everything goes back to the ticket that it came from, also what was written since and whoever follows it; the other one leads
    there. Raises `SplitIsUndone`.
    """
    portal = split.portal
    require(portal, actor, "may_merge")
    split = TicketSplit.objects.select_for_update().get(pk=split.pk)
    ids = [split.source_id, split.ticket_id]
    tickets = {ticket.pk: ticket for ticket in lock_tickets(portal, ids, deleted=True)}
    source, made = tickets[split.source_id], tickets[split.ticket_id]
    if split.undone_at or source.deleted_at or made.deleted_at:
        raise SplitIsUndone
    with kept_figures(portal, [source, made]):
        for model in (Message, Comment, TicketAttachment, IncomingMail):
            model.objects.filter(ticket=made).update(ticket=source)
        copy_followers(made, source)
        take_over(source, [made])
        recount(made)
        made.deleted_at, made.merged_into = clock.now(), source
        follow_clocks(portal, [source, made])
        for one in (source, made):
            save_ticket(one)
    index_tickets(ids)
    split.undone_at = clock.now()
    split.save(update_fields=["undone_at"])
    _tell(portal, source, made, ("unsplit", "unsplit_away"), actor)
    open_for(source, [made], actor=actor)
    return source


def find_split(portal: Portal, split_id: int) -> TicketSplit:
    """Raises `NotFound`."""
    found = TicketSplit.objects.filter(portal=portal, pk=split_id).select_related("source").first()
    if found is None:
        raise NotFound
    found.portal = portal
    return found


def _tell(portal: Portal, source: Ticket, made: Ticket, topics: tuple[str, str], actor: Actor) -> None:
    facts = [
        Fact(portal.tenant, f"desk.ticket.{topic}", "desk.ticket", one.pk, {"number": other.number, "id": other.pk})
        for topic, one, other in ((topics[0], source, made), (topics[1], made, source))
    ]
    write_facts(facts, actor)
