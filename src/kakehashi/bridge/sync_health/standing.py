"""How one record of one side stands. Pure: the counters of the health page and "why is this record not synced?" both come from here, so
they cannot contradict each other.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sync.models import Link


class Standing(models.TextChoices):
    """Every live record of a synced module has exactly one (design §6: in sync + waiting + excluded + failing + conflicting = total)."""

    IN_STEP = "in_step", _("In sync")
    WAITING = "waiting", _("Waiting")
    UNDECIDED = "undecided", _("Needs a decision")
    FAILED = "failed", _("Failed")
    OUTSIDE = "outside", _("Not synced")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a record. `is_looked_for`: a record of this side gets a partner (the CRM's always, the Desk's if the module goes both
    ways). `link`: the state of its link, "" for none. `waits` and `fails` are told by a mark on itself or on its partner.
    """

    is_looked_for: bool = True
    link: str = ""
    waits: bool = False
    fails: bool = False
    is_disputed: bool = False


def standing_of(facts: Facts) -> Standing:
    if not facts.link and not facts.is_looked_for:
        return Standing.OUTSIDE
    if facts.fails:
        return Standing.FAILED
    if facts.waits or not facts.link:
        return Standing.WAITING
    if facts.link in (Link.State.APART, Link.State.DEAD, Link.State.OUTSIDE):
        return Standing.OUTSIDE
    return Standing.UNDECIDED if facts.link == Link.State.HELD or facts.is_disputed else Standing.IN_STEP
