"""The composer of a ticket for one person: the modes they may use, whom each writes to, and what they had begun."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.desk.addresses.queries import own_addresses as addresses_of_portal
from kakehashi.desk.portals.rights import Rights
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import Composer, ComposerMode, KeptFile

from .drafts import drafts_of, is_stale, kind_of
from .models import Draft, Message, MessageState
from .recipients import Recipients, for_reply, for_reply_all
from .uploads import UrlOf, show_images


@dataclass(frozen=True, slots=True)
class ComposerUrls:
    """Where a composer sends what was written; the bridge has pages of its own."""

    reply: str
    comment: str
    draft: str
    upload: str


def composer_of(
    ticket: Ticket, rights: Rights, person_id: int, urls: ComposerUrls, url_of: UrlOf, *, error: Text = ""
) -> Composer | None:
    """None for those who may not even comment."""
    modes = modes_of(ticket, rights, urls)
    if not modes:
        return None
    drafts = [draft for draft in drafts_of(ticket, person_id) if draft.mode in {mode.key for mode in modes}]
    texts = {draft.kind: show_images(draft.html, url_of) for draft in drafts}
    modes = [replace(mode, group=(kind := kind_of(mode.key)), draft_html=texts.get(kind, "")) for mode in modes]
    draft = drafts[0] if drafts else None
    return Composer(
        modes=_chosen_first(modes, draft),
        files=[KeptFile(f.pk, f.name, f.size_bytes) for f in draft.attachments.all()] if draft else (),
        draft_html=texts[draft.kind] if draft else "",
        target="#composer",
        draft_url=urls.draft,
        upload_url=urls.upload,
        error=error or _warning(draft),
        placeholder=_("Write here…"),
    )


def modes_of(ticket: Ticket, rights: Rights, urls: ComposerUrls) -> list[ComposerMode]:
    messages = list(
        Message.objects.filter(ticket=ticket).exclude(state=MessageState.WITHDRAWN).defer("html", "quoted_html", "text")
        .order_by("at", "id")
    )  # fmt: skip
    customer = (ticket.contact.email if ticket.contact else "") or ticket.email
    modes: list[ComposerMode] = []
    if rights.may_reply:
        everybody = for_reply_all(messages, customer, own_addresses(ticket))
        modes += [
            _mail_mode("reply", _("Reply"), "arrow-back-up", urls, _("Send reply"), for_reply(messages, customer)),
            _mail_mode("reply_all", _("Reply all"), "arrow-back-up-double", urls, _("Send to all"), everybody),
        ]
    if rights.may_forward:
        forward = pgettext("mail", "Forward")
        modes.append(_mail_mode("forward", forward, "arrow-forward-up", urls, _("Send forward"), Recipients()))
    if rights.may_comment:
        modes.append(
            ComposerMode("comment", _("Comment"), "lock", urls.comment, _("Add internal comment"), is_internal=True)
        )
    if rights.may_comment_publicly:
        modes.append(
            ComposerMode("public_comment", _("Public comment"), "world", urls.comment, _("Add public comment"))
        )
    return modes


def own_addresses(ticket: Ticket) -> list[str]:
    """The portal's own addresses: an answer to all does not come back to us."""
    return [*addresses_of_portal(ticket.portal), settings.DEFAULT_FROM_EMAIL]


def _mail_mode(key: str, label: str, icon: str, urls: ComposerUrls, send: str, recipients: Recipients) -> ComposerMode:
    return ComposerMode(
        key=key,
        label=label,
        icon=icon,
        url=urls.reply,
        send_label=send,
        to=recipients.to,
        cc=recipients.cc,
    )


def _chosen_first(modes: list[ComposerMode], draft: Draft | None) -> Sequence[ComposerMode]:
    """The composer opens in the mode of the draft: what was meant for colleagues must not stand in a mail."""
    if draft is None:
        return modes
    drafted = [
        replace(mode, to=draft.to, cc=draft.cc, bcc=draft.bcc) if mode.key == draft.mode else mode for mode in modes
    ]
    return sorted(drafted, key=lambda mode: mode.key != draft.mode)


def _warning(draft: Draft | None) -> str:
    if draft is None or draft.mode == "comment" or not is_stale(draft):
        return ""
    return _("Since you began this draft, there is a newer message in the ticket. Read it before you send.")
