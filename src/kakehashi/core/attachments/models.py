from django.db import models


class Attachment(models.Model):
    """A file that somebody added. Its bytes lie on disk under their digest; who may fetch it is decided by the row that links it."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    added_by_name = models.CharField(max_length=200, blank=True)
    unnamed_since = models.DateTimeField(null=True)  # found to be named by nothing, see sweeping.py

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="attachment_of_tenant"),
            models.Index(fields=["digest"], name="attachment_by_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"
