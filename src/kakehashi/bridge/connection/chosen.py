"""The portal that step 1 chose, carried to step 2 in the page: signed where it was opened by a key."""

from dataclasses import dataclass

from django.core import signing

from kakehashi.bridge.sides.front import Visit

_SALT = "kakehashi.bridge.opened"
_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Opened:
    """A portal of somebody else's that a key has opened for this person and org, and who gave the key."""

    portal_id: int
    portal_name: str
    owner_id: int
    owner_name: str


def seal(opened: Opened, visit: Visit) -> str:
    content = [visit.org_id, visit.person_id, opened.portal_id, opened.portal_name, opened.owner_id, opened.owner_name]
    return signing.dumps(content, salt=_SALT)


def unseal(text: str, visit: Visit) -> Opened | None:
    """None for what is not ours, was made for somebody else, or is older than an hour: the key is asked again."""
    try:
        org_id, person_id, *rest = signing.loads(text, salt=_SALT, max_age=_MINUTES * 60)
    except signing.BadSignature:
        return None
    return Opened(*rest) if (org_id, person_id) == (visit.org_id, visit.person_id) else None
