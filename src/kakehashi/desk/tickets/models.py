"""Tickets and their statuses, with what keeps lists of a million fast (design §3)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.products.models import Product
from kakehashi.desk.teams.models import Team

IS_LIVE = Q(deleted_at__isnull=True)
IN_BIN = ~IS_LIVE & Q(merged_into=None, erased_at=None)  # merged and erased ones come back otherwise, or never
IS_OPEN = Q(deleted_at__isnull=True, closed_at__isnull=True)
IS_RATED = IS_LIVE & ~Q(rating="")
# What is asked of a customer's tickets: it stands in the indexes, so that few among ten thousand are found without reading the rows.
ASKED_OF_CUSTOMERS = [
    "closed_at", "due_at", "is_escalated", "priority", "status", "assignee", "department", "rating", "is_our_turn", "created_at",
]  # fmt: skip


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
    """A customer's request. Its account is the ticket's own: changing it never changes the contact, nor the other way round.

    An erased ticket is an empty row that keeps its number; it never leaves the recycle bin, which does not show it.
    """

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
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
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
    response_count = models.PositiveIntegerField(default=0, db_default=0)  # of the customer's waits that we ended
    response_seconds = models.BigIntegerField(default=0, db_default=0)  # of all of them together
    response_working_seconds = models.BigIntegerField(default=0, db_default=0)
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
    erased_at = models.DateTimeField(null=True)
    is_spam = models.BooleanField(default=False, db_default=False)  # why it lies in the recycle bin
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

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
                fields=["portal", "account", "-last_activity_at", "-id"],
                include=ASKED_OF_CUSTOMERS,
                condition=IS_LIVE,
                name="ticket_of_account",
            ),
            models.Index(
                fields=["portal", "contact", "-last_activity_at", "-id"],
                include=ASKED_OF_CUSTOMERS,
                condition=IS_LIVE,
                name="ticket_of_contact",
            ),
            models.Index(
                fields=["portal", "assignee", "-last_activity_at"], condition=IS_OPEN, name="ticket_open_of_assignee"
            ),
            models.Index(
                fields=["team", "-last_activity_at", "-id"],
                condition=IS_OPEN & Q(team__isnull=False),
                name="ticket_open_of_team",
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
                fields=["portal", "account", "created_at"],
                condition=Q(account__isnull=False),
                name="ticket_of_account_by_day",
            ),
            models.Index(
                fields=["portal", "contact", "created_at"],
                condition=Q(contact__isnull=False),
                name="ticket_of_contact_by_day",
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
            models.Index(fields=["portal", "-rated_at", "-id"], condition=IS_RATED, name="ticket_by_rating"),
            models.Index(
                fields=["account", "-rated_at", "-id"], condition=IS_RATED, name="ticket_of_account_by_rating"
            ),
            models.Index(
                fields=["contact", "-rated_at", "-id"], condition=IS_RATED, name="ticket_of_contact_by_rating"
            ),
            models.Index(
                fields=["product", "-rated_at", "-id"], condition=IS_RATED, name="ticket_of_product_by_rating"
            ),
            models.Index(fields=["portal", "deleted_at"], condition=~IS_LIVE, name="ticket_in_recycle_bin"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="ticket_custom", condition=~Q(custom={})),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class SentForm(models.Model):
    """A form that a person sent, and what came of it (`once.py`). Kept for some days."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="+")
    message = models.ForeignKey("desk.Message", on_delete=models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey("desk.Comment", on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "person_id", "key"], name="form_sent_once_per_person")]
