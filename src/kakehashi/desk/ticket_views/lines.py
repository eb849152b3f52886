"""What a list says of its tickets beyond the tickets themselves: tags, what comes next, and which rule has escalated them."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.desk.escalation.showing import Coming, coming_of_several, escalated_by
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_tags.actions import names_by_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.rows import TicketLine, line_of
from kakehashi.ui.templatetags.ui_words import moment


def lines_of(
    portal: Portal, tickets: Sequence[Ticket], *, shown: Sequence[str] = ("next", "escalatedBy")
) -> list[TicketLine]:
    """In the order of the tickets; the same number of queries however many there are. `shown` names what is worth asking for."""
    ids = [ticket.pk for ticket in tickets]
    tags = names_by_ticket(ids) if "tags" in shown else {}
    coming = coming_of_several(portal, tickets) if "next" in shown else {}
    reasons = escalated_by([ticket.pk for ticket in tickets if ticket.is_escalated]) if "escalatedBy" in shown else {}
    return [
        replace(
            line_of(ticket),
            tags=tuple(tags.get(ticket.pk, ())),
            target=_target(ticket),
            coming=_coming(coming.get(ticket.pk)),
            coming_at=moment(coming[ticket.pk].at) if ticket.pk in coming else "",
            escalated_by=reasons.get(ticket.pk, ""),
        )
        for ticket in tickets
    ]


def _target(ticket: Ticket) -> str:
    """The target that comes next, and when: "Answer by 14:30". Nothing for a ticket that waits for none."""
    if ticket.closed_at is not None:
        return ""
    answer, solution = ticket.response_due_at, ticket.due_at
    if answer is not None and (solution is None or answer < solution):
        return _("Answer by %(moment)s") % {"moment": moment(answer)}
    return _("Solve by %(moment)s") % {"moment": moment(solution)} if solution else ""


def _coming(found: Coming | None) -> str:
    """ "14:30: mail to the assignee"."""
    if found is None:
        return ""
    deeds = pgettext("between recipients", ", ").join(words for _icon, words in found.deeds)
    return _("%(moment)s: %(deeds)s") % {"moment": moment(found.at), "deeds": deeds}
