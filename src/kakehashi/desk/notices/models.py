"""Mails of the product's own about a ticket: to a colleague, or to the customer. They are no part of the conversation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Language, Person


class NoticeState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    DROPPED = "dropped", _("No longer needed")


class Notice(models.Model):
    """`person` is the colleague it is for; empty, it goes to a customer at `address`. What it says is made of `kind` and `data`
    when it is sent, in `language`.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=5, choices=Language.choices)
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    message_id = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)
    send_after = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_is_known")]
        indexes = [
            models.Index(fields=["send_after"], condition=Q(state__in=["pending", "sending"]), name="notice_to_send"),
            models.Index(fields=["ticket", "-id"], name="notice_of_ticket"),
        ]


class NoticeHabit(models.Model):
    """What an agent does not want mails about: `off` holds keys of `choices.CHOICES`."""

    agent = models.OneToOneField(Agent, primary_key=True, on_delete=models.CASCADE, related_name="+")
    off = models.JSONField(default=list)
