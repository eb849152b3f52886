from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org, Role


class Sharing(models.TextChoices):
    PRIVATE = "private"
    EVERYONE = "everyone"
    CHOSEN = "chosen"


class ListView(models.Model):
    """A list that somebody saved: which records, which columns, in which order. `filter` is read by `core.filters.definition`."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=80)
    filter = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=64)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    roles = models.ManyToManyField(Role, related_name="+")  # of a view shared with those chosen
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    modified_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["org", "module", "name"], condition=models.Q(deleted_at=None), name="list_view_of_module"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ViewMark(models.Model):
    """What a person thinks of a view, standard ones too: `key` is "mine" or a saved view's number."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=40)
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "module", "key"], name="one_mark_per_view"),
            models.UniqueConstraint(
                fields=["person", "module"], condition=models.Q(is_default=True), name="one_default_view"
            ),
        ]
