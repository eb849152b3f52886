"""Which tickets belong to which deals (spec D1–D3). Both are named by plain ids: either side may be a product that is not ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.bridge.connection.models import Connection
from kakehashi.core import clock


class DealLink(models.Model):
    """Somebody said that a ticket is about a deal. What was merged since is looked up when it is read (`queries`)."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="deal_links")
    deal_id = models.BigIntegerField()
    ticket_id = models.BigIntegerField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "deal_id", "ticket_id"], name="ticket_linked_once_to_a_deal")
        ]
        indexes = [models.Index(fields=["connection", "ticket_id"], name="deal_link_of_ticket")]


class TurnedDown(models.Model):
    """Somebody did not want the deal that was suggested for a ticket."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="+")
    deal_id = models.BigIntegerField()
    ticket_id = models.BigIntegerField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "ticket_id", "deal_id"], name="suggestion_turned_down_once")
        ]


class Sight(models.TextChoices):
    """What agents without an account in the CRM see of the deals of their tickets (lesson E10)."""

    NOTHING = "nothing", pgettext_lazy("of deals", "Nothing")
    STAGE = "stage", _("Name, stage, closing date and owner")
    AMOUNT = "amount", _("The amount, too")


class DealSight(models.Model):
    """What a connection's administrators chose; without a row it is `Sight.STAGE`."""

    connection = models.OneToOneField(Connection, primary_key=True, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=8, choices=Sight.choices, default=Sight.STAGE)
