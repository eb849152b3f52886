"""What came of it, for people to read: the journal, what they must decide, and what a plan says."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.bridge.connection.models import Connection

from .models import Link, Module, Run, Side


class JournalRow(models.Model):
    """What was written, linked, removed or lost, and why. `changes` is {Desk field: [old, new]}; of a lost value, [lost, winner].
    `side` is where it was written or lost. `undoes` is the row that this one took back, `undone_at` says that this one was.

    One row per write of a record, not per field: a first sync writes a dozen fields of every record at once.
    """

    class Kind(models.TextChoices):
        LINKED = "linked", _("Matched")
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        LOST = "lost", _("Overwritten")
        REMOVED = "removed", _("Moved to the recycle bin")
        RESTORED = "restored", _("Restored")
        PARTED = "parted", _("Unlinked")
        MERGED = "merged", _("Followed a merge")
        DECIDED = "decided", _("Decided by a person")
        UNDONE = "undone", _("Taken back")

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="journal")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="journal")
    module = models.CharField(max_length=12, choices=Module.choices)
    crm_id = models.BigIntegerField(null=True)
    desk_id = models.BigIntegerField(null=True)
    side = models.CharField(max_length=4, choices=Side.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    changes = models.JSONField(default=dict)
    rule = models.CharField(max_length=60, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    undoes = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["connection", "module", "crm_id", "-id"], name="journal_of_record"),
            models.Index(fields=["connection", "-id"], name="journal_of_connection"),
            models.Index(fields=["run", "-id"], name="journal_of_run"),
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="journal_taken_back"),
        ]


class Conflict(models.Model):
    """Both sides changed a field whose rule is to ask. `choice` is the side whose value a person has chosen; the next look carries it out.

    Values are stored values of their own side (`values.py`). It goes when the field is in step again, however that came about.
    """

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="conflicts")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="conflicts")
    module = models.CharField(max_length=12, choices=Module.choices)
    field = models.CharField(max_length=60)
    crm_value = models.JSONField(null=True)
    desk_value = models.JSONField(null=True)
    choice = models.CharField(max_length=4, choices=Side.choices, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "field"], name="conflict_once_per_field")]
        indexes = [models.Index(fields=["connection", "module", "id"], name="conflict_of_connection")]


class PlanRow(models.Model):
    """What a sync would do with one record. `kind` says what; `side` where the record lives that it is about; `changes` is
    {Desk field: [old, new, side where it would be written]}; `evidence` is that of a held one.

    A plan is only told, never carried out row by row: the sync that follows an approval decides anew by the same rules, and leaves out what
    was not approved.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("Create")
        LINK = "link", pgettext_lazy("plan", "Link")
        UPDATE = "update", pgettext_lazy("plan", "Update")
        CONFLICT = "conflict", _("Conflict")
        HOLD = "hold", _("Needs a decision")
        REFUSE = "refuse", _("Would be refused")
        REMOVE = "remove", pgettext_lazy("plan", "Move to the recycle bin")
        RESTORE = "restore", pgettext_lazy("plan", "Restore")
        UNLINK = "unlink", pgettext_lazy("plan", "Unlink")
        SKIP = "skip", _("Nothing to do")

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    module = models.CharField(max_length=12, choices=Module.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    side = models.CharField(max_length=4, choices=Side.choices)
    crm_id = models.BigIntegerField(null=True)
    desk_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    partner_name = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    is_approved = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "module", "kind", "id"], name="plan_row_by_kind"),
            models.Index(fields=["run", "desk_id"], name="plan_row_by_desk_record"),
        ]
