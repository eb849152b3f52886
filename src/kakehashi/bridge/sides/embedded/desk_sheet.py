"""One ticket of our own Desk, for the seam: what its own page shows, shown to whoever the bridge lets read it."""

from collections.abc import Callable, Mapping, Sequence

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.tickets import TicketDetail, TicketRow
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.errors import NotFound, Text
from kakehashi.desk.conversations.after_sending import shows_remote_images
from kakehashi.desk.conversations.models import TicketAttachment
from kakehashi.desk.conversations.spans import latest_span, read_moment, read_span, written
from kakehashi.desk.conversations.suggesting import links_to_tickets
from kakehashi.desk.conversations.timeline import MessageUrls, conversation_of
from kakehashi.desk.history.queries import timeline_of
from kakehashi.desk.presence.actions import be_present, leave, take_over
from kakehashi.desk.presence.queries import presence_at
from kakehashi.desk.tickets.fields import LABELS
from kakehashi.desk.tickets.properties import properties_of, sent_values
from kakehashi.desk.tickets.undo import change_with_way_back, take_back
from kakehashi.ui.conversation import Conversation, Presence, TimelineDay
from kakehashi.ui.properties import Property
from kakehashi.ui.templatetags.ui_words import moment

from .desk_tickets import DeskTickets
from .ticket_rows import row_of


class DeskSheet(DeskTickets):
    """Implements the part of `DeskSide` that is about one ticket, for one portal."""

    def read_ticket(self, ticket_id: int, actor: Actor) -> TicketDetail:
        access = self._access(actor)
        ticket = self._ticket(ticket_id, access)
        return TicketDetail(
            row=row_of(ticket),
            contact_id=ticket.contact_id,
            account_id=ticket.account_id,
            contact_email=ticket.email,
            rights=self.rights(actor),
            version=ticket.version,
            url=reverse("desk_ticket", args=[self.portal.pk, ticket.pk]) if access else "",
            shows_images=shows_remote_images(ticket),
        )

    def conversation(
        self,
        ticket_id: int,
        actor: Actor,
        *,
        url_of: Callable[[int], str],
        retry_url: Callable[[int], str],
        images_url: Callable[[int], str],
        lets_images_in: bool = False,
        since: str = "",
        before: str = "",
    ) -> Conversation:
        access = self._access(actor)
        ticket = self._ticket(ticket_id, access)
        span = read_span(since) if since else latest_span(ticket, before=read_moment(before))
        urls = MessageUrls(
            retry=retry_url if access and access.rights.may_reply else None,
            images=images_url if access else None,
            original=(lambda pk: reverse("desk_message_original", args=[self.portal.pk, pk])) if access else None,
            tickets=lambda numbers: links_to_tickets(access, numbers),
            lets_images_in=lets_images_in,
        )
        items = conversation_of(ticket, url_of, urls=urls, span=span)
        return Conversation(items, written(span.since), has_earlier=span.since is not None)

    def properties(
        self, ticket_id: int, actor: Actor, problems: Mapping[str, Text] | None = None
    ) -> Sequence[Property]:
        access = self._access(actor)
        ticket = self._ticket(ticket_id, access)
        return properties_of(access, ticket, problems or {}) if access else _in_short(row_of(ticket))

    def change_properties(self, ticket_id: int, sent: QueryDict, actor: Actor) -> str:
        access = self._seat(actor, "may_update")
        ticket = self._ticket(ticket_id, access)
        token = change_with_way_back(ticket, values=sent_values(access, ticket, sent), actor=actor)
        self._tickets.clear()
        return token

    def undo_properties(self, ticket_id: int, token: str, actor: Actor) -> bool:
        self._ticket(ticket_id, self._seat(actor, "may_update"))
        return bool(take_back(self.portal, token=token, actor=actor))

    def history(self, ticket_id: int, actor: Actor) -> Sequence[TimelineDay]:
        return timeline_of("desk.ticket", self._ticket(ticket_id, self._access(actor)).pk)

    def presence(self, ticket_id: int, actor: Actor, state: str = "") -> Presence:
        access = self._access(actor)
        ticket = self._ticket(ticket_id, access)
        if access and state == "away":
            leave(ticket, access.agent)
        elif access and state:
            be_present(ticket, access.agent, is_typing=state == "typing" and access.rights.may_reply)
        return presence_at(ticket, access.agent if access else None)

    def take_over(self, ticket_id: int, actor: Actor) -> Presence:
        access = self._seat(actor, "may_reply")
        ticket = self._ticket(ticket_id, access)
        take_over(ticket, access.agent)
        return presence_at(ticket, access.agent)

    def read_attachment(self, ticket_id: int, attachment_id: int, actor: Actor) -> Attachment:
        ticket = self._ticket(ticket_id, self._access(actor))
        link = TicketAttachment.objects.select_related("attachment").filter(ticket=ticket, attachment_id=attachment_id)
        if (found := link.first()) is None:
            raise NotFound
        return found.attachment


def _in_short(row: TicketRow) -> Sequence[Property]:
    """For somebody without a seat: what is worth reading, and nothing to change (spec P4)."""
    due = moment(row.due_at) if row.due_at else ""
    return [
        Property("assigneeId", LABELS["assigneeId"], row.assignee_name, row.assignee_name or _("Unassigned"), "owner"),
        Property("status", LABELS["status"], row.status, row.status_label),
        Property("priority", LABELS["priority"], row.priority, row.priority, "priority"),
        Property("dueDate", LABELS["dueDate"], due, due, "datetime"),
        Property("departmentId", LABELS["departmentId"], row.department, row.department),
    ]
