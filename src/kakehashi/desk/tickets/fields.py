"""A ticket's fields by their Desk API names, and what may stand in them (contracts §3.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.html import clean_html
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import AgentRole, AgentState, Department, Portal
from kakehashi.desk.products.models import Product
from kakehashi.desk.statuses.queries import offered_statuses
from kakehashi.desk.teams.queries import offered_teams
from kakehashi.desk.ticket_fields.cleaning import PREFIX, clean_custom

from .models import Priority, Status

CHANNELS: dict[str, Text] = {
    "Email": pgettext_lazy("channel", "E-mail"),
    "Phone": _("Phone"),
    "Web": _("Web"),
    "Chat": _("Chat"),
}
CLASSIFICATIONS: dict[str, Text] = {
    "Question": _("Question"),
    "Problem": _("Problem"),
    "Feature": _("Feature request"),
    "Others": _("Others"),
}
PRIORITIES: dict[str, Text] = {str(value): label for value, label in Priority.choices}


@dataclass(frozen=True, slots=True)
class TicketFieldInfo:
    """`type` is that of the seam; `column` is what the value is stored in."""

    api_name: str
    column: str
    label: Text
    type: str = "text"
    max_length: int | None = None
    is_required: bool = False


TICKET_FIELDS = (
    TicketFieldInfo("subject", "subject", _("Subject"), max_length=1000, is_required=True),
    TicketFieldInfo("status", "status_id", _("Status"), "picklist", is_required=True),
    TicketFieldInfo("priority", "priority", _("Priority"), "picklist", 40),
    TicketFieldInfo("assigneeId", "assignee_id", _("Assignee"), "owner"),
    TicketFieldInfo("teamId", "team_id", _("Team"), "picklist"),
    TicketFieldInfo("dueDate", "due_at", _("Due date"), "datetime"),
    TicketFieldInfo("responseDueDate", "response_due_at", _("Response due date"), "datetime"),
    TicketFieldInfo("departmentId", "department_id", _("Department"), "picklist", is_required=True),
    TicketFieldInfo("classification", "classification", _("Classification"), "picklist", 60),
    TicketFieldInfo("category", "category", _("Category"), max_length=120),
    TicketFieldInfo("subCategory", "sub_category", _("Sub-category"), max_length=120),
    TicketFieldInfo("productId", "product_id", _("Product"), "lookup"),
    TicketFieldInfo("channel", "channel", _("Channel"), "picklist", 40),
    TicketFieldInfo("contactId", "contact_id", _("Contact"), "lookup"),
    TicketFieldInfo("accountId", "account_id", _("Account"), "lookup"),
    TicketFieldInfo("email", "email", _("E-mail"), "email", 254),
    TicketFieldInfo("phone", "phone", _("Phone"), "phone", 60),
    TicketFieldInfo("isEscalated", "is_escalated", _("Escalated"), "boolean"),
    TicketFieldInfo("description", "description_html", _("Description"), "textarea", 65_535),
)
_Cleaner = Callable[[Portal, TicketFieldInfo, Any], Any]
FIELDS_BY_NAME = {info.api_name: info for info in TICKET_FIELDS}
LABELS: dict[str, Text] = {info.api_name: info.label for info in TICKET_FIELDS}
_NO_SUCH: Text = _("There is no such choice.")


class _Problem(Exception):
    """A sentence to stand beside a field."""

    def __init__(self, sentence: Text) -> None:
        self.sentence = sentence


def clean_ticket_values(portal: Portal, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns and values, references checked against the portal. Raises `InvalidValues` keyed by API name.

    The portal's own fields go by their names or together under `cf`, as Desk's API has them; they become one column, `custom`.
    """
    columns: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    own = {**(values.get("cf") or {}), **{name: value for name, value in values.items() if name.startswith(PREFIX)}}
    if own:
        columns["custom"], problems = clean_custom(portal, own)
    for name, value in values.items():
        if name == "cf" or name.startswith(PREFIX):
            continue
        if (info := FIELDS_BY_NAME.get(name)) is None:
            problems[name] = _("There is no such field.")
            continue
        clean: _Cleaner = _CLEANERS.get(name, _clean_text)
        try:
            columns[info.column] = clean(portal, info, value)
        except _Problem as problem:
            problems[name] = problem.sentence
    if problems:
        raise InvalidValues(problems)
    return columns


