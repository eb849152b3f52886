"""What a portal promises its customers: how soon it answers and how soon a matter is settled, in minutes of working time."""

from django.db import models
from django.db.models import Q

from kakehashi.desk.customers.models import Account
from kakehashi.desk.portals.models import Department, Portal


class TargetSet(models.Model):
    """For everybody, for a department, for a customer, or for a customer in a department."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="target_sets")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="target_sets")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="target_sets")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "department", "account"], nulls_distinct=False, name="one_target_set_per_scope"
            ),
        ]


class Target(models.Model):
    """One row of a set: a priority, or with "" every other one. A column left empty promises nothing."""

    id = models.BigAutoField(primary_key=True)
    target_set = models.ForeignKey(TargetSet, on_delete=models.CASCADE, related_name="targets")
    priority = models.CharField(max_length=40, blank=True)
    response_minutes = models.PositiveIntegerField(null=True)
    resolution_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target_set", "priority"], name="target_once_per_priority"),
            models.CheckConstraint(
                condition=Q(response_minutes__isnull=False) | Q(resolution_minutes__isnull=False),
                name="target_promises_something",
            ),
        ]
