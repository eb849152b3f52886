"""Which broken promises have been told of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket


class Deadline(models.TextChoices):
    """The two clocks of a ticket."""

    RESPONSE = "response", _("Answer")
    RESOLUTION = "resolution", _("Solution")

    @property
    def column(self) -> str:
        """Where a ticket keeps when it ends."""
        return "response_due_at" if self == Deadline.RESPONSE else "due_at"


class Breach(models.Model):
    """A ticket was still open, or unanswered, when `due_at` passed. Another due moment can be broken anew."""

    id = models.BigAutoField(primary_key=True)
    # Both unchecked: the row is copied from its ticket in one statement, and two hundred thousand checks would be half of the sweep.
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="breaches", db_index=False, db_constraint=False
    )
    deadline = models.CharField(max_length=10, choices=Deadline.choices)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "deadline", "due_at"], name="breach_told_once"),
            models.CheckConstraint(condition=Q(deadline__in=Deadline.values), name="breach_deadline_is_known"),
        ]
