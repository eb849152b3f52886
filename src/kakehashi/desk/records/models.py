from django.db import models

from kakehashi.core import clock
from kakehashi.core.search.fields import TokenField
from kakehashi.desk.portals.models import Portal


class DeskRecord(models.Model):
    """What contacts, accounts and products have in common. `origin_key` says which record of another product one stands for.

    A merged one stands where deleted ones do and says which one survived. An erased one is an empty row: it never comes back.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    description = models.TextField(blank=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    origin_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    modified_at = models.DateTimeField(default=clock.now)
    modified_by = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    merged_into_id: int | None  # said here, since the column is that of each kind's own table
    erased_at = models.DateTimeField(null=True)
    search = TokenField()

    class Meta:
        abstract = True
