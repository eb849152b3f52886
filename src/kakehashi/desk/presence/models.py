from django.db import models

from kakehashi.desk.portals.models import Agent
from kakehashi.desk.tickets.models import Ticket


class Presence(models.Model):
    """An agent who has a ticket open. Their page says so every twenty seconds; `holds_reply` is whoever answers just now."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, db_index=False, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    is_typing = models.BooleanField(default=False)
    holds_reply = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="one_presence_per_agent")]
