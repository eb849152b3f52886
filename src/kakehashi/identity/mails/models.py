from django.db import models

from kakehashi.core import clock


class Mail(models.Model):
    """A mail about somebody's account, waiting for its job. Gone once sent, since it may hold a link that opens a door."""

    id = models.BigAutoField(primary_key=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(default=clock.now)
