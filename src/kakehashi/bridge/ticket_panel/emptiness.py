"""Why a block shows no tickets, and what would help (lesson B12)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import SeatlessSight
from kakehashi.bridge.related_lists.standing import standing_of
from kakehashi.bridge.sides.tickets import TicketPage
from kakehashi.core.errors import Text

from .access import RecordTickets


@dataclass(frozen=True, slots=True)
class Emptiness:
    """A sentence, and where to go about it: `cure` is "" where nothing can be done, or not by this person."""

    why: Text
    cure: Text = ""
    cure_url: str = ""
    opens_sheet: bool = False


def why_empty(tickets: RecordTickets, found: TicketPage, *, may_administer: bool) -> Emptiness:
    if not tickets.are_shown:
        return _hidden(tickets, may_administer=may_administer)
    if tickets.party.is_nobody:
        return _of_nobody(tickets, may_administer=may_administer)
    if found.is_limited:
        return Emptiness(_("No tickets in your departments."))
    if tickets.rights.may_create:
        return Emptiness(
            _("No tickets yet."), _("New ticket"), reverse("record_ticket_new", args=tickets.address), True
        )
    return Emptiness(_("No tickets yet."))


def _hidden(tickets: RecordTickets, *, may_administer: bool) -> Emptiness:
    if tickets.connection.seatless_sight == SeatlessSight.OWN:
        why = _("Without a Desk account you see the tickets of records that you own.")
    else:
        why = _("Tickets are shown to people with a Desk account.")
    if may_administer:
        org = [tickets.connection.org_id]
        return Emptiness(why, _("Invite users"), reverse("desk_integration_inviting", args=org))
    return Emptiness(_("%(why)s An administrator can invite you to the Desk.") % {"why": why})


def _of_nobody(tickets: RecordTickets, *, may_administer: bool) -> Emptiness:
    """Nobody in the Desk goes with this record."""
    record = tickets.record
    edit_url = tickets.crm.edit_url(record.module, record.id)
    if record.module == "Deals":
        why = _("This deal has no contact and no account, so nobody's tickets can be shown.")
        return Emptiness(why, _("Edit the deal"), edit_url)
    standing = standing_of(tickets.connection, record)
    if record.module == "Accounts":
        why = _("This account is not in the Desk yet, and none of its contacts has an e-mail address.")
        if standing and standing.why and may_administer and standing.cure:
            return Emptiness(
                _("%(why)s %(reason)s") % {"why": why, "reason": standing.why}, standing.cure, standing.cure_url
            )
        return Emptiness(_("%(why)s %(reason)s") % {"why": why, "reason": standing.why if standing else ""})
    return Emptiness(
        _("There is no e-mail address here, so no tickets can be found."), _("Add an e-mail address"), edit_url
    )
