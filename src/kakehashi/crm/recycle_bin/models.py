from django.db import models

from kakehashi.crm.orgs.models import Org

KEEP_DAYS = 60


class BinSetting(models.Model):
    """How long an org keeps deleted records. Without a row: `KEEP_DAYS`; without days: until somebody empties it."""

    id = models.BigAutoField(primary_key=True)
    org = models.OneToOneField(Org, on_delete=models.CASCADE, related_name="bin_setting")
    keep_days = models.PositiveSmallIntegerField(null=True, default=KEEP_DAYS)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200, blank=True)
