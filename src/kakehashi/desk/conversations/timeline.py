"""A ticket's conversation in order: its description, mails, comments, and thin lines for what changed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.core.mentions import with_mentions
from kakehashi.desk.history.queries import events_of
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import AttachmentLink, EventLine
from kakehashi.ui.conversation import Message as Shown

from .addresses import parse_address, parse_addresses
from .html import has_remote_images, without_remote_images
from .incoming import note_left_out
from .models import Comment, CommentMention, Direction, Message, MessageState, TicketAttachment
from .references import numbers_in, with_links
from .spans import WHOLE, Span
from .uploads import UrlOf, show_images

_STATES: dict[str, tuple[Text, str]] = {
    MessageState.PENDING: (gettext_lazy("Waiting to be sent"), "clock"),
    MessageState.SENDING: (gettext_lazy("Being sent"), "send"),
    MessageState.SENT: (gettext_lazy("Sent"), "check"),
    MessageState.FAILED: (gettext_lazy("Not sent"), "alert-circle"),
    MessageState.BOUNCED: (gettext_lazy("Came back"), "alert-circle"),
}


@dataclass(frozen=True, slots=True)
class MessageUrls:
    """Where a mail is sent again, its remote images are asked for, and its original is read, by its id; None where one may not.
    `tickets` answers where the tickets of some numbers are, as far as the reader may open them. `lets_images_in`: the page can show
    the images that somebody asked for; where it cannot, they are asked for again.
    """

    retry: UrlOf | None = None
    images: UrlOf | None = None
    original: UrlOf | None = None
    tickets: Callable[[Collection[int]], Mapping[int, str]] | None = None
    lets_images_in: bool = True


_REPORTS = ["bounce", "delay"]
_LOST = {MessageState.FAILED, MessageState.BOUNCED}


def conversation_of(
    ticket: Ticket, url_of: UrlOf, *, urls: MessageUrls | None = None, with_history: bool = True, span: Span = WHOLE
) -> list[Shown | EventLine]:
    """Oldest first. `url_of` tells where a reader fetches one of the ticket's files by its attachment id."""
    mails, comments, files = _read(ticket, span)
    items: list[Shown | EventLine] = []
    if span.holds(ticket.created_at) and (ticket.description_html or files.get((None, None))):
        items.append(_description(ticket, files.get((None, None), []), url_of))
    link_numbers(mails, comments, urls.tickets if urls else None)
    items += [_mail(mail, files.get((mail.pk, None), []), url_of, urls or MessageUrls()) for mail in mails]
    items += [_comment(comment, files.get((None, comment.pk), []), url_of) for comment in comments]
    if with_history:
        items += _history(ticket, span)
    return sorted(items, key=lambda item: item.at)


_Files = Mapping[tuple[int | None, int | None], Sequence[TicketAttachment]]  # by the mail or comment that they lie with


def _read(ticket: Ticket, span: Span) -> tuple[Sequence[Message], Sequence[Comment], _Files]:
    """Three queries; of a whole conversation they are written once in a process."""
    if span == WHOLE:
        mails, comments = _all_mails(ticket.pk), _all_comments(ticket.pk)
        return mails, comments, _by_owner(_all_files(ticket.pk))
    mails, comments = list(span.within(_mails(ticket.pk))), list(span.within(_comments(ticket.pk)))
    lying_with = Q(message__in=mails) | Q(comment__in=comments) | Q(message=None, comment=None)
    return mails, comments, _by_owner(_files(ticket.pk).filter(lying_with))


def _mails(ticket_id: int) -> QuerySet[Message]:
    came_in = IncomingMail.objects.filter(message_id=OuterRef("pk")).exclude(reason__in=_REPORTS)
    sent = Message.objects.filter(ticket_id=ticket_id).exclude(state=MessageState.WITHDRAWN)
    return sent.annotate(has_original=Exists(came_in))


