"""What is counted of tickets and kept, so that statistics stay fast at a million tickets (design §7)."""

from django.db import models
from django.db.models import Q

from kakehashi.desk.portals.models import Portal


class Figures(models.Model):
    """Counts and sums over tickets, moved by the actions that change the tickets. What the clock decides is not here.

    All but `spam` are of live tickets. A ticket counts in the month, and on the day, in which it was opened, in the portal's time zone.
    """

    total = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)
    on_hold = models.BigIntegerField(default=0)
    closed = models.BigIntegerField(default=0)
    escalated = models.BigIntegerField(default=0)
    high_priority = models.BigIntegerField(default=0)
    spam = models.BigIntegerField(default=0)
    first_response_count = models.BigIntegerField(default=0)
    first_response_seconds = models.BigIntegerField(default=0)
    first_response_working_seconds = models.BigIntegerField(default=0)
    response_count = models.BigIntegerField(default=0)
    response_seconds = models.BigIntegerField(default=0)
    response_working_seconds = models.BigIntegerField(default=0)
    resolution_count = models.BigIntegerField(default=0)
    resolution_seconds = models.BigIntegerField(default=0)
    resolution_working_seconds = models.BigIntegerField(default=0)
    good = models.BigIntegerField(default=0)
    okay = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    by_email = models.BigIntegerField(default=0)
    by_phone = models.BigIntegerField(default=0)
    by_web = models.BigIntegerField(default=0)
    by_chat = models.BigIntegerField(default=0)
    by_other = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class CustomerTally(Figures):
    """A month of one account, and of one contact for each account that their tickets were for: any set of customers is a short sum.

    An account's row has `EVERYBODY` as its contact; a contact's row has 0 where there is no account.
    """

    EVERYBODY = -1

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    account_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    month = models.DateField()  # its first day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "account_id", "contact_id", "month", "department_id"], name="one_tally_per_customer"
            ),
        ]
        indexes = [
            models.Index(
                fields=["portal", "contact_id", "account_id", "month"],
                condition=Q(contact_id__gt=0),
                name="tally_of_contact",
            )
        ]


class Grain(models.TextChoices):
    DAY = "day"
    MONTH = "month"


class DepartmentTally(Figures):
    """A day and a month of a department, each in a few rows so that writers seldom wait for each other."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    department_id = models.BigIntegerField()
    grain = models.CharField(max_length=5, choices=Grain.choices)
    since = models.DateField()  # that day, or the first of that month
    shard = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "department_id", "grain", "since", "shard"], name="one_tally_per_shard"
            ),
        ]


class ProductTally(Figures):
    """A day of a product. Only tickets that name one have a row."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    product_id = models.BigIntegerField()
    department_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "product_id", "day", "department_id"], name="one_tally_per_product_and_day"
            ),
        ]
        indexes = [models.Index(fields=["portal", "day"], name="product_tally_by_day")]
