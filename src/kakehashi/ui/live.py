"""The right to hear of changes: what a page may hear and whose it is, signed, which it hands to the live end (`/live?token=…`).

The live end reads no database for it, so the page, which knows the person, decides what may be heard and signs it. Once the right
ends (`core.hearing`), tokens from before are refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing

from kakehashi.core import clock
from kakehashi.core.hearing.keys import person_hearing, session_hearing

MAX_AGE_SECONDS = 12 * 60 * 60
SALT = "kakehashi.ui.live"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Tenants such as "org:3"; the keys (`core.hearing`) with which the right ends; when it was given, in seconds of the epoch."""

    tenants: tuple[str, ...]
    keys: tuple[str, ...] = ()
    given_at: float = 0.0


def token_for(tenants: Iterable[str], *, person_id: int | None = None, session_key: str | None = None) -> str:
    """A token for tenants such as "org:3" and "portal:5", for a page of this person in this session."""
    heard = sorted(set(tenants))
    keys = [person_hearing(tenant, person_id) for tenant in heard] if person_id else []
    keys += [session_hearing(session_key)] if session_key else []
    return signing.dumps([heard, keys, clock.now().timestamp()], salt=SALT, compress=True)


def hearing_in(token: str) -> Hearing:
    """What a token of ours says; raises `django.core.signing.BadSignature` when it is forged or too old."""
    said = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    try:
        tenants, keys, given_at = said
        return Hearing(tuple(tenants), tuple(keys), float(given_at))
    except (TypeError, ValueError) as another:  # of a page that was opened before an upgrade: it is loaded again
        raise signing.BadSignature from another
