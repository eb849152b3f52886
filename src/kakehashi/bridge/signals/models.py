from django.db import models

from kakehashi.bridge.connection.models import Connection


class SignalChoice(models.Model):
    """What a connection's administrators switched off: `off` holds "kind:audience" as `choosing` names them. Without a row all is on."""

    connection = models.OneToOneField(Connection, primary_key=True, on_delete=models.CASCADE, related_name="+")
    off = models.JSONField(default=list)
