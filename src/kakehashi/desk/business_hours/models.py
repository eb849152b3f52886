"""When a portal works: several calendars with the hours of a week, public holidays of a country, and days of their own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.customers.models import Account
from kakehashi.desk.portals.models import Department, Portal


class Calendar(models.Model):
    """`week` holds, for Monday to Sunday, spans in minutes of the day: [[[540, 720], [780, 1080]], …]."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="calendars")
    name = models.CharField(_("Name"), max_length=80)
    time_zone = models.CharField(_("Time zone"), max_length=60)
    week = models.JSONField()
    country = models.CharField(_("Public holidays"), max_length=2, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_default", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "name"], name="calendar_name_once_per_portal"),
            models.UniqueConstraint(
                fields=["portal"], condition=Q(is_default=True), name="one_default_calendar_per_portal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnDay(models.Model):
    """A day that differs from what week and country say: a holiday of the company, or a public holiday on which it works."""

    id = models.BigAutoField(primary_key=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="own_days")
    on = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    is_working = models.BooleanField(default=False)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="own_day_once_per_calendar")]


class CalendarUse(models.Model):
    """A department or a customer company that has another calendar than the default one."""

    id = models.BigAutoField(primary_key=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="uses")
    department = models.OneToOneField(Department, on_delete=models.CASCADE, null=True, related_name="calendar_use")
    account = models.OneToOneField(Account, on_delete=models.CASCADE, null=True, related_name="calendar_use")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=True) ^ Q(account__isnull=True), name="calendar_used_by_one"
            ),
        ]
