from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection


class Module(models.TextChoices):
    ACCOUNTS = "accounts", _("Accounts")
    CONTACTS = "contacts", _("Contacts")


class Direction(models.TextChoices):
    TO_DESK = "to_desk", _("CRM to Desk")


class Side(models.TextChoices):
    CRM = "crm", "CRM"
    DESK = "desk", "Desk"


class SyncedModule(models.Model):
    """A module that this connection keeps in step."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="modules")
    module = models.CharField(max_length=12, choices=Module.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.TO_DESK)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "module"], name="module_is_synced_once")]


class Link(models.Model):
    """Which record there is which record here, and the last agreed value of every mapped field as each side stores it.

    A link is never forgotten: when its pair ends it becomes a tombstone ("dead"), else what was deleted would come back. "held" is a
    CRM record that a person must match: `evidence` says why and with whom. `waits_for` is a CRM record of another module that a
    reference points at and that is not linked yet.
    """

    class State(models.TextChoices):
        LIVE = "live"
        DEAD = "dead"
        HELD = "held"

    class Ending(models.TextChoices):
        REMOVED = "removed", _("Deleted in CRM, moved to the recycle bin in Desk")
        KEPT = "kept", _("Deleted in CRM, kept in Desk because it has tickets")
        GONE = "gone", _("Deleted in Desk")
        MERGED = "merged", _("Merged in CRM, kept in Desk")

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links")
    module = models.CharField(max_length=12, choices=Module.choices)
    crm_id = models.BigIntegerField()
    desk_id = models.BigIntegerField(null=True)
    crm_base = models.JSONField(default=dict)
    desk_base = models.JSONField(default=dict)
    crm_version = models.BigIntegerField(default=0)
    desk_version = models.BigIntegerField(default=0)
    state = models.CharField(max_length=4, choices=State.choices, default=State.LIVE)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    evidence = models.JSONField(default=dict)
    waits_for = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "module", "crm_id"], name="crm_record_has_one_link"),
            models.UniqueConstraint(
                fields=["connection", "module", "desk_id"],
                condition=models.Q(state="live"),
                name="desk_record_has_one_live_link",
            ),
            models.CheckConstraint(
                condition=models.Q(state="held") | models.Q(desk_id__isnull=False),
                name="only_held_links_lack_a_partner",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "module", "desk_id"], name="link_by_desk_id"),
            models.Index(fields=["connection", "module", "state"], name="link_by_state"),
            models.Index(
                fields=["connection", "waits_for"], condition=models.Q(waits_for__isnull=False), name="link_that_waits"
            ),
        ]


class Dirty(models.Model):
    """A record to look at. `seq` grows with every mark; it is cleared, last of all, only if nobody marked it meanwhile."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="dirty")
    module = models.CharField(max_length=12, choices=Module.choices)
    side = models.CharField(max_length=4, choices=Side.choices)
    record_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    first_seen_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "module", "side", "record_id"], name="dirty_once"),
        ]
        indexes = [
            models.Index(
                fields=["connection", "module", "seq"], condition=models.Q(next_try_at=None), name="dirty_now"
            ),
            models.Index(fields=["next_try_at"], condition=models.Q(next_try_at__isnull=False), name="dirty_later"),
        ]


class Run(models.Model):
    """A walk over all records of all synced modules: the first sync, or a comparison. It goes on where it was after any crash."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First sync")
        COMPARE = "compare", _("Comparison")

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    module = models.CharField(max_length=12, choices=Module.choices, blank=True)
    after_id = models.BigIntegerField(default=0)
    progress = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    rate = models.FloatField(default=0)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=models.Q(finished_at=None), name="one_run_at_a_time"
            )
        ]


class JournalRow(models.Model):
    """What was written, linked, removed or lost, and why. `changes` is {Desk field: [old, new]}; of a lost value, [lost, winner].

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

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="journal")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="journal")
    module = models.CharField(max_length=12, choices=Module.choices)
    crm_id = models.BigIntegerField()
    desk_id = models.BigIntegerField(null=True)
    side = models.CharField(max_length=4, choices=Side.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    changes = models.JSONField(default=dict)
    rule = models.CharField(max_length=60, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["connection", "module", "crm_id", "-id"], name="journal_of_record"),
            models.Index(fields=["run", "-id"], name="journal_of_run"),
        ]
