from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class Channel(models.TextChoices):
    """How a person wants to hear of a kind of signal."""

    BELL = "bell", _("On the bell")
    DIGEST = "digest", _("By mail, once a day")
    OFF = "off", pgettext_lazy("signals of a kind", "Not at all")


RINGS = Q(seen_at=None, hidden_at=None, snoozed_until=None, channel=Channel.BELL)
WAITS_FOR_DIGEST = Q(channel=Channel.DIGEST, digested_at=None, read_at=None, hidden_at=None)


class Signal(models.Model):
    """One person is told of one event. `record` is the customer it is about and `about` every record that it concerns; `data` holds
    the words' details, as `kinds` reads them. `source` is what it comes from and ends with ("connection:4"), `thread` what in it a
    person may silence ("ticket:12"). A hidden one is out of sight until its source lives again; one that was put off rings anew, and
    `rung_at` is when it did last.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=40)
    event_id = models.BigIntegerField()
    record = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")
    about = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    source = models.CharField(max_length=40, blank=True, db_default="")
    thread = models.CharField(max_length=60, blank=True, db_default="")
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.BELL, db_default=Channel.BELL)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    rung_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "event_id"], name="one_signal_of_an_event_per_person")
        ]
        indexes = [
            models.Index(fields=["org", "person", "-rung_at", "-id"], name="signal_of_person"),
            models.Index(fields=["org", "person"], condition=RINGS, name="signal_that_rings"),
            models.Index(fields=["org", "person"], condition=Q(read_at=None), name="signal_not_read"),
            models.Index(fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="signal_asleep"),
            models.Index(fields=["person"], condition=WAITS_FOR_DIGEST, name="signal_for_digest"),
            GinIndex(fields=["about"], name="signal_by_record"),
            models.Index(fields=["org", "source"], condition=~Q(source=""), name="signal_of_source"),
        ]

    @property
    def module_name(self) -> str:
        """The record's module of now: a lead may have become a contact since."""
        return self.record.module.api_name if self.record else str(self.data.get("module", ""))


class SignalHabit(models.Model):
    """What one person wants to hear of, and how: kinds that are not named ring. `digested_on` is the day of their last digest."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channels = models.JSONField(default=dict)
    digested_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person"], name="one_signal_habit_per_person")]


class SignalMute(models.Model):
    """What one person does not want to hear of any more: all of a customer (`record`), or one thing (`thread`), named by `label`."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "person", "record"], condition=Q(thread=""), name="customer_muted_once"
            ),
            models.UniqueConstraint(
                fields=["org", "person", "thread"], condition=~Q(thread=""), name="thread_muted_once"
            ),
            models.CheckConstraint(
                condition=Q(thread="", record__isnull=False) | (~Q(thread="") & Q(record=None)),
                name="mute_is_of_one_thing",
            ),
        ]
