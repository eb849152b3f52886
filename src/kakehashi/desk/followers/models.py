from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.tickets.models import Ticket


class TicketFollower(models.Model):
    """An agent who is told of what happens to a ticket. `added_by_name` is empty where they chose to follow it themselves."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+", db_index=False)
    added_by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="follows_a_ticket_once")]
        indexes = [models.Index(fields=["agent", "ticket"], name="tickets_followed_by")]
