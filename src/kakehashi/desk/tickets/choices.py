"""What may be chosen for a ticket's fields, by one person: for forms, in-place changes, and the bridge."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.portals.queries import read_assignees
from kakehashi.desk.portals.rights import Rights
from kakehashi.desk.products.models import Product
from kakehashi.desk.statuses.queries import read_statuses
from kakehashi.desk.teams.queries import named, read_teams

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
        return [(str(department_id), name) for department_id, name in _departments(portal.pk)]
    if name == "productId":
        return products(portal, ticket)
    return [_EMPTY, *{"priority": PRIORITIES, "channel": CHANNELS, "classification": CLASSIFICATIONS}[name].items()]


def _statuses(portal: Portal, ticket: Ticket | None) -> Choices:
    """Those offered; a removed one that the ticket still has stands among them."""
    known = read_statuses(portal)
    if ticket and ticket.status not in known:
        known.append(ticket.status)
    return [(status.name, status.label) for status in known]


def assignees(portal: Portal, rights: Rights, own: Agent | None, ticket: Ticket | None = None) -> Choices:
    """All agents for those who may assign; else oneself, and whoever has the ticket now."""
    nobody = ("", _("Unassigned"))
    agents = read_assignees(portal)
    if not rights.may_assign:
        kept = {own.pk if own else None, ticket.assignee_id if ticket else None}
        agents = [agent for agent in agents if agent.pk in kept]
    return [nobody, *((str(agent.pk), agent.name) for agent in agents)]


def teams(access: DeskAccess, department_id: int | None = None) -> Choices:
    """Those of one department, or of all that this person sees."""
    offered = [team for team in read_teams(access.portal, department_id) if access.sees(team.department_id)]
    return [("", _("No team")), *named(offered)]


@fixed_read
def _products(portal_id: int) -> QuerySet[Product, tuple[int, str]]:
    rows = Product.objects.filter(portal_id=portal_id, deleted_at__isnull=True).order_by("name_normal", "id")
    return rows.values_list("id", "product_name")[:200]


@fixed_read
def _departments(portal_id: int) -> QuerySet[Department, tuple[int, str]]:
    return Department.objects.filter(portal_id=portal_id, is_enabled=True).values_list("pk", "name")


def products(portal: Portal, ticket: Ticket | None = None) -> Choices:
    """The first two hundred by name; a product that is chosen already stands among them."""
    found = [(str(pk), name) for pk, name in _products(portal.pk)]
    if ticket and ticket.product and str(ticket.product_id) not in {value for value, _label in found}:
        found.insert(0, (str(ticket.product_id), ticket.product.product_name))
    return [_EMPTY, *found]
