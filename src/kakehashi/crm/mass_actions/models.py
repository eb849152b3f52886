from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org


class MassKind(models.TextChoices):
    UPDATE = "update"
    DELETE = "delete"
    TAG = "tag"
    UNTAG = "untag"


class MassState(models.TextChoices):
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class MassAction(models.Model):
    """One change of many records, or with `undoes` the taking back of one. `last_id` moves in the transaction of the records it
    stands for, so a killed run goes on there. `up_to_id` leaves out what is created while it runs.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=10, choices=MassKind.choices)
    changes = models.JSONField(
        default=dict
    )  # API name -> canonical value, null to empty it; of tags {"tags": ids, "names": names}
    selection = models.JSONField(default=dict)  # {"ids": [...]}, or {"filter": …, "text": …} for all that fit
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    state = models.CharField(max_length=10, choices=MassState.choices, default=MassState.RUNNING)
    failure = models.TextField(blank=True)
    up_to_id = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-id"], name="mass_action_of_org")]


class MassRowState(models.TextChoices):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


class MassActionRow(models.Model):
    """What became of one record. `before` holds what was overwritten, for the way back; `reasons` say why it was skipped."""

    id = models.BigAutoField(primary_key=True)
    action = models.ForeignKey(MassAction, on_delete=models.CASCADE, db_index=False, related_name="rows")
    record_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=MassRowState.choices)
    before = models.JSONField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "record_id"], name="one_result_per_record")]
        indexes = [models.Index(fields=["action", "state", "record_id"], name="mass_row_by_state")]
