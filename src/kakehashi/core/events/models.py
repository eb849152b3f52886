from django.db import models

from .fields import TransactionId

# Everything but what happens to records and tickets day by day; an index holds just this, for whoever reads what was set up.
IS_ABOUT_SETTINGS = ~models.Q(kind__in=["crm.record", "desk.ticket", "desk.message"]) | models.Q(
    topic="crm.record.purged"
)


class Event(models.Model):
    """Something happened to one subject. A marker, not a payload: readers look at the subject's state of now (design §4).

    `tenant` is "org:12" or "portal:7"; `kind` and `subject_id` name the subject ("crm.record", 17); `data` holds what the
    timeline shows people, for instance {"changes": {"Phone": ["old", "new"]}}.
    """

    id = models.BigAutoField(primary_key=True)
    xid = TransactionId()
    tenant = models.CharField(max_length=40)
    topic = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    origin = models.CharField(max_length=60, blank=True)
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["xid", "id"], name="event_in_reading_order"),
            models.Index(fields=["kind", "subject_id", "-id"], name="event_of_subject"),
            models.Index(fields=["tenant", "-id"], name="event_of_tenant"),
            models.Index(fields=["tenant", "-id"], condition=IS_ABOUT_SETTINGS, name="event_about_settings"),
        ]


class LogEpoch(models.Model):
    """One row. A new value after a restore or clone makes every older position void, since transaction ids restart."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_epoch")]


class Cursor(models.Model):
    """How far one subscriber has read. Saved in the transaction of the work it stands for."""

    name = models.CharField(max_length=80, primary_key=True)
    epoch = models.UUIDField()
    xid = models.BigIntegerField()
    event_id = models.BigIntegerField()
    moved_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=200, blank=True)


class Problem(models.Model):
    """A subject that a subscriber could not deal with, parked so that the others go on."""

    id = models.BigAutoField(primary_key=True)
    subscriber = models.CharField(max_length=80)
    tenant = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    reason = models.TextField()
    attempts = models.IntegerField(default=1)
    first_seen_at = models.DateTimeField()
    next_try_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "kind", "subject_id"], name="one_problem_per_subject"),
        ]
        indexes = [models.Index(fields=["next_try_at"], name="problem_due")]
