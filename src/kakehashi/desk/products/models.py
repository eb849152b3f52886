from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from kakehashi.desk.portals.models import Department
from kakehashi.desk.records.models import DeskRecord


class Product(DeskRecord):
    """Something the customers ask about (contracts §3.10)."""

    product_name = models.CharField(max_length=200)
    name_normal = models.CharField(max_length=200)
    product_code = models.CharField(max_length=80, blank=True)
    code_normal = models.CharField(max_length=80, blank=True)
    unit_price = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    departments = models.ManyToManyField(Department, related_name="products")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "origin_key"], condition=~Q(origin_key=""), name="desk_product_origin_once"
            ),
        ]
        indexes = [
            models.Index(fields=["portal", "name_normal", "id"], name="desk_product_by_name"),
            models.Index(fields=["portal", "code_normal"], condition=~Q(code_normal=""), name="desk_product_by_code"),
            models.Index(
                fields=["portal", "-deleted_at", "-id"],
                condition=Q(deleted_at__isnull=False),
                name="desk_product_in_bin",
            ),
            GinIndex(fields=["search"], name="desk_product_search"),
        ]

    def __str__(self) -> str:
        return self.product_name

    @property
    def name(self) -> str:
        return self.product_name
