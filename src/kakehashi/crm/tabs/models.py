from django.db import models

from kakehashi.crm.orgs.models import Org


class TabChoice(models.Model):
    """What administrators chose for a tab that is no module: that it was removed, or which profiles do without it."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=40)
    removed_at = models.DateTimeField(null=True)
    removed_by_name = models.CharField(max_length=200, blank=True)
    without_profiles = models.JSONField(default=list)  # ids

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="one_choice_per_tab")]
