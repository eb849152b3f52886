from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kakehashi.core.search.fields import TokenField
from kakehashi.desk.tickets.models import Ticket


class TicketWords(models.Model):
    """What a ticket is found by, apart from its row: that changes with every step, this only when something is said.

    The tokens carry the portal, so that the index starts from the tenant, however many others there are.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="words")
    tokens = TokenField()

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="ticket_words")]
