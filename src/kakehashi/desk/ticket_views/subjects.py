"""What can be asked of a ticket: its fields, those of one's own, and where it stands in time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject, subject_of
from kakehashi.core.ids import ids_in
from kakehashi.desk.followers.models import TicketFollower
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.products.models import Product
from kakehashi.desk.teams.queries import named, offered_teams, teams_of
from kakehashi.desk.ticket_fields.queries import schemas_of
from kakehashi.desk.ticket_tags.queries import tag_names, tickets_with
from kakehashi.desk.tickets.fields import CHANNELS, CLASSIFICATIONS, LABELS, PRIORITIES
from kakehashi.desk.tickets.models import Rating, Status, StatusType
from kakehashi.identity.preferences.time_zones import zone_named

from .times import subjects_of_times

_Ask = Callable[[int, Sequence[str]], Q]
_People = Callable[[], Iterable[int]]
_IS_OPEN = Q(closed_at__isnull=True)
TURNS: dict[str, Text] = {"ours": _("Our turn"), "customer": _("Customer's turn")}
CLOCKS: dict[str, Text] = {
    "overdue": pgettext_lazy("tickets", "Overdue"),
    "unsolved": _("Not solved in time"),
    "today": _("Due today"),
    "running": _("Due later"),
    "paused": _("Paused"),
    "none": _("No deadline"),
}


def subjects_of(portal: Portal, schemas: Mapping[str, FieldSchema] | None = None) -> dict[str, Subject]:
    """By name, in the order of the builder. Statuses are read when one is asked for, choices when they are shown: no query until
    then, or one where the portal's own fields are not known yet. `chosen_tickets` makes them those of whoever asks.
    """
    statuses = cache(lambda: list(Status.objects.filter(portal=portal)))
    found = [
        Subject("status", LABELS["status"], Family.CHOICE, offer=lambda: [(s.name, s.label) for s in statuses()], ask=_in_status(statuses)),
        Subject("statusType", _("Type of status"), Family.CHOICE, choices=StatusType.choices, ask=_in_type(statuses)),
        Subject("assigneeId", LABELS["assigneeId"], Family.PERSON, column="assignee_id"),
        Subject("teamId", LABELS["teamId"], Family.CHOICE, offer=lambda: _teams(portal), ask=_in_team(None)),
        _fixed("priority", "priority", PRIORITIES),
        Subject("clock", _("Deadline"), Family.CHOICE, choices=list(CLOCKS.items()), ask=_by_clock),
        Subject("dueDate", LABELS["dueDate"], Family.MOMENT, column="due_at"),
        Subject("responseDueDate", LABELS["responseDueDate"], Family.MOMENT, column="response_due_at"),
        Subject("turn", _("Whose turn"), Family.CHOICE, choices=list(TURNS.items()), ask=_by_turn),
        Subject("isEscalated", LABELS["isEscalated"], Family.YES_NO, column="is_escalated"),
        Subject("departmentId", LABELS["departmentId"], Family.CHOICE, column="department_id", offer=lambda: _departments(portal)),
        Subject("tags", _("Tags"), Family.CHOICES, offer=lambda: [(name, name) for name in tag_names(portal)], ask=tickets_with),
        Subject("followers", _("Followers"), Family.PERSON, ask=_followed_by(None, frozenset)),
        Subject("contactId", LABELS["contactId"], Family.LINK, column="contact_id", choices_url="desk_contact_options"),
        Subject("accountId", LABELS["accountId"], Family.LINK, column="account_id", choices_url="desk_account_options"),
        Subject("customerId", _("Account or its contacts"), Family.LINK, choices_url="desk_account_options", ask=_of_account),
        Subject("productId", LABELS["productId"], Family.CHOICE, column="product_id", offer=lambda: _products(portal)),
        _fixed("channel", "channel", CHANNELS),
        _fixed("classification", "classification", CLASSIFICATIONS),
        _fixed("rating", "rating", {str(value): label for value, label in Rating.choices}, _("Rating")),
        *(
            Subject(name, LABELS[name], Family.TEXT, column=column, is_text=True)
            for name, column in (("subject", "subject"), ("category", "category"), ("subCategory", "sub_category"), ("email", "email"), ("phone", "phone"))
        ),
        Subject("createdTime", _("Created"), Family.MOMENT, column="created_at"),
        Subject("receivedOn", _("Received (days of the portal)"), Family.MOMENT, column="created_at", zone=zone_named(portal.time_zone)),
        Subject("lastActivity", _("Last activity"), Family.MOMENT, column="last_activity_at"),
        Subject("closedTime", pgettext_lazy("when", "Closed"), Family.MOMENT, column="closed_at"),
        *subjects_of_times(),
        *(subject_of(schema) for schema in (schemas_of(portal) if schemas is None else schemas).values()),
    ]  # fmt: skip
    return {subject.name: subject for subject in found}


def _fixed(name: str, column: str, choices: dict[str, Text], label: Text = "") -> Subject:
    return Subject(
        name, label or LABELS[name], Family.CHOICE, column=column, choices=list(choices.items()), is_text=True
    )


def as_asked_by(agent: Agent, colleagues: _People, subjects: Mapping[str, Subject]) -> dict[str, Subject]:
    """The same, where "mine" and "me" mean this seat and "team" its colleagues."""
    own = {"teamId": _in_team(agent), "followers": _followed_by(agent, colleagues)}
    return {**subjects, **{name: replace(subjects[name], ask=ask) for name, ask in own.items()}}


def _teams(portal: Portal) -> list[tuple[str, Text]]:
    return [("mine", _("My teams")), *named(list(offered_teams(portal)))]


def _followed_by(agent: Agent | None, colleagues: _People) -> _Ask:
    def ask(portal_id: int, values: Sequence[str]) -> Q:
        seats = ids_in(values)
        seats += [agent.pk] if agent and "me" in values else []
        seats += colleagues() if "team" in values else []
        followed = TicketFollower.objects.filter(agent__portal_id=portal_id)
        return Q(pk__in=(followed.filter(agent_id__in=seats) if values else followed).values("ticket_id"))

    return ask


def _departments(portal: Portal) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in portal.departments.values_list("id", "name")]


def _products(portal: Portal) -> list[tuple[str, str]]:
    products = Product.objects.filter(portal=portal, deleted_at=None).order_by("name_normal", "id")
    return [(str(pk), name) for pk, name in products.values_list("id", "product_name")[:200]]


def _in_team(agent: Agent | None) -> _Ask:
    def ask(_portal_id: int, values: Sequence[str]) -> Q:
        if not values:
            return Q(team__isnull=False)
        mine = teams_of(agent) if agent and "mine" in values else []
        return Q(team_id__in=[*mine, *ids_in(values)])

    return ask


_Statuses = Callable[[], Sequence[Status]]


def _in_status(statuses: _Statuses) -> _Ask:
    def ask(_portal_id: int, values: Sequence[str]) -> Q:
        found = Q(status_id__in=[one.pk for one in statuses() if one.name in values or not values])
        kinds = {one.type for one in statuses() if one.name in values}
        return found & _IS_OPEN if kinds and StatusType.CLOSED not in kinds else found

    return ask


def _in_type(statuses: _Statuses) -> _Ask:
    """Said so that the indexes of what is open and of everything can answer."""

    def ask(_portal_id: int, values: Sequence[str]) -> Q:
        wanted = set(values) or set(StatusType.values)
        if wanted == {StatusType.CLOSED}:
            return Q(closed_at__isnull=False)
        if wanted == {StatusType.OPEN, StatusType.ON_HOLD}:
            return _IS_OPEN
        found = Q(status_id__in=[one.pk for one in statuses() if one.type in wanted])
        return found if StatusType.CLOSED in wanted else found & _IS_OPEN

    return ask


def _of_account(_portal_id: int, values: Sequence[str]) -> Q:
    if not values:
        return Q(account__isnull=False) | Q(contact__account__isnull=False)
    ids = ids_in(values)
    return Q(account_id__in=ids) | Q(contact__account_id__in=ids)


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
        "unsolved": Q(due_at__lt=now),
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
