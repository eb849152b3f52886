from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.crm.orgs.models import Org


class Transfer(models.Model):
    """All records of somebody on their way to somebody else. `last_id` moves with the rows it stands for, so a killed run goes on there.

    `choice` are module ids; for deals that are still open "<id>:open".
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="transfers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    choice = models.JSONField(default=list)
    last_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, default="", db_default="")  # why it ended before everything was handed over

    class Meta:
        indexes = [models.Index(fields=["org", "giver", "-id"], name="transfer_of_giver")]

    @property
    def is_running(self) -> bool:
        return self.finished_at is None
