"""Every kind of notice, and who writes it."""

from collections.abc import Mapping

from kakehashi.desk.conversations.mentions import write_mention
from kakehashi.desk.escalation.letters import write_escalation
from kakehashi.desk.followers.letters import write_change
from kakehashi.desk.ratings.letters import write_rating_request
from kakehashi.desk.web_form.letters import write_acknowledgement
from kakehashi.ui.slots import Slot

from .words import Write

# Kinds of floors above, by name.
MORE_KINDS: Slot[tuple[str, Write]] = Slot("kinds of notices")


def writer_of(kind: str) -> Write | None:
    """None for a kind of a floor that is not there any more."""
    return _KINDS.get(kind) or dict(MORE_KINDS).get(kind)


_KINDS: Mapping[str, Write] = {
    "acknowledgement": write_acknowledgement,
    "change": write_change,
    "escalation": write_escalation,
    "mention": write_mention,
    "rating": write_rating_request,
}
