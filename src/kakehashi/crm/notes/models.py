from django.conf import settings
from django.db import models

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class Note(models.Model):
    """What somebody wrote down about a record. `html` is clean; `text` is the same in plain words, for excerpts."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="notes")
    title = models.CharField(max_length=120, blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField(null=True)
    modified_by_name = models.CharField(max_length=200, blank=True)
    pinned_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["record", "-id"], condition=models.Q(deleted_at=None), name="note_of_record"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]


class NoteMention(models.Model):
    """That a note calls a colleague by name."""

    id = models.BigAutoField(primary_key=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, db_index=False, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="one_mention")]
