"""What sales should know of a deal at a glance: how its tickets stand (lesson E1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from kakehashi.bridge.sides.deals import TicketRisk


def added_up(risks: Iterable[TicketRisk]) -> TicketRisk:
    return sum(risks, TicketRisk())


@dataclass(frozen=True, slots=True)
class RiskMark:
    """A pill: words and a colour of the kit."""

    words: str
    tone: str


def marks_of(risk: TicketRisk) -> Sequence[RiskMark]:
    """The worst first. Nothing where there is nothing to say."""
    said = (
        (risk.overdue, "red", ngettext("%(count)d overdue", "%(count)d overdue", risk.overdue)),
        (risk.escalated, "plum", ngettext("%(count)d escalated", "%(count)d escalated", risk.escalated)),
        (risk.bad, "red", ngettext("%(count)d rated badly", "%(count)d rated badly", risk.bad)),
        (risk.open, "blue", ngettext("%(count)d open", "%(count)d open", risk.open)),
    )
    return [RiskMark(words % {"count": count}, tone) for count, tone, words in said if count]
