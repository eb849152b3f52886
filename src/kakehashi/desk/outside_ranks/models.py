"""Numbers that something outside the Desk keeps with tickets, so that lists can be sorted by them. What they mean is its business."""

from django.db import models

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket


class OutsideRank(models.Model):
    """A ticket's place under a key. A ticket without a row stands behind all others."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, db_index=False, related_name="outside_ranks")
    key = models.CharField(max_length=30)
    rank = models.DecimalField(max_digits=24, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="one_rank_under_a_key")]
        indexes = [models.Index(fields=["portal", "key", "rank", "ticket"], name="tickets_by_outside_rank")]
