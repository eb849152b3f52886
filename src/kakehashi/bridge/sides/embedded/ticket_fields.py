"""Which fields of a ticket a person may set, and with what."""

from collections.abc import Sequence
from typing import cast

from kakehashi.bridge.sides.records import FieldType
from kakehashi.bridge.sides.tickets import Choice, TicketField
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.desk.customers.queries import visible_accounts, visible_contacts
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.ticket_fields.queries import LaidOut, schemas_of, shown_fields
from kakehashi.desk.tickets.choices import choices_of, teams
from kakehashi.desk.tickets.fields import FIELDS_BY_NAME, TICKET_FIELDS

# A customer is chosen by searching, not from a list; the description has its editor.
_ELSEWHERE = {"contactId", "accountId", "description"}


def fields_for(access: DeskAccess) -> Sequence[TicketField]:
    """All that this person may set. Who may not assign to others is offered themselves and nobody (spec P2)."""
    standard = [_standard(access, info.api_name) for info in TICKET_FIELDS if info.api_name not in _ELSEWHERE]
    fields = [*standard, *(_own(schema) for schema in schemas_of(access.portal).values())]
    return [field for field in fields if field.api_name != "teamId" or len(field.choices) > 1]


def fields_of_department(access: DeskAccess, department_id: int) -> Sequence[TicketField]:
    """Those that the department's layout shows, in its order; there is no team to choose where it has none."""
    fields = [_laid_out(access, one, department_id) for one in shown_fields(access.portal, department_id)]
    return [field for field in fields if field.api_name != "teamId" or len(field.choices) > 1]


def department_choices(portal: Portal) -> Sequence[Choice]:
    return [Choice(str(one.pk), one.name) for one in portal.departments.order_by("position", "id")]


def contact_choices(access: DeskAccess, text: str, limit: int) -> Sequence[Choice]:
    rows = visible_contacts(access)
    found = found_by(rows, access.portal, text) if text.strip() else rows
    return [Choice(str(one.pk), one.name, one.email) for one in found.order_by("-modified_at", "-id")[:limit]]


def account_choices(access: DeskAccess, text: str, limit: int) -> Sequence[Choice]:
    rows = visible_accounts(access)
    found = found_by(rows, access.portal, text) if text.strip() else rows
    latest = found.order_by("-modified_at", "-id")[:limit]
    return [Choice(str(one.pk), one.account_name, one.website or one.city) for one in latest]


def _laid_out(access: DeskAccess, laid_out: LaidOut, department_id: int) -> TicketField:
    if laid_out.schema:
        return _own(laid_out.schema, is_required=laid_out.is_required)
    return _standard(access, laid_out.name, department_id, is_required=laid_out.is_required)


def _standard(
    access: DeskAccess, name: str, department_id: int | None = None, *, is_required: bool | None = None
) -> TicketField:
    info = FIELDS_BY_NAME[name]
    is_list = info.type in {"picklist", "owner"} or name == "productId"
    found = teams(access, department_id) if name == "teamId" else choices_of(access, name) if is_list else ()
    return TicketField(
        api_name=name,
        label=info.label,
        type=cast("FieldType", "picklist" if is_list else info.type),
        is_required=info.is_required if is_required is None else is_required,
        choices=tuple(Choice(value, label) for value, label in found),
    )


def _own(schema: FieldSchema, *, is_required: bool = False) -> TicketField:
    return TicketField(
        schema.api_name, schema.label, cast("FieldType", schema.type.value), is_required=is_required, schema=schema
    )
