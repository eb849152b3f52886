"""Every kind of notice, and who writes it."""

from collections.abc import Mapping

from kakehashi.desk.conversations.mentions import write_mention
from kakehashi.desk.escalation.letters import write_escalation
from kakehashi.desk.ratings.letters import write_rating_request
from kakehashi.desk.web_form.letters import write_acknowledgement

from .words import Write

KINDS: Mapping[str, Write] = {
    "acknowledgement": write_acknowledgement,
    "escalation": write_escalation,
    "mention": write_mention,
    "rating": write_rating_request,
}
