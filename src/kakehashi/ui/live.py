"""The right to hear of changes: a signed list of tenants that a page hands to the live end (`/live?token=…`).

The live end reads no database, so the page, which knows the person, decides what may be heard and signs it.
"""

from collections.abc import Iterable

from django.core import signing

MAX_AGE_SECONDS = 12 * 60 * 60
SALT = "kakehashi.ui.live"


def token_for(tenants: Iterable[str]) -> str:
    """A token for tenants such as "org:3" and "portal:5"."""
    return signing.dumps(sorted(set(tenants)), salt=SALT, compress=True)


def tenants_in(token: str) -> tuple[str, ...]:
    """The tenants of a token of ours; raises `django.core.signing.BadSignature` when it is forged or too old."""
    return tuple(signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS))
