from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.tickets.models import Ticket


def tell(ticket: Ticket, topic: str, data: dict[str, object], actor: Actor) -> None:
    """An event of the ticket, in the caller's transaction."""
    write_fact(Fact(ticket.portal.tenant, f"desk.ticket.{topic}", "desk.ticket", ticket.pk, data), actor)
