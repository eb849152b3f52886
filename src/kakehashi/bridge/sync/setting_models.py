"""How a connection keeps its modules and their fields in step, as an administrator chose it (spec Y2–Y7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName
from kakehashi.core.filters.definition import Filter, from_json

from .models import Module


class Direction(models.TextChoices):
    TO_DESK = "to_desk", _("CRM to Desk")
    BOTH = "both", _("Both ways")


class DeleteRule(models.TextChoices):
    """What a deletion on one side does on the other. Whatever is in use there is kept and unlinked, whichever is chosen."""

    FOLLOW = "follow", _("Goes to the recycle bin there, too")
    KEEP = "keep", _("Is kept there and unlinked")


class SyncedModule(models.Model):
    """A module that this connection keeps in step, and how (spec Y2, Y4, Y5, Y7).

    `match_secondary`: contacts are also recognised by the secondary e-mail address; `secondary_overwrites`: the Desk's primary address
    is then overwritten by the CRM's (Y5), else both keep theirs. `department_ids`: where new products are offered in the Desk; none means
    everywhere. `crm_scope`, `desk_scope`: which records of a side get a partner on the other (`core.filters`; empty: all). `owner_id`: the person who owns what is made in the CRM for a Desk record; whoever set the connection up, unless said.
    Without rows in `fields` the default pairs hold (`mapping.py`). One that is added later waits until it is started (`is_started`): its fields and
    scopes are chosen first. Whoever carries records across asks `in_step`.
    """

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="modules")
    module = models.CharField(max_length=12, choices=Module.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.TO_DESK)
    delete_rule = models.CharField(max_length=8, choices=DeleteRule.choices, default=DeleteRule.FOLLOW)
    match_secondary = models.BooleanField(default=False)
    secondary_overwrites = models.BooleanField(default=True)
    department_ids = models.JSONField(default=list)
    owner_id = models.BigIntegerField(null=True)
    crm_scope = models.JSONField(default=dict)
    desk_scope = models.JSONField(default=dict)
    is_started = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "module"], name="module_is_synced_once")]

    @property
    def is_two_way(self) -> bool:
        return self.direction == Direction.BOTH

    def scope(self, side: SideName) -> Filter:
        return from_json(self.crm_scope if side == "crm" else self.desk_scope)


def in_step(connection_id: int) -> models.QuerySet[SyncedModule]:
    """Those whose records are carried across."""
    return SyncedModule.objects.filter(connection_id=connection_id, is_started=True)


class FieldDirection(models.TextChoices):
    TO_DESK = "to_desk", _("CRM to Desk")
    TO_CRM = "to_crm", _("Desk to CRM")
    BOTH = "both", _("Both ways")


class ConflictRule(models.TextChoices):
    """Whose value holds when both sides changed a field since they last agreed (design §6)."""

    CRM_WINS = "crm_wins", _("CRM wins")
    DESK_WINS = "desk_wins", _("Desk wins")
    NEWEST_WINS = "newest_wins", _("The newer change wins")
    ASK = "ask", _("Ask a person")


class FieldMapping(models.Model):
    """Which CRM field goes with which Desk field, which way, and who wins (spec Y3). A module that goes one way has fields that do.

    `choices`: [[CRM choice, Desk choice], …] where a pick list's words differ; what is not named is taken as it is.
    """

    id = models.BigAutoField(primary_key=True)
    synced = models.ForeignKey(SyncedModule, on_delete=models.CASCADE, related_name="fields")
    crm = models.CharField(max_length=60)
    desk = models.CharField(max_length=60)
    direction = models.CharField(max_length=8, choices=FieldDirection.choices, default=FieldDirection.BOTH)
    rule = models.CharField(max_length=12, choices=ConflictRule.choices, default=ConflictRule.CRM_WINS)
    choices = models.JSONField(default=list)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["synced", "crm"], name="crm_field_is_mapped_once"),
            models.UniqueConstraint(fields=["synced", "desk"], name="desk_field_is_mapped_once"),
        ]
