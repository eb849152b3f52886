from django.db import models

from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class Merge(models.Model):
    """That several records became one. `before` and `after` are the survivor's values and owner; what moved stands in rows of its own,
    so that it can go back. The merged records keep their own values where they are, out of sight.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    survivor = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="merges")
    before = models.JSONField()
    after = models.JSONField()
    merged_at = models.DateTimeField()
    merged_by_id = models.BigIntegerField(null=True)
    merged_by_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-id"], name="merge_of_org"),
            models.Index(fields=["survivor", "-id"], name="merge_of_survivor"),
        ]


class MergedRecord(models.Model):
    """A record that went into another one."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, db_index=False, related_name="losers")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="merged_as")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "record"], name="merged_once_per_merge")]


class MovedLookup(models.Model):
    """A field of another record that named a merged one: what stood in it, and what it was changed to."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved_lookups")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=60)
    was = models.JSONField()
    now = models.JSONField()


class MovedBelongings(models.Model):
    """What one kind of belongings (see `RECORD_BELONGINGS`) said that it handed over; only that kind can read it."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moved_belongings")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")  # whose they were
    key = models.CharField(max_length=40)
    moved = models.JSONField()
