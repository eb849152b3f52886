"""Settings of what customers may do, and taking links back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.models import Department
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.actions import lock_tickets
from kakehashi.desk.tickets.models import Ticket

from .models import CustomerSettings, LinkRevocation, RatingRequest

LONGEST_DELAY_MINUTES = 60 * 24 * 14


@transaction.atomic
def set_customer_settings(
    department: Department, *, shows_page: bool, ratings: str, rating_delay_minutes: int, actor: Actor
) -> CustomerSettings:
    """Raises `InvalidValues`."""
    require(department.portal, actor, "may_administer")
    if ratings not in RatingRequest.values:
        raise InvalidValues({"ratings": _("There is no such choice.")})
    if not 0 <= rating_delay_minutes <= LONGEST_DELAY_MINUTES:
        raise InvalidValues({"rating_delay": _("At most two weeks.")})
    values = {
        "portal_id": department.portal_id,
        "shows_page": shows_page,
        "ratings": ratings,
        "rating_delay_minutes": rating_delay_minutes,
        "changed_at": clock.now(),
    }
    settings, _is_new = CustomerSettings.objects.update_or_create(department=department, defaults=values)
    write_fact(Fact(department.portal.tenant, "desk.department.updated", "desk.department", department.pk), actor)
    return settings


@transaction.atomic
def revoke_links(ticket: Ticket, *, actor: Actor) -> int:
    """No link that was mailed before opens this ticket any more; later mails carry new ones. Answers how often that was done."""
    require(ticket.portal, actor, "may_update")
    lock_tickets(ticket.portal, [ticket.pk])
    last = LinkRevocation.objects.filter(ticket=ticket).first()
    count = (last.count if last else 0) + 1
    values = {"portal_id": ticket.portal_id, "count": count, "at": clock.now(), "by_name": actor.name}
    LinkRevocation.objects.update_or_create(ticket=ticket, defaults=values)
    write_fact(Fact(ticket.portal.tenant, "desk.ticket.links_revoked", "desk.ticket", ticket.pk), actor)
    return count
