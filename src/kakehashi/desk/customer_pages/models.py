"""What a department lets its customers do by links in its mails, and which of a ticket's links still open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.tickets.models import Ticket


class RatingRequest(models.TextChoices):
    """When customers are asked how they were served."""

    OFF = "off", _("Never")
    REPLIES = "replies", _("At the foot of every reply")
    CLOSING = "closing", _("In a mail of its own after closing")


class CustomerSettings(models.Model):
    """Of one department; without a row everything is off. `changed_at` keeps tickets closed before out of a new rule."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="customer_settings")
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="customer_settings")
    shows_page = models.BooleanField(default=False)
    ratings = models.CharField(max_length=10, choices=RatingRequest.choices, default=RatingRequest.OFF)
    rating_delay_minutes = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ratings__in=RatingRequest.values), name="rating_request_is_known"),
        ]


class LinkRevocation(models.Model):
    """A ticket's links carry the number of revocations before them: one more, and all older ones open nothing."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="link_revocation")
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
