"""Marks that our mails carry so that what answers them finds its ticket, signed so that nobody can make one up.

A ticket's mark stands in the text and, where the mail server takes them, in the address that answers go to
(support+t3f-k2h7…@…). An agent's own mark says besides who got the mail: with it and their address a colleague's answer is theirs.
"""

import base64
import re
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from kakehashi.desk.portals.models import Portal

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MARK = re.compile(r"\b([ta])([0-9a-z]{1,12})(?:\.([0-9a-z]{1,12}))?-([a-z2-7]{16})\b")


@dataclass(frozen=True, slots=True)
class Mark:
    """A true mark. `person_id` is set in the one of a colleague."""

    ticket_id: int
    person_id: int | None = None


def mark_of_ticket(portal: Portal, ticket_id: int) -> str:
    return f"t{_short(ticket_id)}-{_signature(portal.pk, ticket_id, None)}"


def mark_of_agent(portal: Portal, ticket_id: int, person_id: int) -> str:
    return f"a{_short(ticket_id)}.{_short(person_id)}-{_signature(portal.pk, ticket_id, person_id)}"


def marks_in(portal: Portal, text: str) -> list[Mark]:
    """The true marks in a text or an address, a colleague's first."""
    found = []
    for match in _MARK.finditer(text.lower()):
        ticket_id = int(match[2], 36)
        person_id = int(match[3], 36) if match[3] else None
        if (match[1] == "a") == (person_id is not None) and constant_time_compare(
            match[4], _signature(portal.pk, ticket_id, person_id)
        ):
            found.append(Mark(ticket_id, person_id))
    return sorted(set(found), key=lambda mark: mark.person_id is None)


def with_tag(address: str, mark: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{mark}@{domain}"


def stamp_of(portal_id: int, ticket_id: int, message_id: int) -> str:
    """What every mail of ours says of itself, so that we know it again when it comes back."""
    return f"{portal_id}.{ticket_id}.{message_id}.{_sign(f'{portal_id}.{ticket_id}.{message_id}')}"


def message_of_stamp(portal: Portal, stamp: str) -> int | None:
    """The message that a true stamp of this portal names."""
    said, _, signature = stamp.strip().rpartition(".")
    numbers = said.split(".")
    if len(numbers) != 3 or numbers[0] != str(portal.pk) or not numbers[2].isdecimal():
        return None
    return int(numbers[2]) if constant_time_compare(signature, _sign(said)) else None


def _signature(portal_id: int, ticket_id: int, person_id: int | None) -> str:
    return _sign(f"{portal_id}/{ticket_id}/{person_id or ''}")


def _sign(said: str) -> str:
    digest = salted_hmac("kakehashi.mail", said, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def _short(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _LETTERS[rest] + digits
    return digits or "0"
