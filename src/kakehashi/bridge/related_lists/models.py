from django.db import models

from kakehashi.bridge.connection.models import Connection


class TicketModule(models.Model):
    """A CRM module whose records show tickets (spec R1), by the name that the API uses."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="ticket_modules")
    module = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "module"], name="ticket_module_once_per_connection")
        ]
