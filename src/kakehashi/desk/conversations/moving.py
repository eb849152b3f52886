"""Conversations that change hands: to the ticket they belong to, from the colleague who passed a mail on to the customer who wrote it."""

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.deadlines.following import follow_clocks
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.tickets.actions import save_ticket
from kakehashi.desk.tickets.changes import note_customer_wrote
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tallies import kept_figures

from .addresses import Address
from .html import text_of_html
from .models import Comment, Direction, Message, TicketAttachment


def move_conversation(source: Ticket, target: Ticket, *, actor: Actor) -> None:
    """Both rows are locked by the caller. Mails, comments and files move; counts follow; whose turn it is, too."""
    mails = Message.objects.filter(ticket=source)
    comments = Comment.objects.filter(ticket=source)
    counts = mails.count(), comments.count()
    has_news = mails.filter(direction=Direction.IN).exists()
    TicketAttachment.objects.filter(ticket=source).update(ticket=target)
    mails.update(ticket=target)
    comments.update(ticket=target)
    with kept_figures(target.portal, [source, target]):
        target.message_count, target.comment_count = target.message_count + counts[0], target.comment_count + counts[1]
        source.message_count = source.comment_count = 0
        if has_news:
            note_customer_wrote(target, clock.now())
            target.message_count -= 1  # counted already
        follow_clocks(target.portal, [source, target])
        save_ticket(source)
        save_ticket(target)
    index_tickets([source.pk, target.pk])
    fact = Fact(target.portal.tenant, "desk.ticket.joined", "desk.ticket", target.pk, {"number": source.number})
    write_fact(fact, actor)


def pass_on_as_customers(message: Message, customer: Address) -> None:
    """The quoted mail is what matters now: it is shown in full, under the customer's name."""
    Message.objects.filter(pk=message.pk).update(
        sender=str(customer)[:400],
        reply_to="",
        author_name=customer.label[:200],
        forwarded_by=message.sender,
        html=message.html + message.quoted_html,
        quoted_html="",
        text=text_of_html(message.html + message.quoted_html),
    )
    index_tickets([message.ticket_id])
