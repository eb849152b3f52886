"""Signed links to one ticket. They need no sign-in, end after ninety days, and can be revoked for a ticket.

`v2s.0.fq1-k2h7…`: what it opens (v: the ticket, r: only its rating), the ticket, how often its links were revoked before, the
day it was made, and a signature over all of it and the portal.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from kakehashi.core import clock
from kakehashi.core.errors import NotFound
from kakehashi.desk.tickets.models import Ticket

from .models import LinkRevocation

LASTS = timedelta(days=90)
_TOKEN = re.compile(r"([vr])([0-9a-z]{1,12})\.([0-9a-z]{1,6})\.([0-9a-z]{1,6})-([a-z2-7]{32})")
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


class Scope(StrEnum):
    TICKET = "v"
    RATING = "r"


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """A true link, and the ticket that it opens."""

    ticket: Ticket
    scope: Scope
    made_at: datetime


def make_token(ticket: Ticket, scope: Scope) -> str:
    """For a mail that leaves now."""
    day = (clock.now() - _FIRST_DAY).days
    said = f"{scope}{int_to_base36(ticket.pk)}.{int_to_base36(_revocations(ticket.pk))}.{int_to_base36(day)}"
    return f"{said}-{_sign(ticket.portal_id, said)}"


def find_link(token: str, *scopes: Scope) -> CustomerLink:
    """Raises `NotFound` for whatever is not signed, too old, revoked, meant for something else, or of a deleted ticket."""
    match = _TOKEN.fullmatch(token)
    if match is None or Scope(match[1]) not in scopes:
        raise NotFound
    related = "portal", "department", "contact", "status", "account"
    found = Ticket.objects.select_related(*related).filter(pk=base36_to_int(match[2]))
    ticket = found.filter(deleted_at__isnull=True).first()
    if ticket is None or not constant_time_compare(match[5], _sign(ticket.portal_id, token.rpartition("-")[0])):
        raise NotFound
    made_at = _FIRST_DAY + timedelta(days=base36_to_int(match[4]))
    if clock.now() > made_at + LASTS or base36_to_int(match[3]) != _revocations(ticket.pk):
        raise NotFound
    return CustomerLink(ticket, Scope(match[1]), made_at)


def _revocations(ticket_id: int) -> int:
    return LinkRevocation.objects.filter(ticket_id=ticket_id).values_list("count", flat=True).first() or 0


def _sign(portal_id: int, said: str) -> str:
    digest = salted_hmac("kakehashi.customer", f"{portal_id}/{said}", algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode("ascii").lower()
