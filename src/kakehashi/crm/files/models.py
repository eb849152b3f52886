from django.db import models

from kakehashi.core.models import Attachment
from kakehashi.crm.notes.models import Note
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class RecordFile(models.Model):
    """A file that lies with a record, or with one of its notes."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="files")
    note = models.ForeignKey(Note, null=True, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["record", "-id"], condition=models.Q(deleted_at=None), name="file_of_record"),
        ]

    def __str__(self) -> str:
        return self.attachment.name
