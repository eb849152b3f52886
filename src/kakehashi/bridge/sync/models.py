"""What the loop works with: which record goes with which, what is to be looked at, and walks over everything."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName


class Module(models.TextChoices):
    ACCOUNTS = "accounts", _("Accounts")
    CONTACTS = "contacts", _("Contacts")
    PRODUCTS = "products", _("Products")


class Side(models.TextChoices):
    CRM = "crm", "CRM"
    DESK = "desk", "Desk"


def home_of(crm_id: int | None, desk_id: int | None) -> tuple[SideName, int]:
    """Where something that may have only one end lives: at its CRM record, or at its Desk record where there is no pair (yet)."""
    if crm_id is not None:
        return "crm", crm_id
    if desk_id is None:
        raise LookupError("Neither a CRM record nor a Desk record.")
    return "desk", desk_id


class Link(models.Model):
    """Which record there is which record here, and the last agreed value of every mapped field as each side stores it.

    A link is never forgotten: when its pair ends it becomes a tombstone ("dead"), else what was deleted would come back. "held" is a
    record of one side that a person must match: `evidence` says why and with whom. "apart" is one that a person chose to leave without a
    partner, "out" one that the module's scope leaves out (`scope.py`). `waits_for` is a CRM record of another module, `waits_for_desk` a Desk record, that a reference points at and that is not
    linked yet.
    """

    class State(models.TextChoices):
        LIVE = "live"
        DEAD = "dead"
        HELD = "held"
        APART = "apart"
        OUTSIDE = "out"

    class Ending(models.TextChoices):
        REMOVED = "removed", _("Deleted in CRM, moved to the recycle bin in Desk")
        KEPT = "kept", _("Deleted in CRM, kept in Desk because it has tickets")
        GONE = "gone", _("Deleted in Desk")
        REMOVED_CRM = "rem_crm", _("Deleted in Desk, moved to the recycle bin in CRM")
        KEPT_CRM = "kept_crm", _("Deleted in Desk, kept in CRM because other records name it")
        MERGED = "merged", _("Merged in CRM, kept in Desk")

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links")
    module = models.CharField(max_length=12, choices=Module.choices)
    crm_id = models.BigIntegerField(null=True)
    desk_id = models.BigIntegerField(null=True)
    crm_base = models.JSONField(default=dict)
    desk_base = models.JSONField(default=dict)
    crm_version = models.BigIntegerField(default=0)
    desk_version = models.BigIntegerField(default=0)
    state = models.CharField(max_length=5, choices=State.choices, default=State.LIVE)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    evidence = models.JSONField(default=dict)
    waits_for = models.BigIntegerField(null=True)
    waits_for_desk = models.BigIntegerField(null=True)
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
            models.UniqueConstraint(
                fields=["connection", "module", "desk_id"],
                condition=models.Q(crm_id=None),
                name="lonely_desk_record_has_one_link",
            ),
            models.CheckConstraint(
                condition=models.Q(crm_id__isnull=False, desk_id__isnull=False)
                | (
                    models.Q(state__in=["held", "apart", "out"])
                    & (models.Q(crm_id__isnull=False) | models.Q(desk_id__isnull=False))
                ),
                name="a_link_has_both_its_ends_or_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "module", "desk_id"], name="link_by_desk_id"),
            models.Index(fields=["connection", "module", "state"], name="link_by_state"),
            models.Index(
                fields=["connection", "waits_for"], condition=models.Q(waits_for__isnull=False), name="link_that_waits"
            ),
            models.Index(
                fields=["connection", "waits_for_desk"],
                condition=models.Q(waits_for_desk__isnull=False),
                name="link_that_waits_for_desk",
            ),
        ]

    @property
    def home(self) -> tuple[SideName, int]:
        """Of a link without a pair: which record of which side it is about."""
        return home_of(self.crm_id, self.desk_id)


class Mention(models.Model):
    """A held record (`side`, `record_id`) shares a match key with `who` (`outcome.mention`): when that one changes, it is looked at again."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    module = models.CharField(max_length=12, choices=Module.choices)
    side = models.CharField(max_length=4, choices=Side.choices)
    record_id = models.BigIntegerField()
    who = models.CharField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["connection", "module", "who"], name="mention_of_somebody"),
            models.Index(fields=["connection", "module", "side", "record_id"], name="mention_by_held_record"),
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
    """A walk over all records of all synced modules: a plan, the first sync, or a comparison. It goes on where it was after any crash.

    Of a module that goes both ways the Desk's records follow the CRM's; `side` says whose turn it is. `by_name` is who asked for it.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan")
        FIRST = "first", _("First sync")
        COMPARE = "compare", _("Comparison")

    class Occasion(models.TextChoices):
        """Why records are compared: to find what events missed, or "" because settings or the connection changed."""

        NIGHT = "night", _("Nightly")
        PERSON = "person", _("On demand")

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    occasion = models.CharField(max_length=6, choices=Occasion.choices, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    module = models.CharField(max_length=12, choices=Module.choices, blank=True)
    side = models.CharField(max_length=4, choices=Side.choices, default=Side.CRM)
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
