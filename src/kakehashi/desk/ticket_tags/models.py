from django.db import models

from kakehashi.core import clock
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket


class TicketTag(models.Model):
    """A word that the portal's agents put on tickets. Two that differ only in case or width are the same."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    name = models.CharField(max_length=40)
    name_normal = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name_normal"]
        constraints = [models.UniqueConstraint(fields=["portal", "name_normal"], name="ticket_tag_once_per_portal")]

    def __str__(self) -> str:
        return self.name

    @property
    def filter_text(self) -> str:
        """The list of all tickets that have it, for an address."""
        return as_text(filter_of(Condition("tags", "any_of", (self.name,))))


class TagUse(models.Model):
    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, db_index=False, related_name="tag_uses")
    tag = models.ForeignKey(TicketTag, on_delete=models.CASCADE, db_index=False, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tag_once_per_ticket")]
        indexes = [models.Index(fields=["tag", "ticket"], name="tickets_of_tag")]
