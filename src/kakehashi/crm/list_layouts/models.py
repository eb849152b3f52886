from django.conf import settings
from django.db import models

from kakehashi.crm.modules.models import Module


class ChosenLayout(models.Model):
    """How somebody last looked at a module's list; no row means as a table."""

    id = models.BigAutoField(primary_key=True)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "person"], name="one_layout_per_person")]