def _comments(ticket_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(ticket_id=ticket_id, deleted_at__isnull=True)


def _files(ticket_id: int) -> QuerySet[TicketAttachment]:
    return TicketAttachment.objects.filter(ticket_id=ticket_id, is_inline=False).select_related("attachment")


_all_mails, _all_comments, _all_files = fixed_read(_mails), fixed_read(_comments), fixed_read(_files)


def link_numbers(
    mails: Sequence[Message],
    comments: Sequence[Comment],
    tickets: Callable[[Collection[int]], Mapping[int, str]] | None,
) -> None:
    """In memory: "#101" in what we wrote becomes a link, and colleagues called by "@name" are marked. Two queries at most."""
    written: list[Message | Comment] = [mail for mail in mails if mail.direction == Direction.OUT]
    written += comments
    links = tickets(numbers_in(one.html for one in written)) if tickets else {}
    for one in written:
        one.html = with_links(one.html, links)
    calling = [comment for comment in comments if "@" in comment.html or "＠" in comment.html]
    if not calling:
        return
    named: dict[int, list[str]] = {}
    for mention in CommentMention.objects.filter(comment__in=calling).select_related("person"):
        named.setdefault(mention.comment_id, []).append(mention.person.name)
    for comment in calling:
        comment.html = with_mentions(comment.html, named.get(comment.pk, []))


def _by_owner(links: Iterable[TicketAttachment]) -> _Files:
    """Those of mails and comments, and of the ticket itself."""

    def owner(link: TicketAttachment) -> tuple[int | None, int | None]:
        return link.message_id, link.comment_id

    in_order = sorted(links, key=lambda link: (link.message_id or 0, link.comment_id or 0, link.pk))
    return {key: list(group) for key, group in groupby(in_order, key=owner)}


def _description(ticket: Ticket, files: Sequence[TicketAttachment], url_of: UrlOf) -> Shown:
    contact = ticket.contact
    return Shown(
        author=contact.name if contact else ticket.email or ticket.created_by,
        address=ticket.email,
        at=ticket.created_at,
        html=safe_html(ticket.description_html, url_of),
        id="description",
        attachments=links_of(files, url_of),
    )


def _mail(message: Message, files: Sequence[TicketAttachment], url_of: UrlOf, urls: MessageUrls) -> Shown:
    is_out = message.direction == Direction.OUT
    html, quoted, has_blocked = _with_images_as_wanted(message, lets_in=urls.lets_images_in)
    sender = parse_address(message.sender)
    state, picture = _STATES.get(message.state, ("", "checks")) if is_out else ("", "checks")
    verb = (_("forwarded this") if message.is_forward else _("replied")) if is_out else _passed_on(message)
    return Shown(
        author=(message.author_name if is_out else sender.label) or sender.label,
        address="" if is_out else sender.address,
        at=message.at,
        html=safe_html(html, url_of),
        quoted_html=safe_html(folded, url_of) if (folded := message.signature_html + quoted) else "",
        id=f"message-{message.pk}",
        verb=verb,
        state=state,
        state_icon=picture,
        failure=message.failure if message.state in {*_LOST, MessageState.PENDING} else "",
        retry_url=urls.retry(message.pk) if urls.retry and message.state in _LOST else "",
        images_url=urls.images(message.pk) if urls.images and has_blocked else "",
        original_url=urls.original(message.pk) if urls.original and getattr(message, "has_original", False) else "",
        notes=_notes(message),
        recipients=_recipients(message),
        attachments=links_of(files, url_of),
    )


def _with_images_as_wanted(message: Message, *, lets_in: bool) -> tuple[str, str, bool]:
    """(HTML, quoted HTML, whether remote images were taken out)."""
    if (message.images_shown_at and lets_in) or message.direction == Direction.OUT:
        return message.html, message.quoted_html, False
    has_blocked = has_remote_images(message.html) or has_remote_images(message.quoted_html)
    return without_remote_images(message.html), without_remote_images(message.quoted_html), has_blocked


def _passed_on(message: Message) -> str:
    if not message.forwarded_by:
        return ""
    return _("passed on by %(name)s") % {"name": parse_address(message.forwarded_by).label}


def _notes(message: Message) -> list[str]:
    return [note_left_out(name) for name in message.left_out]


def _comment(comment: Comment, files: Sequence[TicketAttachment], url_of: UrlOf) -> Shown:
    return Shown(
        author=comment.author_name,
        at=comment.at,
        html=safe_html(comment.html, url_of),
        id=f"comment-{comment.pk}",
        is_internal=not comment.is_public,
        verb=_("commented publicly") if comment.is_public else "",
        attachments=links_of(files, url_of),
    )


def _history(ticket: Ticket, span: Span) -> list[EventLine]:
    events = events_of("desk.ticket", ticket.pk, since=span.since, before=span.before)
    lines = [
        EventLine(sentence, event.at, icon)
        for event in events
        if not (event.topic.endswith(".opened") and ticket.description_html)
        for icon, sentence in sentences_of(event)
    ]
    if ticket.due_at and ticket.due_at < (ticket.closed_at or clock.now()) and span.holds(ticket.due_at):
        lines.append(EventLine(_("The due date passed"), ticket.due_at, "alert-circle", is_bad=True))
    return [*lines, *_unanswered(events)]


def _unanswered(events: Sequence[Event]) -> list[EventLine]:
    """Where nobody had answered in time; the answer that came later has taken the moment from the ticket itself."""
    late = [
        event for event in events if event.topic == "desk.ticket.overdue" and event.data.get("deadline") == "response"
    ]
    return [
        EventLine(_("The answer was due"), datetime.fromisoformat(event.data["due_at"]), "alert-circle", is_bad=True)
        for event in late
    ]


def _recipients(message: Message) -> str:
    """Shown where somebody besides the one customer got the mail."""
    if message.direction == Direction.IN and not message.cc:
        return ""
    named = [(_("To"), message.to), (_("Cc"), message.cc), (_("Bcc"), message.bcc)]
    return "  ".join(
        f"{label}: {', '.join(address.label for address in parse_addresses(texts))}" for label, texts in named if texts
    )


def links_of(files: Sequence[TicketAttachment], url_of: UrlOf) -> list[AttachmentLink]:
    return [
        AttachmentLink(
            link.attachment.name, url_of(link.attachment_id), link.attachment.size_bytes, link.attachment.is_image
        )
        for link in files
    ]


def safe_html(html: str, url_of: UrlOf) -> SafeString:
    """What is stored was cleaned on the way in."""
    return mark_safe(show_images(html, url_of))  # noqa: S308
