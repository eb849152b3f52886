"""Which fields of a ticket a person may set, and with what."""

from collections.abc import Sequence
from typing import cast

from kakehashi.bridge.sides.records import FieldType
from kakehashi.bridge.sides.tickets import Choice, TicketField
from kakehashi.desk.customers.queries import visible_contacts
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.queries import possible_assignees
from kakehashi.desk.products.models import Product
from kakehashi.desk.statuses.queries import offered_statuses
from kakehashi.desk.tickets.fields import CHANNELS, CLASSIFICATIONS, PRIORITIES, TICKET_FIELDS, TicketFieldInfo

# A customer is chosen by searching, not from a list; the description has its editor.
_ELSEWHERE = {"contactId", "accountId", "description"}


def fields_for(access: DeskAccess) -> Sequence[TicketField]:
    """All that this person may set. Who may not assign to others is offered themselves and nobody (spec P2)."""
    return [_field(info, access) for info in TICKET_FIELDS if info.api_name not in _ELSEWHERE]


def department_choices(portal: Portal) -> Sequence[Choice]:
    return [Choice(str(one.pk), one.name) for one in portal.departments.order_by("position", "id")]


def contact_choices(access: DeskAccess, text: str, limit: int) -> Sequence[Choice]:
    found = visible_contacts(access).filter(search__has=text) if text.strip() else visible_contacts(access)
    return [Choice(str(one.pk), one.name, one.email) for one in found.order_by("-modified_at", "-id")[:limit]]


def _field(info: TicketFieldInfo, access: DeskAccess) -> TicketField:
    return TicketField(
        api_name=info.api_name,
        label=info.label,
        type=cast("FieldType", info.type if info.api_name != "productId" else "picklist"),
        is_required=info.is_required,
        choices=tuple(_choices(info.api_name, access)),
    )


def _choices(name: str, access: DeskAccess) -> Sequence[Choice]:
    portal = access.portal
    if name == "status":
        return [Choice(one.name, one.label) for one in offered_statuses(portal)]
    if name == "assigneeId":
        return _assignees(access)
    if name == "departmentId":
        return department_choices(portal)
    if name == "productId":
        products = Product.objects.filter(portal=portal, deleted_at=None).order_by("product_name")[:200]
        return [Choice(str(one.pk), one.product_name) for one in products]
    fixed = {"priority": PRIORITIES, "channel": CHANNELS, "classification": CLASSIFICATIONS}.get(name, {})
    return [Choice(value, label) for value, label in fixed.items()]


def _assignees(access: DeskAccess) -> Sequence[Choice]:
    agents = possible_assignees(access.portal)
    if not access.rights.may_assign:
        agents = agents.filter(pk=access.agent.pk)
    return [Choice(str(agent.pk), agent.person.name) for agent in agents]
