"""Mails that an agent may switch off for themselves. All are on until they do."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.desk.portals.models import Agent

from .models import NoticeHabit

CHOICES: dict[str, Text] = {
    "followed_answer": _("The customer writes on a ticket that I follow"),
    "followed_comment": _("A colleague comments on a ticket that I follow"),
    "followed_status": _("The status of a ticket that I follow changes"),
    "team_ticket": _("A ticket is given to one of my teams"),
}


def wanted_by(agent: Agent) -> list[str]:
    """The keys that are on."""
    habit = NoticeHabit.objects.filter(agent=agent).first()
    return [key for key in CHOICES if habit is None or key not in habit.off]


def choose(agent: Agent, wanted: Iterable[str]) -> None:
    kept = set(wanted)
    off = [key for key in CHOICES if key not in kept]
    NoticeHabit.objects.update_or_create(agent=agent, defaults={"off": off})


def switched_off(agent_ids: Iterable[int]) -> set[tuple[int, str]]:
    """(seat, key) of all that these do not want; one query."""
    habits = NoticeHabit.objects.filter(agent_id__in=list(agent_ids))
    return {(habit.agent_id, key) for habit in habits for key in habit.off}
