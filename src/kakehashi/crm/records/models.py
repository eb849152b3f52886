from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kakehashi.core.search.fields import TokenField
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.models import Org


class GoneAs(models.TextChoices):
    """Why a record is out of sight for good or until somebody takes that back; without a word here it lies in the recycle bin."""

    MERGED = "merged"
    CONVERTED = "converted"
    PURGED = "purged"


class Record(models.Model):
    """One contact, account, deal … `values` holds what is not empty, canonical, by API name; `version` grows with each change."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, related_name="records")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, blank=True)  # see derived.sort_name_of
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=200, blank=True)
    modified_at = models.DateTimeField()
    modified_by_id = models.BigIntegerField(null=True)
    modified_by_name = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by_name = models.CharField(max_length=200, blank=True)
    gone_as = models.CharField(max_length=10, choices=GoneAs.choices, blank=True, default="", db_default="")
    origin_key = models.CharField(max_length=120, blank=True)  # what an integration made it from, see design §6
    search = TokenField()  # by module, which is an org's own

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "origin_key"], condition=~models.Q(origin_key=""), name="one_record_per_origin"
            )
        ]
        indexes = [
            models.Index(
                fields=["org", "module", "-modified_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="record_by_change",
            ),
            models.Index(
                fields=["org", "module", "name", "id"], condition=models.Q(deleted_at=None), name="record_by_name"
            ),
            models.Index(
                fields=["org", "module", "sort_name", "id"],
                condition=models.Q(deleted_at=None),
                name="record_by_sort_name",
            ),
            models.Index(
                fields=["org", "module", "-created_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="record_by_age",
            ),
            models.Index(
                fields=["org", "owner", "module", "-modified_at"],
                condition=models.Q(deleted_at=None),
                name="record_of_owner",
            ),
            models.Index(
                fields=["org", "-deleted_at", "-id"],
                condition=models.Q(deleted_at__isnull=False, gone_as=""),
                name="record_in_bin",
            ),
            models.Index(
                fields=["org", "module", "-modified_at", "-id"],
                condition=models.Q(gone_as="converted"),
                name="record_converted",
            ),
            models.Index(fields=["org", "module", "id"], name="record_by_id"),
            GinIndex(fields=["search"], name="record_search"),
            GinIndex(fields=["values"], opclasses=["jsonb_path_ops"], name="record_values"),
        ]

    def __str__(self) -> str:
        return self.name


class KeyKind(models.TextChoices):
    """What a key is compared as."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    DOMAIN = "domain"
    VALUE = "value"


class RecordKey(models.Model):
    """A normalised value by which a live record is found. Deleted records have none, so they stand in nobody's way."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="keys")
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    value = models.CharField(max_length=320)
    is_unique = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "module", "field", "value"],
                condition=models.Q(is_unique=True),
                name="unique_value_of_field",
            )
        ]
        indexes = [models.Index(fields=["org", "kind", "value"], name="record_by_key")]


class RecordLookup(models.Model):
    """That a record names another one in a field: the way back from the account to its contacts."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="lookups")
    field = models.CharField(max_length=60)
    target = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "field", "target"], name="one_lookup")]
        indexes = [models.Index(fields=["target", "module", "field", "-record"], name="lookup_by_target")]
