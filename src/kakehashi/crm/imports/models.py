from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.core.attachments.models import Attachment
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org


class ImportState(models.TextChoices):
    MAPPING = "mapping"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class MatchPolicy(models.TextChoices):
    UPDATE = "update"
    SKIP = "skip"
    CREATE = "create"


class Import(models.Model):
    """A file on its way into a module. `rows_done` moves in the transaction of the rows it stands for, so a killed run goes on there."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="imports")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    mapping = models.JSONField(default=list)  # per column: the field's API name, "" to leave out
    match_field = models.CharField(max_length=60, blank=True)
    policy = models.CharField(max_length=10, choices=MatchPolicy.choices, default=MatchPolicy.UPDATE)
    creates_missing = models.BooleanField(default=True)  # accounts that are named but not there
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.MAPPING)
    failure = models.TextField(blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-id"], name="import_of_org")]


class RowState(models.TextChoices):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    FAILED = "failed"


class ImportRow(models.Model):
    """What became of one row. `reasons` are [code, field, detail …] triples, put into words when shown; `cells` are kept of rows that failed."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    source = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()  # as a spreadsheet shows it: the heading is row 1
    state = models.CharField(max_length=10, choices=RowState.choices)
    record_id = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    cells = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_result_per_row")]
        indexes = [
            models.Index(fields=["source", "state", "number"], name="import_row_by_state"),
            models.Index(fields=["source", "record_id"], name="import_row_by_record"),
        ]
