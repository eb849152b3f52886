from django.db import models

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class Conversion(models.Model):
    """That a lead became a contact, an account and perhaps a deal.

    `deeds` say, for the way back, what was done: {"made": {record id: version}, "filled": {record id: {field: [before, after]}},
    "moved": [[kind of belongings, to record id, what it handed over]]}.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    lead = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="conversions")
    contact = models.ForeignKey(Record, null=True, on_delete=models.SET_NULL, related_name="+")
    account = models.ForeignKey(Record, null=True, on_delete=models.SET_NULL, related_name="+")
    deal = models.ForeignKey(Record, null=True, on_delete=models.SET_NULL, related_name="+")
    deeds = models.JSONField(default=dict)
    converted_at = models.DateTimeField()
    converted_by_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "-id"], name="conversion_of_org")]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=models.Q(undone_at=None), name="lead_is_converted_once")
        ]
