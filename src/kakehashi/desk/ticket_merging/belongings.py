"""Tags and followers of a ticket that becomes part of another, and the way back. The ticket that is left keeps its own."""

from django.db.models import Model

from kakehashi.desk.followers.models import TicketFollower
from kakehashi.desk.ticket_tags.models import TagUse
from kakehashi.desk.tickets.models import Ticket

from .models import MergedTicket


def bring_belongings(part: MergedTicket, source: Ticket, survivor: Ticket) -> None:
    """The survivor gets what it did not have; the part remembers just that."""
    part.tag_ids = _copy(TagUse, "tag_id", source, survivor)
    part.follower_ids = _copy(TicketFollower, "agent_id", source, survivor)
    part.save(update_fields=["tag_ids", "follower_ids"])


def give_back_belongings(part: MergedTicket, survivor: Ticket) -> None:
    TagUse.objects.filter(ticket=survivor, tag_id__in=part.tag_ids).delete()
    TicketFollower.objects.filter(ticket=survivor, agent_id__in=part.follower_ids).delete()


def copy_tags(source: Ticket, target: Ticket) -> None:
    _copy(TagUse, "tag_id", source, target)


def copy_followers(source: Ticket, target: Ticket) -> None:
    _copy(TicketFollower, "agent_id", source, target)


def _copy(model: type[TagUse | TicketFollower], column: str, source: Ticket, target: Ticket) -> list[int]:
    """Answers what the target did not have."""
    rows: type[Model] = model
    held = set(rows._default_manager.filter(ticket=target).values_list(column, flat=True))  # noqa: SLF001 - Django's own name
    there = rows._default_manager.filter(ticket=source).order_by("pk").values_list(column, flat=True)  # noqa: SLF001
    new = [one for one in there if one not in held]
    rows._default_manager.bulk_create([rows(ticket=target, **{column: one}) for one in new])  # noqa: SLF001
    return new
