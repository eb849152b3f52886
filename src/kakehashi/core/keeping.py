"""For how long a recycle bin keeps what lies in it, of whichever product."""

from datetime import datetime, timedelta

from django.db import models

from . import clock

KEEP_DAYS = 60
DAY_CHOICES = (7, 30, 60, 90, 180, 365)
NEVER = "never"


class KeepingSetting(models.Model):
    """Without a row: `KEEP_DAYS`; without days: until somebody empties it."""

    id = models.BigAutoField(primary_key=True)
    keep_days = models.PositiveSmallIntegerField(null=True, default=KEEP_DAYS)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


def days_of(setting: KeepingSetting | None) -> int | None:
    """None for ever."""
    return setting.keep_days if setting else KEEP_DAYS


def is_choice(sent: str) -> bool:
    return sent == NEVER or (sent.isdecimal() and int(sent) in DAY_CHOICES)


def read_choice(sent: str) -> int | None:
    """What `is_choice` of the form of `ui/recycle_bin`: days, None for never."""
    return None if sent == NEVER else int(sent)


def due_before(days: int) -> datetime:
    """What was deleted before this moment is due to go."""
    return clock.now() - timedelta(days=days)
