"""Mails about what happens to tickets: to whoever follows them, and to the team that is given one. Reads the log, so that whoever
changes a ticket waits for nobody; a mail is written and checked once more when it leaves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kakehashi.core import clock
from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.desk.notices.actions import notify_people
from kakehashi.desk.notices.choices import switched_off
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.portals.queries import agents_seeing
from kakehashi.desk.teams.models import Team
from kakehashi.desk.tickets.models import Ticket

from .models import TicketFollower

KIND = "change"
_TOPICS = ("opened", "updated", "answered", "commented", "closed", "reopened")
_TOO_LATE = timedelta(hours=12)
_AT_ONCE = ("bulk:", "team:", "status:", "import", "demo")  # many tickets by one decision


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell: `key` of `notices.choices`, what the letter needs, and to whom it is not news."""

    key: str
    data: dict[str, Any]
    known_to: frozenset[int] = field(default_factory=frozenset)  # person ids


def tell_of_changes(markers: Sequence[Marker]) -> None:
    """Queue a mail per reader and event, once, whoever reads the event how often."""
    since = clock.now() - _TOO_LATE
    news = [
        (marker, told)
        for marker in markers
        if marker.at > since and not marker.origin.startswith(_AT_ONCE) and (told := told_by(marker))
    ]
    ids = {marker.subject_id for marker, _told in news}
    followers = _followers(ids)
    wanted = [(marker, told) for marker, told in news if told.key == "team_ticket" or marker.subject_id in followers]
    tickets = _tickets({marker.subject_id for marker, _told in wanted})
    for marker, told in wanted:
        if ticket := tickets.get(marker.subject_id):
            _tell(ticket, marker, told, followers[ticket.pk])


def told_by(marker: Marker) -> Told | None:
    """Pure: what an event means to readers; None for what nobody is told of."""
    what, data = marker.topic.rpartition(".")[2], marker.data
    if what == "answered":
        return Told("followed_answer", {"message": data["message"]})
    if what == "commented":
        known = frozenset(data.get("mentions", ()))  # they have a mail of their own
        return Told("followed_comment", {"comment": data["comment"]}, known)
    changes = data.get("changes", {})
    if ("teamId" in changes and changes["teamId"][1]) or what == "opened":
        return Told("team_ticket", {})
    if "status" in changes and not (
        what == "reopened" and marker.person_id is None
    ):  # the answer that reopened it tells
        return Told("followed_status", {"status": changes["status"][1]})
    return None


def _tell(ticket: Ticket, marker: Marker, told: Told, followers: Sequence[int]) -> None:
    seats = _members(ticket) if told.key == "team_ticket" else followers
    if not seats:
        return
    agents = list(agents_seeing(ticket.portal, ticket.department_id).filter(pk__in=seats))
    off = switched_off(agent.pk for agent in agents)
    told_before = set(
        Notice.objects.filter(ticket=ticket, kind=KIND, data__event=marker.id).values_list("person_id", flat=True)
    )
    silent = {marker.person_id, *told.known_to, *told_before}
    people = [agent.person for agent in agents if agent.person_id not in silent and (agent.pk, told.key) not in off]
    notify_people(ticket, people=people, kind=KIND, data={"event": marker.id, "key": told.key, **told.data})


def _members(ticket: Ticket) -> list[int]:
    """Of the team that it has now; whoever is its assignee already needs no team."""
    if ticket.team_id is None or ticket.assignee_id is not None or ticket.closed_at is not None:
        return []
    return list(Agent.objects.filter(teams=Team(pk=ticket.team_id)).values_list("pk", flat=True))


def _followers(ticket_ids: Iterable[int]) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    rows = TicketFollower.objects.filter(ticket_id__in=ticket_ids).order_by("pk")
    for ticket_id, agent_id in rows.values_list("ticket_id", "agent_id"):
        found[ticket_id].append(agent_id)
    return found


def _tickets(ids: Iterable[int]) -> dict[int, Ticket]:
    rows = Ticket.objects.filter(pk__in=ids, deleted_at__isnull=True).defer("description_html")
    return {ticket.pk: ticket for ticket in rows.select_related("portal", "department__answers_from")}


SUBSCRIBER = Subscriber("desk.notices_of_changes", [f"desk.ticket.{topic}" for topic in _TOPICS], tell_of_changes)
