"""From what the composer sends to the one action that it means; the same on the ticket's page and in the CRM."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.once import made_once

from .actions import add_comment, send_reply
from .after_sending import withdraw_message
from .drafts import Written, discard_draft, kind_of, right_for, save_draft
from .models import Comment, Message, MessageState
from .uploads import own_uploads

_GONE = {MessageState.WITHDRAWN, MessageState.FAILED}


@transaction.atomic
def send_written(ticket: Ticket, written: Written, *, actor: Actor) -> Message:
    """Raises `InvalidValues` or `SomebodyWrote`. What was written as a comment never leaves as a mail, wherever it was sent to."""
    _require_mail(written, is_wanted=True)

    def send() -> Message:
        return send_reply(
            ticket,
            html=written.html,
            to=written.to,
            cc=written.cc,
            bcc=written.bcc,
            is_forward=written.mode == "forward",
            uploads=written.uploads,
            hold_seconds=ticket.portal.send_hold_seconds,
            seen=written.seen,
            actor=actor,
        )

    key = _key_of(ticket, written)
    sent = made_once(
        ticket.portal, actor.person_id, key, "message", send, stands=lambda message: message.state not in _GONE
    )
    discard_draft(ticket, kind_of(written.mode), actor=actor)
    return sent


@transaction.atomic
def comment_written(ticket: Ticket, written: Written, *, actor: Actor) -> Comment:
    """Internal unless it was written as a public comment. Raises `InvalidValues`."""
    _require_mail(written, is_wanted=False)
    is_public = written.mode == "public_comment"

    def add() -> Comment:
        return add_comment(ticket, html=written.html, is_public=is_public, uploads=written.uploads, actor=actor)

    key = _key_of(ticket, written)
    added = made_once(
        ticket.portal, actor.person_id, key, "comment", add, stands=lambda comment: comment.deleted_at is None
    )
    discard_draft(ticket, kind_of(written.mode), actor=actor)
    return added


def take_back(message: Message, *, actor: Actor) -> bool:
    """Withdraw a held mail; what its writer typed becomes their draft again. False when it has left already."""
    if not withdraw_message(message, actor=actor):
        return False
    mode = "forward" if message.is_forward else "reply_all" if message.cc else "reply"
    html = message.html if message.is_forward else message.html + message.quoted_html
    files = message.attachments.values_list("attachment_id", flat=True)
    own = own_uploads(message.portal, actor, files)
    save_draft(message.ticket, Written(mode, html, message.to, message.cc, message.bcc, own), actor=actor)
    return True


def _key_of(ticket: Ticket, written: Written) -> str:
    """The form's key and what was written in it: whoever changed their words after a lost answer meant something else."""
    if not written.key:
        return ""
    recipients = (written.to, written.cc, written.bcc)
    said = [
        ticket.pk,
        written.key,
        written.mode,
        written.html,
        *map(list, recipients),
        [one.name for one in written.uploads],
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _require_mail(written: Written, *, is_wanted: bool) -> None:
    right_for(written.mode)  # refuses what is no way of writing at all
    if written.is_mail != is_wanted:
        raise InvalidValues({"mode": _("Choose again how to send this: nothing was sent.")})
