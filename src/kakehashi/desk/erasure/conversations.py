"""Emptying mails, comments, files and the log of mails. What stays are rows that say when something was written, and nothing of what."""

from collections.abc import Collection, Sequence

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from kakehashi.core import clock
from kakehashi.core.models import Attachment
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import parse_address
from kakehashi.desk.conversations.models import Comment, Draft, Message, MessageState, TicketAttachment
from kakehashi.desk.intake.models import IncomingMail, MailState, Reason
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_search.actions import index_tickets
from kakehashi.desk.ticket_tags.models import TagUse
from kakehashi.desk.tickets.models import Ticket

_UNSENT = (MessageState.PENDING, MessageState.SENDING, MessageState.FAILED)


def delete_conversations(ticket_ids: Collection[int]) -> None:
    """With files and drafts gone before: all that was written in these tickets."""
    TagUse.objects.filter(ticket_id__in=ticket_ids).delete()
    Notice.objects.filter(ticket_id__in=ticket_ids).delete()
    IncomingMail.objects.filter(message__ticket_id__in=ticket_ids).update(message=None)
    IncomingMail.objects.filter(comment__ticket_id__in=ticket_ids).update(comment=None)
    Comment.objects.filter(ticket_id__in=ticket_ids).delete()
    Message.objects.filter(ticket_id__in=ticket_ids).delete()


def empty_conversations(ticket_ids: Collection[int]) -> None:
    """What statistics and deadlines count stays: that a mail came or left, and when."""
    Notice.objects.filter(ticket_id__in=ticket_ids).delete()
    Comment.objects.filter(ticket_id__in=ticket_ids).update(html="")
    empty_messages(Q(ticket_id__in=ticket_ids))


def empty_messages(which: Q) -> None:
    mails = Message.objects.filter(which)
    mails.filter(state__in=_UNSENT).update(state=MessageState.WITHDRAWN, send_after=None)
    mails.filter(author=None).update(author_name="")
    mails.update(
        sender="", reply_to="", to=[], cc=[], bcc=[], subject="", html="", quoted_html="", signature_html="", text="",
        message_id=Concat(Value("erased-"), Cast(F("id"), CharField())), in_reply_to="", references="", forwarded_by="",
        left_out=[], failure="",
    )  # fmt: skip


def drop_addresses(portal: Portal, addresses: Collection[str]) -> None:
    """As one of several whom other people's mails went to, and as the address that a ticket of nobody's names."""
    for address in addresses:
        tickets = list(Ticket.objects.filter(portal=portal, email__iexact=address).values_list("pk", flat=True))
        Ticket.objects.filter(pk__in=tickets).update(email="")
        index_tickets(tickets)
        lists = Q(to__icontains=address) | Q(cc__icontains=address) | Q(bcc__icontains=address)
        for mail in Message.objects.filter(lists, portal=portal).only("to", "cc", "bcc").iterator(200):
            for name in ("to", "cc", "bcc"):
                kept = [
                    text for text in getattr(mail, name) if normal_email(parse_address(text).address) not in addresses
                ]
                setattr(mail, name, kept)
            mail.save(update_fields=["to", "cc", "bcc"])


def take_files(which: Q) -> list[str]:
    """Take the files of tickets or mails away; the digests of those that nothing else in the Desk names, whose bytes may go."""
    links = TicketAttachment.objects.filter(which)
    ids = list(links.values_list("attachment_id", flat=True))
    links.delete()
    return _forget(ids)


def take_drafts(ticket_ids: Collection[int]) -> list[str]:
    drafts = Draft.objects.filter(ticket_id__in=ticket_ids)
    ids = list(
        Draft.attachments.through.objects.filter(draft__in=drafts.values("pk")).values_list("attachment_id", flat=True)
    )
    drafts.delete()
    return _forget(ids)


def empty_log(mail_ids: Sequence[int]) -> list[str]:
    """The rows stay with their keys, so that a second copy of a mail is still known as one. Answers the digests of the mails themselves."""
    mails = IncomingMail.objects.filter(pk__in=mail_ids)
    digests = [digest for digest in mails.values_list("digest", flat=True) if digest]
    mails.update(
        sender="", sender_normal="", subject="", header_id="", envelope_sender=None, recipients=[], detail="",
        original_sender="", evidence="", digest="", size_bytes=0, search=[], ticket=None, message=None, comment=None,
        suggested_ticket=None, decided_by="", state=MailState.IGNORED, reason=Reason.ERASED, decided_at=clock.now(),
    )  # fmt: skip
    return digests


def _forget(ids: Sequence[int]) -> list[str]:
    named = set(TicketAttachment.objects.filter(attachment_id__in=ids).values_list("attachment_id", flat=True))
    through = Draft.attachments.through.objects
    named |= set(through.filter(attachment_id__in=ids).values_list("attachment_id", flat=True))
    gone = Attachment.objects.filter(pk__in=set(ids) - named)
    digests = list(gone.values_list("digest", flat=True))
    gone.delete()
    return digests
