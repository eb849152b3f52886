from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.bridge.connection.models import Connection


class About(models.TextChoices):
    """Of what a column asks: of records of one module that belong to the customer, or only whether the CRM knows them."""

    REST = "rest", _("Everybody else")
    KNOWN = "known", _("Customers whom the CRM knows")
    LEADS = "Leads", _("Customers with a lead that fits")
    CONTACTS = "Contacts", _("Customers with a contact that fits")
    ACCOUNTS = "Accounts", _("Customers with an account that fits")
    DEALS = "Deals", _("Customers with a deal that fits")


class Standard(models.TextChoices):
    """The four columns that every board begins with. Their words are the reader's until somebody renames them."""

    NEW = "new", pgettext_lazy("customer type", "New")
    PEOPLE = "people", pgettext_lazy("customer type", "Leads & contacts")
    DEALS = "deals", pgettext_lazy("customer type", "Deals")
    CUSTOMERS = "customers", pgettext_lazy("customer type", "Customers")


class TypeColumn(models.Model):
    """A column of the board. A ticket stands in the first that its customer fits, by `precedence`; `position` is where it is shown. One
    that was removed takes no tickets, and can be put back.
    """

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="type_columns")
    standard = models.CharField(max_length=10, choices=Standard.choices, blank=True)
    name = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=10, choices=About.choices)
    filter = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()
    precedence = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"], condition=models.Q(about="rest"), name="one_column_for_everybody_else"
            )
        ]
        indexes = [models.Index(fields=["connection", "position"], name="type_columns_in_order")]

    @property
    def label(self) -> str:
        return self.name or str(Standard(self.standard).label if self.standard else About(self.about).label)


class FoldedColumn(models.Model):
    """A person sees only the name of a column, and how many tickets stand in it."""

    id = models.BigAutoField(primary_key=True)
    column = models.ForeignKey(TypeColumn, on_delete=models.CASCADE, db_index=False, related_name="+")
    person_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["column", "person_id"], name="column_folded_once_per_person")]


class TypeSorting(models.Model):
    """How far the open tickets of a portal are sorted: all up to `after_id`. Its row begins with the first look at the board."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, primary_key=True, related_name="type_sorting"
    )
    after_id = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["started_at"], condition=models.Q(finished_at=None), name="type_sorting_under_way")
        ]


class CountedRecord(models.Model):
    """A record of the CRM that had a say in where an open ticket stands: when it changes, the ticket is looked at again."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="+")
    ticket_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "ticket_id", "record_id"], name="record_counts_once")
        ]
        indexes = [models.Index(fields=["connection", "record_id"], name="tickets_a_record_counts_for")]
