"""Whose data an erasure is about: the person, whoever was merged into them, their addresses, and what there is of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.desk.conversations.models import Comment, Draft, Message, TicketAttachment
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.intake.models import IncomingMail, Reason
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.record_merging.models import MergedRecord
from kakehashi.desk.tickets.models import Ticket

LABELS: Mapping[str, Text] = {
    "tickets": _("Tickets"),
    "messages": _("Mails in these tickets"),
    "comments": _("Comments in these tickets"),
    "attachments": _("Attachments"),
    "ratings": _("Ratings"),
    "drafts": _("Drafts of replies"),
    "mails": _("Mails in the log, with their originals"),
    "mails_elsewhere": _("Their mails in tickets of others"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    portal: Portal
    contact_ids: tuple[int, ...]
    names: frozenset[str]
    addresses: frozenset[str]  # normalised

    @property
    def tickets(self) -> QuerySet[Ticket]:
        """Those in the recycle bin, too."""
        return Ticket.objects.filter(portal=self.portal, contact_id__in=self.contact_ids)

    @property
    def mails(self) -> QuerySet[IncomingMail]:
        """What the log of incoming mail holds from them or for their tickets."""
        theirs = Q(ticket__in=self.tickets.values("pk")) | Q(sender_normal__in=self.addresses)
        return IncomingMail.objects.filter(theirs, portal=self.portal).exclude(reason=Reason.ERASED)

    @property
    def mails_elsewhere(self) -> QuerySet[Message]:
        """What they wrote in tickets of other people."""
        sent = IncomingMail.objects.filter(portal=self.portal, sender_normal__in=self.addresses, message__isnull=False)
        return Message.objects.filter(pk__in=sent.values("message_id")).exclude(ticket__in=self.tickets.values("pk"))


def scope_of(contact: Contact) -> Scope:
    ids = with_merged(contact.pk)
    people = list(Contact.objects.filter(pk__in=ids).defer("search"))
    return Scope(
        contact.portal,
        tuple(ids),
        frozenset(name for one in people if (name := one.name)),
        frozenset(address for one in people for address in one.emails_normal),
    )


def with_merged(contact_id: int) -> list[int]:
    """The contact and those that went into it, and into those."""
    found = [contact_id]
    latest = [contact_id]
    while latest:
        rows = MergedRecord.objects.filter(
            kind="contact", merge__kind="contact", merge__survivor_id__in=latest, merge__undone_at=None
        )
        latest = [pk for pk in rows.order_by("pk").values_list("record_id", flat=True) if pk not in found]
        found += latest
    return found


def count_of(scope: Scope) -> Mapping[str, int]:
    """What there is, by the names that the page gives words to."""
    tickets = scope.tickets.values("pk")
    counts: dict[str, Any] = {
        "tickets": scope.tickets,
        "messages": Message.objects.filter(ticket__in=tickets),
        "comments": Comment.objects.filter(ticket__in=tickets),
        "attachments": TicketAttachment.objects.filter(ticket__in=tickets),
        "ratings": scope.tickets.exclude(rating=""),
        "drafts": Draft.objects.filter(ticket__in=tickets),
        "mails": scope.mails,
        "mails_elsewhere": scope.mails_elsewhere,
    }
    return {name: rows.order_by().count() for name, rows in counts.items()}
