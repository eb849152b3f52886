from django.conf import settings
from django.db import models

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class OpenedRecord(models.Model):
    """When a person last opened a record's page. A few per person and org are kept."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "record"], name="opened_once_per_person")]
        indexes = [models.Index(fields=["org", "person", "-opened_at"], name="opened_by_person")]


class RecentSearch(models.Model):
    """Words that a person searched for. `folded` is how they are compared."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    text = models.CharField(max_length=200)
    folded = models.CharField(max_length=400)
    searched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person", "folded"], name="one_search_of_a_text")]
        indexes = [models.Index(fields=["org", "person", "-searched_at"], name="searches_of_person")]
