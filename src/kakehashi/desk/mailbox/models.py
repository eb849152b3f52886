from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Portal


class OutboxMail(models.Model):
    """A mail that went to the development outbox instead of a mail server. `portal` is empty for mails of sign-in."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, null=True, related_name="+")
    sender = models.CharField(max_length=400)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=1000, blank=True)
    raw = models.BinaryField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["portal", "-id"], name="outbox_of_portal")]
