from django.db import models

from kakehashi.core.fields.types import FieldType
from kakehashi.crm.orgs.models import Org


class ModuleKind(models.TextChoices):
    STANDARD = "standard"
    CUSTOM = "custom"


class Module(models.Model):
    """A kind of record that an org keeps. A standard module's labels are empty until somebody renames it: see `modules.labels`."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="modules")
    api_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=ModuleKind.choices, default=ModuleKind.CUSTOM)
    singular_label = models.CharField(max_length=80, blank=True)
    plural_label = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    icon = models.CharField(max_length=40, default="table")
    is_visible = models.BooleanField(default=True)
    sections = models.JSONField(
        default=list
    )  # [{"key", "label"}] in order; those of a standard module may have no label
    removed_at = models.DateTimeField(null=True)
    is_purged = models.BooleanField(default=False)  # its records are being erased, nothing brings it back
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "api_name"], name="one_module_of_a_name")]

    def __str__(self) -> str:
        return self.api_name


class Field(models.Model):
    """What records of a module can hold under one name. `options` belong to the type: choices, lookup, max_length, decimals, prefix …"""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="fields")
    api_name = models.CharField(max_length=60)
    label = models.CharField(max_length=80, blank=True)
    type = models.CharField(max_length=20, choices=FieldType.choices)
    is_required = models.BooleanField(default=False)
    is_unique = models.BooleanField(default=False)
    is_custom = models.BooleanField(default=True)
    options = models.JSONField(default=dict)
    section = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    next_number = models.BigIntegerField(default=1)  # of an auto-number field: locked while numbers are given out
    help_text = models.CharField(max_length=300, blank=True)
    is_hidden = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "api_name"], name="one_field_of_a_name")]

    def __str__(self) -> str:
        return self.api_name
