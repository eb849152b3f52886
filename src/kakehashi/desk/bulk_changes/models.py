from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Portal


class BulkKind(models.TextChoices):
    UPDATE = "update"
    CLOSE = "close"
    DELETE = "delete"
    RESTORE = "restore"
    TAG = "tag"
    UNTAG = "untag"


class RowState(models.TextChoices):
    WAITING = "waiting"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


class BulkChange(models.Model):
    """One change of many tickets, or with `undoes` the taking back of one. It is over when no row waits any more."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=10, choices=BulkKind.choices)
    values = models.JSONField(default=dict)  # API name -> value, as an update takes them
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)  # once it is over

    class Meta:
        indexes = [models.Index(fields=["portal", "-id"], name="bulk_change_of_portal")]


class BulkRow(models.Model):
    """What became of one ticket. `before` holds what was overwritten, for the way back; `reason` says why it was left out."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, db_index=False, related_name="rows")
    ticket_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    before = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "ticket_id"], name="one_result_per_ticket")]
        indexes = [models.Index(fields=["change", "state", "id"], name="bulk_row_by_state")]
