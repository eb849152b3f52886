from django.db import models

from kakehashi.core import clock
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.portals.models import Department, Portal


class TicketField(models.Model):
    """A field that administrators added to the portal's tickets. Its values stay in `Ticket.custom` when it is removed.

    `options`: {"choices": [text, …], "retired": [text, …]} of pick lists.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    api_name = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=20, choices=FieldType.choices)
    is_required = models.BooleanField(default=False)
    help_text = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["portal", "api_name"], name="ticket_field_name_once_per_portal")]

    def __str__(self) -> str:
        return self.label


class TicketLayout(models.Model):
    """How a department arranges the fields of its tickets. `rows`: [{"name", "is_shown", "is_required"}]; what it does not
    mention comes after, as every department has it.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+")
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="layout")
    rows = models.JSONField(default=list)
