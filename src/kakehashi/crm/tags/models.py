from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record


class TagColour(models.TextChoices):
    GREY = "grey", _("Grey")
    BLUE = "blue", _("Blue")
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    PLUM = "plum", _("Plum")
    RED = "red", _("Red")


class Tag(models.Model):
    """A word that people put on records of one module. `folded` is the name as it is compared.

    A deleted one keeps its marks, so that it can come back on the same records; nobody sees it, and after a month it is erased.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, related_name="tags")
    name = models.CharField(max_length=60)
    folded = models.CharField(max_length=120)
    colour = models.CharField(max_length=10, choices=TagColour.choices, default=TagColour.GREY)
    created_at = models.DateTimeField(default=clock.now)
    created_by_name = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["module", "folded"], condition=models.Q(deleted_at=None), name="one_tag_of_a_name"
            )
        ]
        indexes = [
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="deleted_tag")
        ]

    def __str__(self) -> str:
        return self.name


class RecordTag(models.Model):
    """That a record carries a tag."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="tag_marks")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, db_index=False, related_name="marks")
    added_at = models.DateTimeField(default=clock.now)
    added_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "tag"], name="one_tag_once")]
        indexes = [models.Index(fields=["tag", "-record"], name="record_by_tag")]
