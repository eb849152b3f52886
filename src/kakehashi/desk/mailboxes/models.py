from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.sealing import seal, unseal
from kakehashi.desk.portals.models import Department, Portal


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the start (recommended)")
    STARTTLS = "starttls", _("STARTTLS after greeting")
    NONE = "none", _("None: only inside your own network")


class AfterReading(models.TextChoices):
    SEEN = "seen", _("Mark as read")
    MOVE = "move", _("Move to a folder")
    LEAVE = "leave", _("Leave as it is")


class MailServer(models.Model):
    """How to sign in at a mail server. The password is sealed with the installation's secret."""

    host = models.CharField(_("Server"), max_length=250)
    port = models.PositiveIntegerField(_("Port"))
    security = models.CharField(_("Encryption"), max_length=10, choices=Security.choices, default=Security.TLS)
    username = models.CharField(_("User name"), max_length=250, blank=True)
    sealed_password = models.TextField(blank=True)

    class Meta:
        abstract = True

    def seal_password(self, password: str) -> None:
        self.sealed_password = seal(password, "mail server")

    def password(self) -> str | None:
        """None when it cannot be opened: the installation's secret is another one."""
        return unseal(self.sealed_password, "mail server")


class Mailbox(MailServer):
    """An IMAP mailbox that we read. Its state says how that goes: when it last went well, what was wrong, when we try again.

    `first_uid` is where we began, `last_uid` what we have; both count only under `uid_validity`.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="mailboxes")
    name = models.CharField(_("Name"), max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    folder = models.CharField(_("Folder"), max_length=250, default="INBOX")
    after_reading = models.CharField(max_length=10, choices=AfterReading.choices, default=AfterReading.SEEN)
    move_to = models.CharField(_("Move to"), max_length=250, blank=True)
    takes_unread = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(null=True)
    first_uid = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    count = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(port__gt=0, port__lte=65535), name="mailbox_port_is_one")]

    def __str__(self) -> str:
        return self.name


class OutgoingServer(MailServer):
    """The SMTP server that one department sends through, where it is not the installation's."""

    id = models.BigAutoField(primary_key=True)
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="outgoing_server")
    created_at = models.DateTimeField(default=clock.now)
