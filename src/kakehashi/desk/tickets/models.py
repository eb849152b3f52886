"""Tickets and what is kept beside them so that lists and statistics stay fast at a million (design §3, §7)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.search.fields import TokenField
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.products.models import Product

IS_LIVE = Q(deleted_at__isnull=True)
IS_OPEN = Q(deleted_at__isnull=True, closed_at__isnull=True)


class StatusType(models.TextChoices):
    OPEN = "Open", pgettext_lazy("ticket status", "Open")
    ON_HOLD = "On Hold", pgettext_lazy("ticket status", "On hold")
    CLOSED = "Closed", pgettext_lazy("ticket status", "Closed")


class Priority(models.TextChoices):
    HIGH = "High", pgettext_lazy("priority", "High")
    MEDIUM = "Medium", pgettext_lazy("priority", "Medium")
    LOW = "Low", pgettext_lazy("priority", "Low")


class Rating(models.TextChoices):
    GOOD = "good", pgettext_lazy("rating", "Good")
    OKAY = "okay", pgettext_lazy("rating", "Okay")
    BAD = "bad", pgettext_lazy("rating", "Bad")


STANDARD_STATUSES: dict[str, tuple[StatusType, Promise]] = {
    "Open": (StatusType.OPEN, pgettext_lazy("ticket status", "Open")),
    "On Hold": (StatusType.ON_HOLD, pgettext_lazy("ticket status", "On hold")),
    "Escalated": (StatusType.OPEN, pgettext_lazy("ticket status", "Escalated")),
    "Closed": (StatusType.CLOSED, pgettext_lazy("ticket status", "Closed")),
}


class Status(models.Model):
    """A state a ticket may be in. The four that every portal starts with are shown in the reader's language.

    A retired one is not offered any more; tickets in the recycle bin and the past still have it.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="statuses")
    name = models.CharField(max_length=60)
    type = models.CharField(max_length=10, choices=StatusType.choices)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "name"], name="status_name_once_per_portal"),
            models.CheckConstraint(condition=Q(type__in=StatusType.values), name="status_type_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_standard(self) -> bool:
        return self.name in STANDARD_STATUSES

    @property
    def label(self) -> str:
        return str(STANDARD_STATUSES[self.name][1]) if self.name in STANDARD_STATUSES else self.name


class Ticket(models.Model):
    """A customer's request. Its account is the ticket's own: changing it never changes the contact, nor the other way round."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField()
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=1000)
    description_html = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="tickets")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="tickets")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="tickets")
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    priority = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=40, default="Web")
    classification = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=120, blank=True)
    sub_category = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    custom = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    response_due_at = models.DateTimeField(null=True)
    has_own_due = models.BooleanField(
        default=False, db_default=False
    )  # set by a person; else it follows from the targets
    has_own_response_due = models.BooleanField(default=False, db_default=False)
    remaining_seconds = models.BigIntegerField(null=True)  # of working time, while the clock stands
    is_escalated = models.BooleanField(default=False)
    is_our_turn = models.BooleanField(default=True)
    last_activity_at = models.DateTimeField()
    last_activity = models.CharField(max_length=20, default="opened")
    first_responded_at = models.DateTimeField(null=True)
    first_response_seconds = models.BigIntegerField(null=True)
    first_response_working_seconds = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    resolution_seconds = models.BigIntegerField(null=True)
    resolution_working_seconds = models.BigIntegerField(null=True)
    message_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    reopen_count = models.PositiveIntegerField(default=0)
    rating = models.CharField(max_length=5, choices=Rating.choices, blank=True)
    rating_comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.CharField(max_length=200, blank=True)
    modified_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    search = TokenField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "number"], name="ticket_number_once_per_portal"),
            models.CheckConstraint(condition=Q(rating__in=["", *Rating.values]), name="ticket_rating_is_known"),
        ]
        indexes = [
            models.Index(fields=["portal", "-last_activity_at", "-id"], condition=IS_LIVE, name="ticket_by_activity"),
            models.Index(
                fields=["portal", "-last_activity_at", "-id"], condition=IS_OPEN, name="ticket_open_by_activity"
            ),
            models.Index(
                fields=["portal", "account", "-last_activity_at", "-id"], condition=IS_LIVE, name="ticket_of_account"
            ),
            models.Index(
                fields=["portal", "contact", "-last_activity_at", "-id"], condition=IS_LIVE, name="ticket_of_contact"
            ),
            models.Index(
                fields=["portal", "assignee", "-last_activity_at"], condition=IS_OPEN, name="ticket_open_of_assignee"
            ),
            models.Index(
                fields=["portal", "status", "-last_activity_at", "-id"], condition=IS_OPEN, name="ticket_open_of_status"
            ),
            models.Index(
                fields=["portal", "department", "-last_activity_at", "-id"],
                condition=IS_OPEN,
                name="ticket_open_of_dept",
            ),
            models.Index(
                fields=["portal", "is_our_turn", "-last_activity_at", "-id"],
                condition=IS_OPEN,
                name="ticket_open_by_turn",
            ),
            models.Index(fields=["portal", "due_at", "id"], condition=IS_OPEN, name="ticket_due"),
            models.Index(
                fields=["portal", "response_due_at", "id"],
                condition=IS_OPEN & Q(response_due_at__isnull=False),
                name="ticket_response_due",
            ),
            models.Index(
                fields=["portal", "account", "due_at"],
                condition=IS_OPEN & Q(due_at__isnull=False, account__isnull=False),
                name="ticket_due_of_account",
            ),
            models.Index(
                fields=["portal", "contact", "due_at"],
                condition=IS_OPEN & Q(due_at__isnull=False, contact__isnull=False),
                name="ticket_due_of_contact",
            ),
            models.Index(
                fields=["portal", "-last_activity_at", "-id"],
                condition=IS_LIVE & Q(priority="High"),
                name="ticket_high_by_activity",
            ),
            models.Index(
                fields=["portal", "-last_activity_at", "-id"],
                condition=IS_LIVE & Q(is_escalated=True),
                name="ticket_escalated_by_activity",
            ),
            models.Index(fields=["portal", "deleted_at"], condition=~IS_LIVE, name="ticket_in_recycle_bin"),
            GinIndex(fields=["search"], name="ticket_search"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="ticket_custom", condition=~Q(custom={})),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class Figures(models.Model):
    """Counts and sums over live tickets, moved by the actions that change the tickets. What the clock decides is not here."""

    total = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)
    on_hold = models.BigIntegerField(default=0)
    closed = models.BigIntegerField(default=0)
    escalated = models.BigIntegerField(default=0)
    high_priority = models.BigIntegerField(default=0)
    first_response_count = models.BigIntegerField(default=0)
    first_response_seconds = models.BigIntegerField(default=0)
    first_response_working_seconds = models.BigIntegerField(default=0, db_default=0)
    resolution_count = models.BigIntegerField(default=0)
    resolution_seconds = models.BigIntegerField(default=0)
    resolution_working_seconds = models.BigIntegerField(default=0, db_default=0)
    good = models.BigIntegerField(default=0)
    okay = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class CustomerTally(Figures):
    """Figures of the tickets of one account, contact and department together, so that any set of customers is a short sum."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    account_id = models.BigIntegerField(default=0)  # 0: none; a null would not be unique
    contact_id = models.BigIntegerField(default=0)
    department_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "account_id", "contact_id", "department_id"], name="one_tally_per_customer"
            ),
        ]
        indexes = [models.Index(fields=["portal", "contact_id"], name="tally_of_contact")]


class DepartmentTally(Figures):
    """Figures of a department's tickets, in sixteen rows so that writers seldom wait for each other."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    department_id = models.BigIntegerField()
    shard = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "department_id", "shard"], name="one_tally_per_shard"),
        ]
