"""Setting up calendars. Whatever changes how time is counted has the open tickets' deadlines counted anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.customers.models import Account
from kakehashi.desk.deadlines.jobs import follow_later
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require

from .models import Calendar, CalendarUse, OwnDay
from .public_holidays import countries
from .weeks import OFFICE_WEEK, Day, problem_of_day


class CalendarIsDefault(ProductError):
    code = "calendar_is_default"
    status = 409
    message = _("Make another calendar the default first.")


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """What the form of a calendar holds. It counts for the departments and accounts named; the default one for all others."""

    name: str
    time_zone: str
    week: Sequence[Day]
    country: str = ""
    departments: Sequence[Department] = ()
    accounts: Sequence[Account] = ()


def found_calendar(portal: Portal) -> Calendar:
    """The calendar that a new portal starts with: office hours with a lunch break, public holidays of Japan in Japan."""
    with override(portal.language):
        name = gettext("Office hours")
    country = "JP" if portal.time_zone == "Asia/Tokyo" else ""
    return Calendar.objects.create(
        portal=portal, name=name, time_zone=portal.time_zone, week=OFFICE_WEEK, country=country, is_default=True
    )


@transaction.atomic
def create_calendar(portal: Portal, draft: CalendarDraft, *, actor: Actor) -> Calendar:
    """Raises `InvalidValues`."""
    require(portal, actor, "may_administer")
    is_first = not Calendar.objects.filter(portal=portal).exists()
    return _write(Calendar(portal=portal, is_default=is_first), draft, actor)


@transaction.atomic
def change_calendar(calendar: Calendar, draft: CalendarDraft, *, actor: Actor) -> Calendar:
    """Raises `InvalidValues`."""
    require(calendar.portal, actor, "may_administer")
    return _write(calendar, draft, actor)


@transaction.atomic
def make_default(calendar: Calendar, *, actor: Actor) -> None:
    require(calendar.portal, actor, "may_administer")
    Calendar.objects.filter(portal=calendar.portal, is_default=True).update(is_default=False)
    Calendar.objects.filter(pk=calendar.pk).update(is_default=True)
    _tell(calendar, "updated", actor)


@transaction.atomic
def remove_calendar(calendar: Calendar, *, actor: Actor) -> None:
    """Who used it uses the default one from now on."""
    require(calendar.portal, actor, "may_administer")
    if calendar.is_default:
        raise CalendarIsDefault
    _tell(calendar, "removed", actor)
    calendar.delete()


@transaction.atomic
def set_own_day(calendar: Calendar, *, on: date, name: str = "", is_working: bool = False, actor: Actor) -> OwnDay:
    """A holiday of one's own, or a day on which one works although the country rests."""
    require(calendar.portal, actor, "may_administer")
    day, _is_new = OwnDay.objects.update_or_create(
        calendar=calendar, on=on, defaults={"name": name.strip(), "is_working": is_working}
    )
    _tell(calendar, "updated", actor)
    return day


@transaction.atomic
def remove_own_day(day: OwnDay, *, actor: Actor) -> None:
    require(day.calendar.portal, actor, "may_administer")
    _tell(day.calendar, "updated", actor)
    day.delete()


def _write(calendar: Calendar, draft: CalendarDraft, actor: Actor) -> Calendar:
    if problems := _problems_of(calendar, draft):
        raise InvalidValues(problems)
    topic = "updated" if calendar.pk else "created"
    calendar.name, calendar.time_zone, calendar.country = draft.name.strip(), draft.time_zone, draft.country
    calendar.week = [sorted(day) for day in draft.week]
    calendar.save()
    _use_for(calendar, draft)
    _tell(calendar, topic, actor)
    return calendar


def _problems_of(calendar: Calendar, draft: CalendarDraft) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    taken = Calendar.objects.filter(portal=calendar.portal, name=draft.name.strip()).exclude(pk=calendar.pk)
    if not draft.name.strip():
        problems["name"] = _("Enter a name.")
    elif taken.exists():
        problems["name"] = _("There is a calendar of this name already.")
    if draft.country and draft.country not in countries("en"):
        problems["country"] = _("There is no such choice.")
    for weekday, spans in enumerate(draft.week):
        if problem := problem_of_day(spans):
            problems[f"day{weekday}"] = problem
    if not any(draft.week) and not problems:
        problems["day0"] = _("Enter the hours of at least one day.")
    return problems


def _use_for(calendar: Calendar, draft: CalendarDraft) -> None:
    """A department or account that had another calendar moves over."""
    departments = [one for one in draft.departments if one.portal_id == calendar.portal_id]
    accounts = [one for one in draft.accounts if one.portal_id == calendar.portal_id]
    CalendarUse.objects.filter(calendar=calendar).delete()
    CalendarUse.objects.filter(department__in=departments).delete()
    CalendarUse.objects.filter(account__in=accounts).delete()
    CalendarUse.objects.bulk_create(
        [
            *(CalendarUse(calendar=calendar, department=one) for one in departments),
            *(CalendarUse(calendar=calendar, account=one) for one in accounts),
        ]
    )


def _tell(calendar: Calendar, what: str, actor: Actor) -> None:
    data = {"name": calendar.name}
    write_fact(Fact(calendar.portal.tenant, f"desk.calendar.{what}", "desk.calendar", calendar.pk, data), actor)
    follow_later(calendar.portal)
