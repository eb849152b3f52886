from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal


class ErasureKind(models.TextChoices):
    ERASE = "erase", _("Erase everything")
    ANONYMISE = "anonymise", _("Keep the tickets without personal data")


class Erasure(models.Model):
    """That a person's data were asked to be erased, by whom, and how far that is: it is over when `finished_at` is set.

    It names nobody: `counts` is what was there at the start, `done` what has become of it. `files` are digests whose bytes still have to go.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ErasureKind.choices)
    counts = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact"], name="contact_erased_once"),
            models.CheckConstraint(condition=Q(kind__in=ErasureKind.values), name="erasure_kind_is_known"),
        ]
        indexes = [models.Index(fields=["portal", "-id"], name="erasure_of_portal")]
