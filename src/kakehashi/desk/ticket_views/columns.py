"""Columns of the compact layout: what they are called, what stands in them, and what they sort by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.ticket_fields.cleaning import shown
from kakehashi.desk.tickets.fields import CHANNELS, CLASSIFICATIONS, LABELS
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.rows import TicketLine

from .offer import Offer

MOST_COLUMNS = 16
_LABELS: dict[str, Text] = {
    **{
        name: LABELS[name]
        for name in (
            "status", "priority", "assigneeId", "teamId", "contactId", "accountId", "departmentId", "productId", "channel",
            "classification", "category", "subCategory", "email", "phone",
        )
    },
    "dueDate": pgettext_lazy("column", "Due"),
    "next": _("What comes next"),
    "escalatedBy": _("Escalated by"),
    "tags": _("Tags"),
    "turn": _("Whose turn"),
    "rating": _("Rating"),
    "createdTime": _("Created"),
    "lastActivity": _("Last activity"),
    "closedTime": pgettext_lazy("when", "Closed"),
}  # fmt: skip
_SORTS = {"dueDate": "due", "lastActivity": "activity", "createdTime": "created"}
_NAMED = {"departmentId": "department", "teamId": "team", "productId": "product"}
_PLACES = {"category": "category", "subCategory": "sub_category", "email": "email", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class Column:
    """`sort` is the key to sort by, "" where the column has no order."""

    name: str
    label: Text
    sort: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` says which part of the kit shows it: "", status, priority, person, deadline, next, tags, turn, rating, moment."""

    label: Text
    kind: str = ""
    text: Text = ""
    url: str = ""
    moment: datetime | None = None
    is_number: bool = False


def offered_columns(offer: Offer) -> list[str]:
    return [*_LABELS, *offer.outside, *offer.schemas]


def columns_of(names: Iterable[str], offer: Offer) -> list[Column]:
    """Those of the names that there are; a removed field is no column."""
    found = []
    for name in names:
        if name in _LABELS:
            found.append(Column(name, _LABELS[name], _SORTS.get(name, "")))
        elif outside := offer.outside.get(name):
            found.append(Column(name, outside.label, name if outside.sorts else "", outside.is_number))
        elif schema := offer.schemas.get(name):
            found.append(Column(name, schema.label, "", KINDS[schema.type].is_number))
    return found


def read_columns(text: str, offer: Offer) -> tuple[str, ...]:
    """From an address: what exists, each once."""
    offered = set(offered_columns(offer))
    return tuple(name for name in dict.fromkeys(text.split(",")) if name in offered)[:MOST_COLUMNS]


def table_of(
    lines: Sequence[TicketLine], columns: Sequence[Column], offer: Offer
) -> list[tuple[TicketLine, list[Cell]]]:
    """The cells of a page. What floors above know is asked of them once for all its tickets."""
    ids = [line.ticket.pk for line in lines]
    told = {column.name: offer.outside[column.name].words(ids) for column in columns if column.name in offer.outside}
    return [(line, [_cell_of(line, column, offer, told) for column in columns]) for line in lines]


def _cell_of(line: TicketLine, column: Column, offer: Offer, told: Mapping[str, Mapping[int, Text]]) -> Cell:
    if column.name in told:
        words = told[column.name].get(line.ticket.pk, "")
        return Cell(column.label, "", words, is_number=column.is_number)
    return _cell(line, column, offer.schemas.get(column.name))


def _cell(line: TicketLine, column: Column, schema: FieldSchema | None) -> Cell:
    ticket, name, label = line.ticket, column.name, column.label
    if schema:
        text = shown(schema, ticket.custom.get(name))
        url = text if schema.type == FieldType.URL and text.startswith(("https://", "http://")) else ""
        return Cell(label, "", text, url, is_number=column.is_number)
    if name in ("status", "priority", "turn", "rating", "next", "tags"):
        return Cell(label, name)
    if name == "escalatedBy":
        return Cell(label, "", line.escalated_by)
    if name == "dueDate":
        return Cell(label, "deadline")
    if name == "assigneeId":
        return Cell(label, "person", ticket.assignee.name if ticket.assignee else "")
    moments = {
        "createdTime": ticket.created_at,
        "lastActivity": ticket.last_activity_at,
        "closedTime": ticket.closed_at,
    }
    if name in moments:
        return Cell(label, "moment" if moments[name] else "", moment=moments[name])
    return Cell(label, "", *_words(ticket, name))


def _words(ticket: Ticket, name: str) -> tuple[Text, str]:
    if name == "contactId":
        if ticket.contact is None:
            return ticket.email, ""
        return ticket.contact.name, reverse("desk_contact", args=[ticket.portal_id, ticket.contact_id])
    if name == "accountId" and ticket.account:
        return ticket.account.account_name, reverse("desk_account", args=[ticket.portal_id, ticket.account_id])
    if name in _NAMED:
        related = getattr(ticket, _NAMED[name])
        return (related.name if related else ""), ""
    if name == "channel":
        return CHANNELS.get(ticket.channel, ticket.channel), ""
    if name == "classification":
        return CLASSIFICATIONS.get(ticket.classification, ticket.classification), ""
    return str(getattr(ticket, _PLACES[name], "")) if name in _PLACES else "", ""
