"""What may be chosen for a ticket's fields, by one person: for forms, in-place changes, and the bridge."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.portals.queries import possible_assignees
from kakehashi.desk.portals.rights import Rights
from kakehashi.desk.products.models import Product
from kakehashi.desk.statuses.queries import offered_statuses
from kakehashi.desk.teams.queries import named, offered_teams

from .fields import CHANNELS, CLASSIFICATIONS, PRIORITIES
from .models import Ticket

Choices = Sequence[tuple[str, Text]]
_EMPTY: tuple[str, Text] = ("", "—")


def choices_of(access: DeskAccess, name: str, ticket: Ticket | None = None) -> Choices:
    """(value, label) pairs of a pick list, by the field's API name."""
    portal = access.portal
    if name == "status":
        return _statuses(portal, ticket)
    if name == "assigneeId":
        return assignees(portal, access.rights, access.agent, ticket)
    if name == "teamId":
        return teams(access, ticket.department_id if ticket else None)
    if name == "departmentId":
        return [(str(department.pk), department.name) for department in portal.departments.filter(is_enabled=True)]
    if name == "productId":
        return products(portal, ticket)
    return [_EMPTY, *{"priority": PRIORITIES, "channel": CHANNELS, "classification": CLASSIFICATIONS}[name].items()]


def _statuses(portal: Portal, ticket: Ticket | None) -> Choices:
    """Those offered; a removed one that the ticket still has stands among them."""
    known = list(offered_statuses(portal))
    if ticket and ticket.status not in known:
        known.append(ticket.status)
    return [(status.name, status.label) for status in known]


def assignees(portal: Portal, rights: Rights, own: Agent | None, ticket: Ticket | None = None) -> Choices:
    """All agents for those who may assign; else oneself, and whoever has the ticket now."""
    nobody = ("", _("Unassigned"))
    agents = list(possible_assignees(portal))
    if not rights.may_assign:
        kept = {own.pk if own else None, ticket.assignee_id if ticket else None}
        agents = [agent for agent in agents if agent.pk in kept]
    return [nobody, *((str(agent.pk), agent.name) for agent in agents)]


def teams(access: DeskAccess, department_id: int | None = None) -> Choices:
    """Those of one department, or of all that this person sees."""
    offered = offered_teams(access.portal, department_id)
    if access.department_ids is not None:
        offered = offered.filter(department_id__in=access.department_ids)
    return [("", _("No team")), *named(list(offered))]


def products(portal: Portal, ticket: Ticket | None = None) -> Choices:
    """The first two hundred by name; a product that is chosen already stands among them."""
    rows = Product.objects.filter(portal=portal, deleted_at__isnull=True).order_by("name_normal", "id")
    found = [(str(pk), name) for pk, name in rows.values_list("id", "product_name")[:200]]
    if ticket and ticket.product and str(ticket.product_id) not in {value for value, _label in found}:
        found.insert(0, (str(ticket.product_id), ticket.product.product_name))
    return [_EMPTY, *found]
