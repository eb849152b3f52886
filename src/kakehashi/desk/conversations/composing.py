"""The composer of a ticket for one person: the modes they may use, whom each writes to, and what they had begun."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.addresses.queries import own_addresses as addresses_of_portal
from kakehashi.desk.portals.rights import Rights
from kakehashi.desk.reply_templates.queries import signature_of
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import Composer, ComposerMode, ComposerUrls, KeptFile

from .drafts import drafts_of, is_stale, kind_of
from .models import Draft, DraftKind, Message, MessageState
from .recipients import Recipients, for_reply, for_reply_all, in_last_mail, known_domains
from .uploads import UrlOf, show_images

_BODIES = ("html", "quoted_html", "signature_html", "text")


@fixed_read
def _messages(ticket_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(ticket_id=ticket_id).exclude(state=MessageState.WITHDRAWN)
    return rows.defer(*_BODIES).order_by("at", "id")


@dataclass(frozen=True)
class Writing:
    """A ticket that one person writes in."""

    ticket: Ticket
    rights: Rights
    actor: Actor

    @cached_property
    def messages(self) -> list[Message]:
        """Oldest first, without their texts."""
        return _messages(self.ticket.pk)

    @property
    def customer(self) -> str:
        return (self.ticket.contact.email if self.ticket.contact else "") or self.ticket.email

    @cached_property
    def own(self) -> list[str]:
        """The portal's own addresses: an answer to all does not come back to us."""
        return [*addresses_of_portal(self.ticket.portal), settings.DEFAULT_FROM_EMAIL]

    @property
    def newest(self) -> int:
        return max((message.pk for message in self.messages), default=0)


def composer_of(
    writing: Writing, urls: ComposerUrls, url_of: UrlOf, *, target: str, error: Text = ""
) -> Composer | None:
    """None for those who may not even comment. Four queries, and one for the files of a draft."""
    modes = list(_modes_of(writing, urls))
    if not modes:
        return None
    rights, ticket = writing.rights, writing.ticket
    drafts = _drafts(writing, modes)
    texts = {draft.kind: show_images(draft.html, url_of) for draft in drafts}
    modes = [replace(mode, group=(kind := kind_of(mode.key)), draft_html=texts.get(kind, "")) for mode in modes]
    draft = drafts[0] if drafts else None
    signature = signature_of(ticket, writing.actor.name) if rights.may_reply else ""
    return Composer(
        modes=_chosen_first(modes, draft),
        files=[KeptFile(f.pk, f.name, f.size_bytes, one.kind) for one in drafts for f in one.attachments.all()],
        draft_html=texts[draft.kind] if draft else "",
        target=target,
        draft_url=urls.draft,
        upload_url=urls.upload,
        suggestions_url=urls.suggestions,
        error=error or _warning(draft),
        placeholder=_("Write here…"),
        last=in_last_mail(writing.messages, writing.own),
        known_domains=known_domains(writing.messages, writing.own, writing.customer),
        signature=mark_safe(signature),  # noqa: S308 - cleaned when it was written, filled with escaped names
        seen=writing.newest,
    )


def _modes_of(writing: Writing, urls: ComposerUrls) -> Iterator[ComposerMode]:
    rights, messages, customer = writing.rights, writing.messages, writing.customer
    if rights.may_reply:
        one, everybody = for_reply(messages, customer), for_reply_all(messages, customer, writing.own)
        yield _mail_mode("reply", _("Reply"), "arrow-back-up", urls, _("Send reply"), one)
        yield _mail_mode("reply_all", _("Reply all"), "arrow-back-up-double", urls, _("Send to all"), everybody)
    if rights.may_forward:
        forward = pgettext("mail", "Forward")
        mode = _mail_mode("forward", forward, "arrow-forward-up", urls, _("Send forward"), Recipients())
        yield replace(mode, note=_("The customer's latest message and its files go along below your text."))
    if rights.may_comment:
        label, send = _("Comment"), _("Add internal comment")
        yield ComposerMode("comment", label, "lock", urls.comment, send, is_internal=True, has_recipients=False)
    if rights.may_comment_publicly:
        label, send = _("Public comment"), _("Add public comment")
        note = _("The customer can read it on the ticket's page. No mail is sent.")
        yield ComposerMode("public_comment", label, "world", urls.comment, send, has_recipients=False, note=note)


def _mail_mode(key: str, label: str, icon: str, urls: ComposerUrls, send: str, recipients: Recipients) -> ComposerMode:
    return ComposerMode(
        key=key,
        label=label,
        icon=icon,
        url=urls.mail,
        send_label=send,
        to=recipients.to,
        cc=recipients.cc,
    )


def _drafts(writing: Writing, modes: Sequence[ComposerMode]) -> list[Draft]:
    if writing.actor.person_id is None:
        return []
    allowed = {mode.key for mode in modes}
    return [draft for draft in drafts_of(writing.ticket, writing.actor.person_id) if draft.mode in allowed]


def _chosen_first(modes: list[ComposerMode], draft: Draft | None) -> Sequence[ComposerMode]:
    """The composer opens in the mode of the draft: what was meant for colleagues must not stand in a mail."""
    if draft is None:
        return modes
    drafted = [
        replace(mode, to=draft.to, cc=draft.cc, bcc=draft.bcc) if mode.key == draft.mode else mode for mode in modes
    ]
    return sorted(drafted, key=lambda mode: mode.key != draft.mode)


def _warning(draft: Draft | None) -> str:
    if draft is None or draft.kind == DraftKind.COMMENT or not is_stale(draft):
        return ""
    return _("Since you began this draft, there is a newer message in the ticket. Read it before you send.")
