"""Writing in tickets of our own Desk, for the seam: one composer wherever a ticket is shown, and the Desk's rights decide."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from kakehashi.bridge.sides.tickets import SentMail, Suggestion, Upload, Written
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.models import Attachment
from kakehashi.desk.conversations import drafts
from kakehashi.desk.conversations.actions import SomebodyWrote
from kakehashi.desk.conversations.after_sending import send_again, show_remote_images
from kakehashi.desk.conversations.composing import Writing, composer_of
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.conversations.suggesting import suggest
from kakehashi.desk.conversations.uploads import NewFile, images_in, name_images, own_uploads, store_upload
from kakehashi.desk.conversations.written import comment_written, send_written, take_back
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import Composer, ComposerUrls

from .desk_tickets import DeskTickets


class DeskWriting(DeskTickets):
    """Implements the writing part of `DeskSide` for one portal."""

    def composer(
        self,
        ticket_id: int,
        actor: Actor,
        urls: ComposerUrls,
        url_of: Callable[[int], str],
        *,
        target: str,
        error: Text = "",
    ) -> Composer | None:
        return composer_of(self._writing(ticket_id, actor), urls, url_of, target=target, error=error)

    def send_mail(self, ticket_id: int, written: Written, actor: Actor) -> SentMail:
        ticket = self._ticket(ticket_id, self._access(actor))
        with self._kept_as_draft(ticket, written, actor) as draft:
            message = send_written(ticket, draft, actor=actor)
        self._tickets.clear()
        return SentMail(message.pk, is_held=self.portal.send_hold_seconds > 0)

    def comment(self, ticket_id: int, written: Written, actor: Actor) -> None:
        ticket = self._ticket(ticket_id, self._access(actor))
        with self._kept_as_draft(ticket, written, actor) as draft:
            comment_written(ticket, draft, actor=actor)
        self._tickets.clear()

    def save_draft(self, ticket_id: int, written: Written, actor: Actor) -> bool:
        ticket = self._ticket(ticket_id, self._access(actor))
        return drafts.save_draft(ticket, self._draft(written, actor), actor=actor) is not None

    def take_back(self, ticket_id: int, message_id: int, actor: Actor) -> bool:
        return take_back(self._message(ticket_id, message_id, actor), actor=actor)

    def send_again(self, ticket_id: int, message_id: int, actor: Actor) -> None:
        send_again(self._message(ticket_id, message_id, actor), actor=actor)
        self._tickets.clear()

    def show_images(self, ticket_id: int, message_id: int, actor: Actor) -> None:
        self._seat(actor, "may_read")
        show_remote_images(self._message(ticket_id, message_id, actor), actor=actor)

    def keep_upload(self, upload: Upload, actor: Actor) -> Attachment:
        require(self.portal, actor, "may_comment")
        return store_upload(self.portal, NewFile(upload.name, upload.content_type, upload.content), actor)

    def read_upload(self, attachment_id: int, actor: Actor) -> Attachment:
        if found := own_uploads(self.portal, actor, [attachment_id]):
            return found[0]
        raise NotFound

    def suggest(self, ticket_id: int, kind: str, text: str, actor: Actor) -> Sequence[Suggestion]:
        found = suggest(self._writing(ticket_id, actor), self._access(actor), kind, text)
        return [Suggestion(one.text, one.hint, one.insert, one.html) for one in found]

    def _writing(self, ticket_id: int, actor: Actor) -> Writing:
        return Writing(self._ticket(ticket_id, self._access(actor)), self._rights(actor), actor)

    def _draft(self, written: Written, actor: Actor) -> drafts.Written:
        html = name_images(written.html)
        kept = own_uploads(self.portal, actor, [*images_in(html), *written.kept])
        new = [NewFile(one.name, one.content_type, one.content) for one in written.uploads]
        return drafts.Written(
            written.mode,
            html,
            written.to,
            written.cc,
            written.bcc,
            uploads=[*new, *kept],
            seen=written.seen,
            key=written.key,
        )

    @contextmanager
    def _kept_as_draft(self, ticket: Ticket, written: Written, actor: Actor) -> Iterator[drafts.Written]:
        """Nothing typed is lost when it is refused."""
        draft = self._draft(written, actor)
        try:
            yield draft
        except (InvalidValues, SomebodyWrote):
            drafts.save_draft(ticket, draft, actor=actor)
            raise

    def _message(self, ticket_id: int, message_id: int, actor: Actor) -> Message:
        ticket = self._ticket(ticket_id, self._access(actor))
        message = Message.objects.select_related("portal", "ticket").filter(ticket=ticket, pk=message_id).first()
        if message is None:
            raise NotFound
        return message
