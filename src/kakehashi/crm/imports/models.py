from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.core.attachments.models import Attachment
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org


class ImportState(models.TextChoices):
    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class MatchPolicy(models.TextChoices):
    UPDATE = "update"
    SKIP = "skip"
    CREATE = "create"


class Import(models.Model):
    """A file on its way into a module. `rows_done` moves in the transaction of the rows it stands for, so a killed run goes on there.

    The counters and rows belong to what `state` says: to the dry run until it is started, then to the run.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="imports")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    has_heading = models.BooleanField(default=True)
    columns = models.JSONField(default=list)  # `imports.columns.Column`, one per column of the file
    match_fields = models.JSONField(default=list)  # what records are recognised by, tried in this order
    policy = models.CharField(max_length=10, choices=MatchPolicy.choices, default=MatchPolicy.UPDATE)
    fills_only = models.BooleanField(default=False)  # an update writes into empty fields only
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.MAPPING)
    failure = models.TextField(blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    ambiguous_count = models.PositiveIntegerField(default=0)
    named_count = models.PositiveIntegerField(default=0)  # records made because a row named them
    expected = models.JSONField(default=dict)  # what the dry run counted
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)  # the present stretch of work, for its speed
    began_rows = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_by_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undo_includes_changed = models.BooleanField(default=False)  # also what was changed since, after asking

    class Meta:
        indexes = [models.Index(fields=["org", "-id"], name="import_of_org")]

    @property
    def is_half_undone(self) -> bool:
        """Taking it back was given up: it can only be taken back further, not go on."""
        return self.state == ImportState.FAILED and self.undone_by_id is not None and self.undone_at is None


class RowState(models.TextChoices):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    AMBIGUOUS = "ambiguous"
    FAILED = "failed"


class UndoState(models.TextChoices):
    """What taking an import back did to a record. Kept ones were changed since; a person is asked about them."""

    BINNED = "binned"
    RESTORED = "restored"
    KEPT = "kept"
    GONE = "gone"


class ImportRow(models.Model):
    """What became of one row. `reasons` are [field, text, details] triples, put into words when shown; `cells` are kept of rows that were not taken."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    source = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()  # as a spreadsheet shows it: the heading is row 1
    state = models.CharField(max_length=10, choices=RowState.choices)
    record_id = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    cells = models.JSONField(null=True)
    version = models.PositiveIntegerField(null=True)  # of the record, when the row was written
    changes = models.JSONField(null=True)  # of an update: field -> [old, new]
    undo = models.CharField(max_length=10, choices=UndoState.choices, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_result_per_row")]
        indexes = [
            models.Index(fields=["source", "state", "number"], name="import_row_by_state"),
            models.Index(fields=["source", "record_id"], name="import_row_by_record"),
        ]


class NamedRecord(models.Model):
    """A record that was made because a row named it: the account of a contact, the contact of a deal."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="named")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, related_name="+")
    record_id = models.BigIntegerField()
    name = models.CharField(max_length=300)
    undo = models.CharField(max_length=10, choices=UndoState.choices, blank=True, default="")


class RowKey(models.Model):
    """By what an earlier row of the same file is recognised, as a digest: a file of any length finds its own duplicates without being held in memory."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, db_index=False, related_name="row_keys")
    digest = models.BigIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["source", "digest"], name="row_by_key")]
