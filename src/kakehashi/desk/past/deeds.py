"""Tickets with a past of their own, as they are brought over from elsewhere: each deed with who did it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kakehashi.core.actors import Actor
from kakehashi.desk.conversations.uploads import Upload
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Agent, Department
from kakehashi.desk.products.models import Product


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A mail that we sent then."""

    at: datetime
    actor: Actor
    html: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastMail:
    """A mail that the customer sent then."""

    at: datetime
    actor: Actor
    html: str
    sender: str
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastComment:
    at: datetime
    actor: Actor
    html: str
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class PastStatus:
    """`status` is the name of one of the portal's statuses."""

    at: datetime
    actor: Actor
    status: str


@dataclass(frozen=True, slots=True)
class PastAssignment:
    at: datetime
    actor: Actor
    assignee: Agent | None


@dataclass(frozen=True, slots=True)
class PastRating:
    at: datetime
    actor: Actor
    rating: str
    comment: str = ""


PastDeed = PastAnswer | PastMail | PastComment | PastStatus | PastAssignment | PastRating


@dataclass(frozen=True, slots=True)
class PastTicket:
    """`texts` are the plain columns of a new ticket: priority, channel, classification, category."""

    at: datetime
    actor: Actor
    department: Department
    subject: str
    description_html: str
    contact: Contact | None
    texts: Mapping[str, str]
    product: Product | None = None
    assignee: Agent | None = None
    due_at: datetime | None = None
    response_due_at: datetime | None = None
    deeds: Sequence[PastDeed] = ()
    uploads: Sequence[Upload] = ()