def _clean_text(portal: Portal, info: TicketFieldInfo, value: Any) -> str:
    text = "" if value is None else " ".join(str(value).replace("\x00", "").split())
    if not text and info.is_required:
        raise _Problem(_("Required."))
    if info.max_length and len(text) > info.max_length:
        raise _Problem(_("At most %(limit)s characters.") % {"limit": info.max_length})
    return text


def _clean_email(portal: Portal, info: TicketFieldInfo, value: Any) -> str:
    text = _clean_text(portal, info, value)
    if text and not normal_email(text):
        raise _Problem(_("This is not an e-mail address."))
    return text


def _clean_status(portal: Portal, info: TicketFieldInfo, value: Any) -> int:
    if isinstance(value, Status):
        if value.portal_id == portal.pk and value.retired_at is None:
            return value.pk
        value = value.name
    found = offered_statuses(portal).filter(name=str(value)).values_list("id", flat=True).first()
    if found is None:
        raise _Problem(_NO_SUCH)
    return int(found)


def _clean_moment(portal: Portal, info: TicketFieldInfo, value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise _Problem(_("Enter a date and time."))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _clean_description(portal: Portal, info: TicketFieldInfo, value: Any) -> str:
    html = clean_html(str(value or ""))
    if info.max_length and len(html) > info.max_length:
        raise _Problem(_("At most %(limit)s characters.") % {"limit": info.max_length})
    return html


def _clean_flag(portal: Portal, info: TicketFieldInfo, value: Any) -> bool:
    return value in (True, "true", "True", "on", 1, "1")


def _number(value: Any) -> int | None:
    value = getattr(value, "pk", value)
    if value in (None, "", 0, "0"):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _Problem(_NO_SUCH) from None


def _clean_assignee(portal: Portal, info: TicketFieldInfo, value: Any) -> int | None:
    if (wanted := _number(value)) is None:
        return None
    agents = portal.agents.filter(state=AgentState.ACTIVE).exclude(role=AgentRole.LIGHT_AGENT)
    if not agents.filter(pk=wanted).exists():
        raise _Problem(_("Tickets can only be assigned to active agents of this portal."))
    return wanted


def _clean_team(portal: Portal, info: TicketFieldInfo, value: Any) -> int | None:
    if (wanted := _number(value)) is not None and not offered_teams(portal).filter(pk=wanted).exists():
        raise _Problem(_NO_SUCH)
    return wanted


def _clean_department(portal: Portal, info: TicketFieldInfo, value: Any) -> int:
    if isinstance(value, Department) and value.portal_id == portal.pk:
        return value.pk
    wanted = _number(value)
    if wanted is None or not portal.departments.filter(pk=wanted).exists():
        raise _Problem(_NO_SUCH)
    return wanted


def _reference_to(model: type[Contact | Account | Product]) -> _Cleaner:
    def clean(portal: Portal, info: TicketFieldInfo, value: Any) -> int | None:
        if (wanted := _number(value)) is None:
            return None
        if not model.objects.filter(portal=portal, pk=wanted, deleted_at__isnull=True).exists():
            raise _Problem(_("There is no such record."))
        return wanted

    return clean


_CLEANERS: dict[str, _Cleaner] = {
    "status": _clean_status,
    "assigneeId": _clean_assignee,
    "teamId": _clean_team,
    "departmentId": _clean_department,
    "dueDate": _clean_moment,
    "responseDueDate": _clean_moment,
    "contactId": _reference_to(Contact),
    "accountId": _reference_to(Account),
    "productId": _reference_to(Product),
    "email": _clean_email,
    "description": _clean_description,
    "isEscalated": _clean_flag,
}
