from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.models import Attachment
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person


class Direction(models.TextChoices):
    IN = "in", _("Incoming")
    OUT = "out", _("Outgoing")


class MessageState(models.TextChoices):
    RECEIVED = "received", _("Received")
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    BOUNCED = "bounced", _("Came back")
    WITHDRAWN = "withdrawn", _("Withdrawn before sending")


class Message(models.Model):
    """A mail of a ticket, in or out. Addresses are written "Name <address>"; a mail out is sent by its own job.

    `forwarded_by` is the colleague who passed the customer's mail on, `left_out` names files that may not be kept, and
    `images_shown_at` says when somebody asked for its remote images. What leaves is `html`, the signature, then what is quoted.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    sender = models.CharField(max_length=400)
    reply_to = models.CharField(max_length=400, blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    subject = models.CharField(max_length=1000)
    html = models.TextField()
    quoted_html = models.TextField(blank=True)
    signature_html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    message_id = models.CharField(max_length=500)
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.TextField(blank=True)
    is_forward = models.BooleanField(default=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    forwarded_by = models.CharField(max_length=400, blank=True)
    left_out = models.JSONField(default=list)
    images_shown_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=MessageState.choices)
    failure = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "message_id"], name="message_id_once_per_portal"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="message_of_ticket"),
            models.Index(fields=["send_after"], condition=Q(state__in=["pending", "sending"]), name="message_to_send"),
        ]


class Comment(models.Model):
    """A remark on a ticket. Internal ones stay internal: the database refuses to make one public (`desk/migrations`)."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="comments", db_index=False)
    html = models.TextField()
    is_public = models.BooleanField(default=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    modified_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "at", "id"], name="comment_of_ticket")]


class CommentMention(models.Model):
    """A colleague whom a comment calls by "@name"; they are told by mail."""

    id = models.BigAutoField(primary_key=True)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once_per_comment"),
        ]


class TicketAttachment(models.Model):
    """A file of a ticket: of its description, of a message or of a comment. An inline image has a content id."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="attachments")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, related_name="attachments")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    is_inline = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=True) | Q(comment__isnull=True), name="attachment_of_one_thing"
            ),
        ]


class DraftKind(models.TextChoices):
    MAIL = "mail", _("Mail")
    COMMENT = "comment", _("Internal comment")
    PUBLIC = "public", _("Public comment")


class Draft(models.Model):
    """What a person has typed into a ticket's composer and not sent yet."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=DraftKind.choices)
    mode = models.CharField(max_length=20)
    html = models.TextField(blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    attachments = models.ManyToManyField(Attachment, related_name="+")
    based_on = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person", "kind"], name="one_draft_per_person_and_kind"),
        ]
