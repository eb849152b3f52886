"""Colleagues who are called by "@name" in a comment: who can be, who was, and the mail that tells them."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.actors import Actor
from kakehashi.core.mentions import mentioned
from kakehashi.core.normalise.html import text_of_html
from kakehashi.desk.followers.actions import follow_when_mentioned
from kakehashi.desk.notices.actions import notify_people
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words, public_address
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.tickets.models import Ticket

from .models import Comment, CommentMention

_EXCERPT = 600


def agents_who_see(ticket: Ticket) -> QuerySet[Agent]:
    """Everybody with an active seat who may open this ticket."""
    return agents_seeing(ticket.portal, ticket.department_id)


def remember_mentions(comment: Comment, ticket: Ticket, actor: Actor) -> Sequence[int]:
    """The ids of those whom the comment calls; each is told by mail and follows the ticket, in the transaction of the comment."""
    text = text_of_html(comment.html)
    if actor.person_id is None or ("@" not in text and "＠" not in text):
        return []
    agents = {agent.person_id: agent for agent in agents_who_see(ticket)}
    called = mentioned(text, [(person_id, agent.name) for person_id, agent in agents.items()])
    CommentMention.objects.bulk_create(CommentMention(comment=comment, person_id=person_id) for person_id in called)
    others = [agents[person_id].person for person_id in called if person_id != actor.person_id]
    follow_when_mentioned(ticket, [agents[person_id] for person_id in called], actor)
    data = {"comment": comment.pk, "author": actor.name, "text": text[:_EXCERPT]}
    notify_people(ticket, people=others, kind="mention", data=data)
    return called


def write_mention(notice: Notice) -> Words | None:
    """Nothing where the comment was removed before the mail could leave."""
    ticket, data = notice.ticket, notice.data
    if ticket.deleted_at or Comment.objects.filter(pk=data["comment"], deleted_at__isnull=False).exists():
        return None
    named = {"author": data["author"], "number": ticket.number, "subject": ticket.subject}
    path = f"{reverse('desk_ticket', args=[ticket.portal_id, ticket.pk])}#comment-{data['comment']}"
    return Words(
        subject=_("%(author)s mentioned you: %(subject)s") % named,
        paragraphs=(
            _("%(author)s mentioned you in a comment on #%(number)s %(subject)s:") % named,
            data["text"],
        ),
        links=((_("Open the ticket"), public_address(path)),),
        small=_("Your answer to this mail becomes an internal comment on the ticket."),
    )
