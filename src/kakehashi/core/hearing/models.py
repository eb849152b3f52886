from django.db import models


class EndedHearing(models.Model):
    """That pages which were made for `key` before `at` hear of no more changes: a session that ended, a person who lost a seat."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="ended_hearing_by_time")]
