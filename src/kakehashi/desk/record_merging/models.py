from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Portal


class RecordMerge(models.Model):
    """That several contacts, accounts or products became one. `before` and `after` are the survivor's values by API name; what moved
    stands in rows of its own, so that it can go back. The merged records keep their values where they are, out of sight.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=10)  # the name of a `Kind`
    survivor_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    merged_at = models.DateTimeField(default=clock.now)
    by_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "survivor_id", "-id"], name="record_merge_of_survivor")]


class MergedRecord(models.Model):
    """A record that went into another one. `kind` repeats that of its merge."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(RecordMerge, on_delete=models.CASCADE, db_index=False, related_name="losers")
    kind = models.CharField(max_length=10)
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "record_id"], name="record_merged_once_per_merge")]
        indexes = [models.Index(fields=["kind", "record_id"], name="merge_of_record")]


class MovedRelation(models.Model):
    """A row that named a merged record and names the survivor since: which relation, which row, and whom it named."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(RecordMerge, on_delete=models.CASCADE, related_name="moved")
    relation = models.CharField(max_length=30)  # the name of a `Relation`
    row_id = models.BigIntegerField()
    was_id = models.BigIntegerField()
