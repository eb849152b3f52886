from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket


class TicketMerge(models.Model):
    """Tickets that became one. `undone_at` says when they came apart again."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    survivor = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)


class MergedTicket(models.Model):
    """What one ticket brought along, so that it can take it back."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(TicketMerge, on_delete=models.CASCADE, related_name="parts")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merged_as")
    message_ids = models.JSONField(default=list)
    comment_ids = models.JSONField(default=list)
    attachment_ids = models.JSONField(default=list)
    tag_ids = models.JSONField(default=list, db_default=[])  # those that the survivor did not have
    follower_ids = models.JSONField(default=list, db_default=[])  # the same of agents who followed it
    description_comment_id = models.BigIntegerField(null=True)  # what the ticket was opened with, as a comment there


class TicketSplit(models.Model):
    """A ticket that was made of messages of another. `undone_at` says when they went back."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="splits")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="split_from")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)
    message_ids = models.JSONField(default=list, db_default=[])
    undone_at = models.DateTimeField(null=True)
