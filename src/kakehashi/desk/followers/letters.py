"""The mail that tells a follower, or the member of a team, what happened to a ticket."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.events.models import Event
from kakehashi.core.normalise.html import text_of_html
from kakehashi.desk.conversations.addresses import parse_address
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words, public_address
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.tickets.models import Status, Ticket

_EXCERPT = 600


def write_change(notice: Notice) -> Words | None:
    """Nothing where the reader may not see the ticket any more, or what was written is gone."""
    ticket = notice.ticket
    seat = agents_seeing(notice.portal, ticket.department_id).filter(person_id=notice.person_id or 0).first()
    if ticket.deleted_at or seat is None:
        return None
    told = {
        "followed_answer": _answer,
        "followed_comment": _comment,
        "followed_status": _status,
        "team_ticket": _team,
    }[notice.data["key"]](ticket, notice, seat)
    if told is None:
        return None
    subject, paragraphs = told
    here = reverse("desk_ticket", args=[ticket.portal_id, ticket.pk])
    choices = public_address(reverse("desk_notices", args=[ticket.portal_id]))
    return Words(
        subject=subject,
        paragraphs=paragraphs,
        links=((_("Open the ticket"), public_address(here)),),
        small=_(
            "Your answer to this mail becomes an internal comment on the ticket. Choose which mails you get: %(url)s"
        )
        % {"url": choices},
    )


_Told = tuple[str, tuple[str, ...]] | None


def _answer(ticket: Ticket, notice: Notice, _seat: Agent) -> _Told:
    message = Message.objects.filter(ticket=ticket, pk=notice.data["message"]).first()
    if message is None:
        return None
    who = parse_address(message.sender).label
    return _written(ticket, who, _("%(who)s wrote: %(subject)s"), message.text)


def _comment(ticket: Ticket, notice: Notice, _seat: Agent) -> _Told:
    comment = Comment.objects.filter(ticket=ticket, pk=notice.data["comment"], deleted_at=None).first()
    if comment is None:
        return None
    return _written(ticket, comment.author_name, _("%(who)s commented: %(subject)s"), text_of_html(comment.html))


def _written(ticket: Ticket, who: str, subject: str, text: str) -> _Told:
    excerpt = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
    return subject % {"who": who, "subject": ticket.subject}, (_line(ticket), excerpt)


def _status(ticket: Ticket, notice: Notice, _seat: Agent) -> _Told:
    who = Event.objects.filter(pk=notice.data["event"]).values_list("person_name", flat=True).first()
    named = {"status": Status(name=notice.data["status"]).label, "subject": ticket.subject, "who": who or "Kakehashi"}
    sentence = _("%(who)s set the status to “%(status)s”.") % named
    return _("%(status)s: %(subject)s") % named, (_line(ticket), sentence)


def _team(ticket: Ticket, notice: Notice, seat: Agent) -> _Told:
    """Nothing where somebody took it meanwhile, or it went on to another team."""
    team = ticket.team
    if team is None or ticket.assignee_id or ticket.closed_at or not team.members.filter(pk=seat.pk).exists():
        return None
    named = {"team": team.name, "subject": ticket.subject}
    return _("For the team %(team)s: %(subject)s") % named, (_line(ticket), _("Nobody has taken this ticket yet."))


def _line(ticket: Ticket) -> str:
    contact = ticket.contact.name if ticket.contact else ticket.email
    return f"#{ticket.number} {ticket.subject}\n" + _("Customer: %(name)s") % {"name": contact or "—"}
