from django.conf import settings
from django.db import models

from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org


class FoldedPanel(models.Model):
    """That a person keeps a card of a module's record pages folded."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    panel = models.CharField(max_length=140)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "org", "module", "panel"], name="one_fold")]
