"""The six kinds of news from the Desk (spec G1), and whose customers they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.news import NewsKind
from kakehashi.core.errors import Text

Audience = Literal["leads", "contacts", "deals"]


@dataclass(frozen=True, slots=True)
class DeskKind:
    """`code` is that of the signals, `icon` names a Tabler outline icon."""

    news: NewsKind
    code: str
    label: Text
    icon: str
    about: Text


KINDS = (
    DeskKind("opened", "ticket_opened", _("New ticket"), "ticket", _("A customer has a new ticket.")),
    DeskKind("commented", "ticket_commented", _("New comment"), "message", _("A colleague comments on a ticket.")),
    DeskKind("answered", "ticket_answered", _("New response"), "message-reply", _("The customer answers on a ticket.")),
    DeskKind(
        "overdue", "ticket_overdue", _("Overdue ticket"), "clock-exclamation", _("A deadline has passed: once each.")
    ),
    DeskKind("escalated", "ticket_escalated", _("Escalated ticket"), "alert-triangle", _("A ticket was escalated.")),
    DeskKind("rated", "ticket_rated", _("New rating"), "mood-smile", _("A customer rates how they were served.")),
)
BY_NEWS: Mapping[NewsKind, DeskKind] = {kind.news: kind for kind in KINDS}
BY_CODE: Mapping[str, DeskKind] = {kind.code: kind for kind in KINDS}

AUDIENCES: Mapping[Audience, Text] = {"leads": _("Leads"), "contacts": _("Contacts"), "deals": _("Deals")}
# An account's owner is told with its contacts.
AUDIENCE_OF: Mapping[str, Audience] = {
    "Leads": "leads",
    "Contacts": "contacts",
    "Accounts": "contacts",
    "Deals": "deals",
}
