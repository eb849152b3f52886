"""The settings side of an org's event log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kakehashi.core.events.models import IS_ABOUT_SETTINGS, Event
from kakehashi.core.ids import is_id
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership

ROWS = 50
# What people do with records every day, and how far a long job is: not a change of settings.
_NOT_TOLD = Q(topic__endswith=".advanced") | Q(topic__endswith=".moved")
_EVERY_DAY = (
    "crm.note.",
    "crm.file.",
    "crm.signals.",
    "crm.merge.",
    "crm.lead.",
    "bridge.link.",
    "bridge.sync.",
    "bridge.question.",
)


@dataclass(frozen=True, slots=True)
class AuditChoice:
    """What was asked for; made from the address."""

    person: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.person or self.kind or self.since or self.until)


def read_choice(query: Mapping[str, str], kinds: Mapping[str, object]) -> AuditChoice:
    person, kind = query.get("person", ""), query.get("kind", "")
    days = {key: query.get(key, "") for key in ("since", "until") if _day(query.get(key, ""))}
    return AuditChoice(person if is_id(person) else "", kind if kind in kinds else "", **days)


def audit_events(access: CrmAccess, choice: AuditChoice) -> QuerySet[Event]:
    """Newest first. An index holds just these events, so that a million changes of records cost nothing."""
    events = Event.objects.filter(IS_ABOUT_SETTINGS, tenant=access.org.tenant).exclude(_NOT_TOLD)
    for prefix in _EVERY_DAY:
        events = events.exclude(topic__startswith=prefix)
    if choice.person:
        events = events.filter(person_id=int(choice.person))
    if choice.kind:
        events = events.filter(topic__startswith=choice.kind)
    zone = ZoneInfo(access.org.time_zone)
    if since := _day(choice.since):
        events = events.filter(at__gte=datetime.combine(since, time(), zone))
    if until := _day(choice.until):
        events = events.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
    return events.order_by("-id")


def people_of(access: CrmAccess) -> list[tuple[int, str]]:
    """Everybody who ever was a member: what they did stays theirs."""
    members = Membership.objects.select_related("person").filter(org=access.org)
    return sorted(((member.person_id, member.person.name) for member in members), key=lambda pair: pair[1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
