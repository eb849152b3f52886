from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock


class NameOrder(models.TextChoices):
    """How the whole names of people are written; blank goes by their letters."""

    FAMILY_FIRST = "family", _("Always last name first")
    GIVEN_FIRST = "given", _("Always first name first")


class Org(models.Model):
    """One company's CRM. `schema_version` is another one after every change of its modules and fields, so
    that caches know; never one that was there before, not even after a rollback or a restored backup.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("Organisation name"), max_length=120)
    currency = models.CharField(_("Currency"), max_length=3, default="JPY")
    time_zone = models.CharField(_("Time zone"), max_length=60, default="Asia/Tokyo")
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="ja")
    fiscal_month = models.PositiveSmallIntegerField(_("First month of the fiscal year"), default=4)
    name_order = models.CharField(_("Order of names"), max_length=10, choices=NameOrder, blank=True)
    schema_version = models.UUIDField(default=uuid4)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name

    @property
    def tenant(self) -> str:
        return f"org:{self.pk}"


class Profile(models.Model):
    """What the members who hold it may do. An administrator's profile carries every permission, also ones declared later.

    `permissions` are codes that belong to no module. `module_rights` holds, by module id and under "default", what
    `rights.ModuleRights` says; `field_rights` by field id only what is not editable.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="profiles")
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    module_rights = models.JSONField(default=dict)
    field_rights = models.JSONField(default=dict)
    is_administrator = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="one_profile_of_a_name")]

    def __str__(self) -> str:
        return str(_(self.name)) if self.is_system else self.name


class Role(models.Model):
    """A place in the hierarchy: who is above sees what those below see. With `shares_with_peers` those at one place see each other's."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    shares_with_peers = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="one_role_of_a_name")]

    def __str__(self) -> str:
        return str(_(self.name)) if self.is_system else self.name


class Membership(models.Model):
    """A person in an org, with what they may do there and where they stand."""

    id = models.BigAutoField(primary_key=True)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    unseen_signals = models.PositiveIntegerField(default=0)  # kept by sales_signals: what the bell says
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person"], name="one_membership_per_person")]
