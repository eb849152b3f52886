"""Contacts and accounts of a portal. Columns are the snake_case of the Desk API names (contracts §3.8, §3.9)."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from kakehashi.core.normalise.names import full_name
from kakehashi.desk.records.models import DeskRecord

IS_BINNED = Q(deleted_at__isnull=False)
HAS_MORE_EMAILS = ~Q(more_emails_normal=[])
HAS_MORE_PHONES = ~Q(more_phones_normal=[])


class Customer(DeskRecord):
    """What contacts and accounts have in common."""

    street = models.CharField(max_length=250, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True


class Account(Customer):
    """A customer company."""

    account_name = models.CharField(max_length=200)
    name_normal = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    phone_normal = models.CharField(max_length=40, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    annualrevenue = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "origin_key"], condition=~Q(origin_key=""), name="account_origin_once"
            ),
        ]
        indexes = [
            models.Index(fields=["portal", "name_normal", "id"], name="account_by_name"),
            models.Index(fields=["portal", "-modified_at", "-id"], name="account_by_change"),
            models.Index(fields=["portal", "-deleted_at", "-id"], condition=IS_BINNED, name="account_in_bin"),
            GinIndex(fields=["search"], name="account_search"),
        ]

    def __str__(self) -> str:
        return self.account_name

    @property
    def name(self) -> str:
        return self.account_name


class Contact(Customer):
    """A customer's person. The same address may belong to several: a shared mailbox is nothing unusual.

    Beside the two addresses that Zoho Desk knows there may be any number of others, and of phones; all of them find the person.
    """

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100)
    name_normal = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    email_normal = models.CharField(max_length=254, blank=True)
    secondary_email = models.CharField(max_length=254, blank=True)
    secondary_email_normal = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    phone_normal = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=60, blank=True)
    mobile_normal = models.CharField(max_length=40, blank=True)
    more_emails = ArrayField(models.CharField(max_length=254), default=list, db_default=[])
    more_emails_normal = ArrayField(models.CharField(max_length=254), default=list, db_default=[])
    more_phones = ArrayField(models.CharField(max_length=60), default=list, db_default=[])
    more_phones_normal = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    title = models.CharField(max_length=120, blank=True)
    zip = models.CharField(max_length=40, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "origin_key"], condition=~Q(origin_key=""), name="contact_origin_once"
            ),
        ]
        indexes = [
            models.Index(fields=["portal", "name_normal", "id"], name="contact_by_name"),
            models.Index(fields=["portal", "-modified_at", "-id"], name="contact_by_change"),
            models.Index(fields=["portal", "-deleted_at", "-id"], condition=IS_BINNED, name="contact_in_bin"),
            models.Index(fields=["portal", "email_normal"], condition=~Q(email_normal=""), name="contact_by_email"),
            models.Index(
                fields=["portal", "secondary_email_normal"],
                condition=~Q(secondary_email_normal=""),
                name="contact_by_secondary_email",
            ),
            models.Index(fields=["portal", "phone_normal"], condition=~Q(phone_normal=""), name="contact_by_phone"),
            models.Index(fields=["portal", "mobile_normal"], condition=~Q(mobile_normal=""), name="contact_by_mobile"),
            GinIndex(fields=["more_emails_normal"], condition=HAS_MORE_EMAILS, name="contact_by_more_emails"),
            GinIndex(fields=["more_phones_normal"], condition=HAS_MORE_PHONES, name="contact_by_more_phones"),
            models.Index(fields=["portal", "account", "name_normal"], name="contact_by_account"),
            GinIndex(fields=["search"], name="contact_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Family name first where the name is written in Chinese or Japanese characters, last otherwise."""
        return full_name(self.last_name, self.first_name)

    @property
    def emails(self) -> list[str]:
        """All addresses as they were typed, the primary one first."""
        return [text for text in (self.email, self.secondary_email, *self.more_emails) if text]

    @property
    def emails_normal(self) -> frozenset[str]:
        first = self.email_normal, self.secondary_email_normal
        return frozenset(normal for normal in (*first, *self.more_emails_normal) if normal)

    @property
    def phones_normal(self) -> frozenset[str]:
        first = self.phone_normal, self.mobile_normal
        return frozenset(normal for normal in (*first, *self.more_phones_normal) if normal)


def with_email(normal: Iterable[str]) -> Q:
    """Contacts who have one of these normalised addresses, whichever of theirs it is. Each part has an index of its own."""
    wanted = list(normal)
    more = HAS_MORE_EMAILS & Q(more_emails_normal__overlap=wanted)
    return Q(email_normal__in=wanted) | Q(secondary_email_normal__in=wanted) | more


def with_phone(normal: Iterable[str]) -> Q:
    """The same for phone numbers."""
    wanted = list(normal)
    more = HAS_MORE_PHONES & Q(more_phones_normal__overlap=wanted)
    return Q(phone_normal__in=wanted) | Q(mobile_normal__in=wanted) | more
