from django.db import models

from kakehashi.bridge.connection.models import Connection
from kakehashi.core import clock


class SavedFilter(models.Model):
    """A person's own filter over the ticket blocks of an org. `filter` is read by `core.filters.definition` and asks of the Desk's tickets."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="saved_filters")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    filter = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "person_id", "name"], name="saved_filter_of_person")]

    def __str__(self) -> str:
        return self.name
