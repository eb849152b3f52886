"""What a person can do about a record that is not in step."""

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sync.models import Link

from .case import Case
from .standing import Standing


class Cure(models.TextChoices):
    TRY_AGAIN = "try_again", _("Try again")
    OPEN_RECORD = "open_record", _("Open the record")
    FIELDS = "fields", _("Field mapping")
    MATCHES = "matches", _("Look at the matches")
    CONFLICTS = "conflicts", _("Look at the conflicts")
    APART = "apart", _("Match after all")
    SETTINGS = "settings", _("Sync settings")
    SCOPE = "scope", _("Which records are synced")
    PLAN = "plan", _("Look at the plan")
    RESUME = "resume", _("Resume sync")


def cures_of(case: Case) -> Iterator[Cure]:
    """The one that helps most comes first."""
    standing = case.standing
    if case.synced is None:
        yield Cure.SETTINGS
    if standing is None or standing == Standing.IN_STEP:
        return
    if case.connection.is_planned:
        yield Cure.PLAN
    elif case.connection.is_paused and standing in (Standing.WAITING, Standing.FAILED):
        yield Cure.RESUME
    elif standing in (Standing.WAITING, Standing.FAILED):
        yield Cure.TRY_AGAIN
    yield from _of_standing(case, standing)


def _of_standing(case: Case, standing: Standing) -> Iterator[Cure]:
    if standing == Standing.FAILED:
        yield Cure.OPEN_RECORD
        yield Cure.FIELDS
    elif standing == Standing.UNDECIDED:
        yield Cure.CONFLICTS if case.conflicts else Cure.MATCHES
    elif standing == Standing.OUTSIDE and case.link is None:
        yield Cure.SETTINGS
    elif standing == Standing.OUTSIDE and case.link and case.link.state == Link.State.OUTSIDE:
        yield Cure.SCOPE
    elif standing == Standing.OUTSIDE and case.link and case.link.state == Link.State.APART:
        yield Cure.APART
