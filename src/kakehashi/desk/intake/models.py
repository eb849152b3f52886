"""Every mail that ever reached us, before anybody decides what it is."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.search.fields import TokenField
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.mailboxes.models import Mailbox
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket


class MailState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("incoming mail", "Waiting")
    FILED = "filed", pgettext_lazy("incoming mail", "Filed")
    QUARANTINED = "quarantined", pgettext_lazy("incoming mail", "In quarantine")
    IGNORED = "ignored", pgettext_lazy("incoming mail", "Ignored")


class Reason(models.TextChoices):
    """Why a mail did not become part of a ticket by itself, or in which way it did."""

    NEW_TICKET = "new_ticket", _("Opened a ticket")
    ANSWER = "answer", _("Added to its ticket")
    NOTE = "note", _("Added as a colleague's comment")
    BY_HAND = "by_hand", _("Filed by hand")
    AUTO_REPLY = "auto_reply", _("An automatic reply, for instance during an absence")
    BOUNCE = "bounce", _("A mail of ours came back; this is noted on that mail")
    UNKNOWN_BOUNCE = "unknown_bounce", _("Says that a mail came back, but it is none of ours")
    DELAY = "delay", _("Says that a mail of ours is delayed; the other server still tries")
    RECEIPT = "receipt", _("A read receipt")
    MAILING_LIST = "mailing_list", _("Came through a mailing list that none of our addresses belongs to")
    OWN_ADDRESS = "own_address", _("Was sent from one of our own addresses")
    OWN_MAIL = "own_mail", _("Is a mail of ours that came back to us")
    TOO_MANY = "too_many", _("Too many mails from this sender in a short time")
    TOO_MANY_IN_TICKET = "too_many_in_ticket", _("Too many mails for one ticket in a short time")
    TOO_LARGE = "too_large", _("Larger than this installation accepts; only its headers were kept")
    NO_HEADERS = "no_headers", _("Has no headers: it is not a mail")
    NO_SENDER = "no_sender", _("Does not say who sent it")
    BAD_SENDER = "bad_sender", _("Its sender's address is none that could be answered")
    TOO_MANY_PARTS = "too_many_parts", _("Has more parts inside each other than a mail program makes")
    BROKEN = "broken", _("Could not be read")
    KEEPS_FAILING = "keeps_failing", _("Could not be filed, several times over")
    DISMISSED = "dismissed", _("Put aside by hand")
    ERASED = "erased", _("Its sender's data were erased")


class Source(models.TextChoices):
    SMTP = "smtp", _("The SMTP listener")
    IMAP = "imap", _("A mailbox")
    FORM = "form", _("The page for trying things out")


class Evidence(models.TextChoices):
    """Why a mail might belong to another ticket than it came to."""

    REFERENCE = "reference", _("It answers a mail of that ticket.")
    TOKEN = "token", _("It carries the ticket's mark.")
    NUMBER = "number", _("Its subject names the ticket's number.")


class IncomingMail(models.Model):
    """One mail as it came: its bytes lie under `digest`. `key` is its Message-ID with sender and words, so that a second copy is known.

    `suggested_ticket` and `original_sender` are offered on the ticket's page until somebody decides.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, related_name="+")
    envelope_sender = models.CharField(max_length=400, null=True)
    recipients = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.RECEIVED)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    detail = models.TextField(blank=True)
    sender = models.CharField(max_length=400, blank=True)
    sender_normal = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    header_id = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="incoming_mails")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="incoming_mails")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, related_name="+")
    suggested_ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, related_name="+")
    evidence = models.CharField(max_length=10, choices=Evidence.choices, blank=True)
    original_sender = models.CharField(max_length=400, blank=True)
    search = TokenField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "key"], name="incoming_mail_once_per_portal"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="incoming_mail_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["portal", "-id"], name="incoming_mail_of_portal"),
            models.Index(fields=["portal", "state", "-id"], name="incoming_mail_by_state"),
            models.Index(fields=["portal", "id"], condition=Q(state="received"), name="incoming_mail_waiting"),
            models.Index(fields=["portal", "sender_normal", "received_at"], name="incoming_mail_of_sender"),
            GinIndex(fields=["search"], name="incoming_mail_search"),
        ]
