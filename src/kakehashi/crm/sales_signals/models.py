from django.conf import settings
from django.db import models

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class Signal(models.Model):
    """One person is told of one event. `record` is the customer it is about; `data` holds the words' details, as `kinds` reads them."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=40)
    event_id = models.BigIntegerField()
    record = models.ForeignKey(Record, null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "event_id"], name="one_signal_of_an_event_per_person")
        ]
        indexes = [
            models.Index(fields=["org", "person", "-id"], name="signal_of_person"),
            models.Index(fields=["org", "person"], condition=models.Q(seen_at=None), name="signal_not_seen"),
        ]
