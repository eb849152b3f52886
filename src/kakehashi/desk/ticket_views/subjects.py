"""What can be asked of a ticket: its fields, those of one's own, and where it stands in time."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject, subject_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.models import Product
from kakehashi.desk.ticket_fields.queries import schemas_of
from kakehashi.desk.ticket_tags.queries import tag_names, tickets_with
from kakehashi.desk.tickets.fields import CHANNELS, CLASSIFICATIONS, LABELS, PRIORITIES
from kakehashi.desk.tickets.models import Rating, Status, StatusType

_IS_OPEN = Q(closed_at__isnull=True)
TURNS: dict[str, Text] = {"ours": _("Our turn"), "customer": _("Customer's turn")}
CLOCKS: dict[str, Text] = {
    "overdue": pgettext_lazy("tickets", "Overdue"),
    "today": _("Due today"),
    "running": _("Due later"),
    "paused": _("Paused"),
    "none": _("No deadline"),
}


def subjects_of(portal: Portal) -> dict[str, Subject]:
    """By name, in the order of the builder; four queries."""
    statuses = list(Status.objects.filter(portal=portal))
    products = Product.objects.filter(portal=portal, deleted_at=None).order_by("name_normal", "id")
    departments = portal.departments.values_list("id", "name")
    found = [
        Subject("status", LABELS["status"], Family.CHOICE, choices=[(s.name, s.label) for s in statuses], ask=_in_status(statuses)),
        Subject("statusType", _("Type of status"), Family.CHOICE, choices=StatusType.choices, ask=_in_type(statuses)),
        Subject("assigneeId", LABELS["assigneeId"], Family.PERSON, column="assignee_id"),
        _fixed("priority", "priority", PRIORITIES),
        Subject("clock", _("Deadline"), Family.CHOICE, choices=list(CLOCKS.items()), ask=_by_clock),
        Subject("dueDate", LABELS["dueDate"], Family.MOMENT, column="due_at"),
        Subject("responseDueDate", LABELS["responseDueDate"], Family.MOMENT, column="response_due_at"),
        Subject("turn", _("Whose turn"), Family.CHOICE, choices=list(TURNS.items()), ask=_by_turn),
        Subject("isEscalated", LABELS["isEscalated"], Family.YES_NO, column="is_escalated"),
        Subject("departmentId", LABELS["departmentId"], Family.CHOICE, column="department_id", choices=[(str(pk), name) for pk, name in departments]),
        Subject("tags", _("Tags"), Family.CHOICES, choices=[(name, name) for name in tag_names(portal)], ask=tickets_with),
        Subject("contactId", LABELS["contactId"], Family.LINK, column="contact_id", choices_url="desk_contact_options"),
        Subject("accountId", LABELS["accountId"], Family.LINK, column="account_id", choices_url="desk_account_options"),
        Subject("productId", LABELS["productId"], Family.CHOICE, column="product_id", choices=[(str(pk), name) for pk, name in products.values_list("id", "product_name")[:200]]),
        _fixed("channel", "channel", CHANNELS),
        _fixed("classification", "classification", CLASSIFICATIONS),
        _fixed("rating", "rating", {str(value): label for value, label in Rating.choices}, _("Rating")),
        *(
            Subject(name, LABELS[name], Family.TEXT, column=column, is_text=True)
            for name, column in (("subject", "subject"), ("category", "category"), ("subCategory", "sub_category"), ("email", "email"), ("phone", "phone"))
        ),
        Subject("createdTime", _("Created"), Family.MOMENT, column="created_at"),
        Subject("lastActivity", _("Last activity"), Family.MOMENT, column="last_activity_at"),
        Subject("closedTime", pgettext_lazy("when", "Closed"), Family.MOMENT, column="closed_at"),
        *(subject_of(schema) for schema in schemas_of(portal).values()),
    ]  # fmt: skip
    return {subject.name: subject for subject in found}


def _fixed(name: str, column: str, choices: dict[str, Text], label: Text = "") -> Subject:
    return Subject(
        name, label or LABELS[name], Family.CHOICE, column=column, choices=list(choices.items()), is_text=True
    )


_Ask = Callable[[int, Sequence[str]], Q]


def _in_status(statuses: Sequence[Status]) -> _Ask:
    def ask(_portal_id: int, values: Sequence[str]) -> Q:
        found = Q(status_id__in=[one.pk for one in statuses if one.name in values or not values])
        kinds = {one.type for one in statuses if one.name in values}
        return found & _IS_OPEN if kinds and StatusType.CLOSED not in kinds else found

    return ask


def _in_type(statuses: Sequence[Status]) -> _Ask:
    """Said so that the indexes of what is open and of everything can answer."""

    def ask(_portal_id: int, values: Sequence[str]) -> Q:
        wanted = set(values) or set(StatusType.values)
        if wanted == {StatusType.CLOSED}:
            return Q(closed_at__isnull=False)
        if wanted == {StatusType.OPEN, StatusType.ON_HOLD}:
            return _IS_OPEN
        found = Q(status_id__in=[one.pk for one in statuses if one.type in wanted])
        return found if StatusType.CLOSED in wanted else found & _IS_OPEN

    return ask


def _by_turn(_portal_id: int, values: Sequence[str]) -> Q:
    wanted = set(values) or set(TURNS)
    if wanted >= set(TURNS):
        return _IS_OPEN
    return _IS_OPEN & Q(is_our_turn="ours" in wanted)


def _by_clock(_portal_id: int, values: Sequence[str]) -> Q:
    now = clock.now()
    midnight = _end_of_day(now)
    answers = {
        "overdue": Q(due_at__lt=now) | Q(response_due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lt=midnight) | Q(response_due_at__gte=now, response_due_at__lt=midnight),
        "running": Q(due_at__gte=midnight),
        "paused": Q(due_at__isnull=True, remaining_seconds__isnull=False),
        "none": Q(due_at__isnull=True, response_due_at__isnull=True, remaining_seconds__isnull=True),
    }
    found = Q()
    for value in values or ("overdue", "today", "running", "paused"):
        found |= answers.get(value, Q(pk__in=()))
    return _IS_OPEN & found


def _end_of_day(now: datetime) -> datetime:
    zone = timezone.get_current_timezone()
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
