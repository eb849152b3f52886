"""Calendars in a portal's settings: hours of the week, holidays, who they count for, and what a promise comes to."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.ui.toasts import add_toast

from .actions import (
    CalendarIsDefault,
    change_calendar,
    create_calendar,
    make_default,
    remove_calendar,
    remove_own_day,
    set_own_day,
)
from .forms import CalendarForm, OwnDayForm, PromiseForm, values_of
from .models import Calendar, OwnDay
from .queries import listed_days, time_of
from .weeks import OFFICE_WEEK, minutes_of_week

_HERE = "desk/business_hours/templates"


@require_GET
@desk_page
def calendars(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rows = Calendar.objects.filter(portal=access.portal).prefetch_related("uses__department", "uses__account")
    listed = [
        (row, minutes_of_week(row.week) / 60, [use.department or use.account for use in row.uses.all()]) for row in rows
    ]
    return settings_page(request, access, "calendars", f"{_HERE}/calendars.html", {"calendars": listed})


@require_http_methods(["GET", "POST"])
@desk_page
def calendar(request: HttpRequest, access: DeskAccess, calendar_id: int | None = None) -> HttpResponse:
    """The form of a calendar, a new one without an id."""
    access.require("may_administer")
    found = _find(access, calendar_id) if calendar_id else None
    form = CalendarForm(access.portal, request.POST or None, initial=_initial(access, found))
    if request.method == "POST" and "copy" in request.POST:
        form = CalendarForm(access.portal, _with_monday_copied(request.POST))
        form.errors.clear()
    elif request.method == "POST" and form.is_valid() and (saved := _save(access, found, form)):
        add_toast(request, _("Saved. The deadlines of open tickets follow."))
        return redirect("desk_calendar", access.portal.pk, saved.pk)
    return _show(request, access, found, form, OwnDayForm())


@require_POST
@desk_page
def calendar_standing(request: HttpRequest, access: DeskAccess, calendar_id: int) -> HttpResponse:
    """It becomes the default."""
    make_default(_find(access, calendar_id), actor=access.actor)
    return redirect("desk_calendars", access.portal.pk)


@require_POST
@desk_page
def calendar_deletion(request: HttpRequest, access: DeskAccess, calendar_id: int) -> HttpResponse:
    access.require("may_administer")
    try:
        remove_calendar(_find(access, calendar_id), actor=access.actor)
    except CalendarIsDefault as refusal:
        add_toast(request, refusal.message)
        return redirect("desk_calendar", access.portal.pk, calendar_id)
    return redirect("desk_calendars", access.portal.pk)


@require_POST
@desk_page
def own_days(request: HttpRequest, access: DeskAccess, calendar_id: int) -> HttpResponse:
    """One more holiday, or one day on which people work although the country rests."""
    access.require("may_administer")
    found = _find(access, calendar_id)
    form = OwnDayForm(request.POST)
    if not form.is_valid():
        return _show(request, access, found, CalendarForm(access.portal, initial=values_of(found)), form)
    set_own_day(found, **form.cleaned_data, actor=access.actor)
    return redirect("desk_calendar", access.portal.pk, found.pk)


@require_POST
@desk_page
def own_day_deletion(request: HttpRequest, access: DeskAccess, calendar_id: int, day_id: int) -> HttpResponse:
    access.require("may_administer")
    day = (
        OwnDay.objects.filter(calendar=_find(access, calendar_id), pk=day_id).select_related("calendar__portal").first()
    )
    if day is None:
        raise NotFound
    remove_own_day(day, actor=access.actor)
    return redirect("desk_calendar", access.portal.pk, calendar_id)


@require_GET
@desk_page
def promise(request: HttpRequest, access: DeskAccess, calendar_id: int) -> HttpResponse:
    """When a promise made at some time ends, as the calendar stands now."""
    access.require("may_administer")
    context = _promise(_find(access, calendar_id), PromiseForm(request.GET))
    return render(request, f"{_HERE}/promise.html", context, status=422 if context["promise_form"].errors else 200)


def _show(
    request: HttpRequest, access: DeskAccess, found: Calendar | None, form: CalendarForm, day_form: OwnDayForm
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "calendar": found, "day_form": day_form}
    if found:
        context |= {"years": listed_days(found), **_promise(found, PromiseForm({"hours": "8"}))}
    has_errors = bool(form.errors or day_form.errors)
    return settings_page(
        request, access, "calendars", f"{_HERE}/calendar.html", context, status=422 if has_errors else 200
    )


def _promise(calendar: Calendar, form: PromiseForm) -> dict[str, Any]:
    context: dict[str, Any] = {"promise_form": form, "calendar": calendar}
    if form.is_valid():
        made_at = form.cleaned_data["made_at"] or clock.now()
        context |= {"ends_at": time_of(calendar).after(made_at, form.cleaned_data["hours"] * 3600), "made_at": made_at}
    return context


def _save(access: DeskAccess, found: Calendar | None, form: CalendarForm) -> Calendar | None:
    try:
        if found is None:
            return create_calendar(access.portal, form.draft(), actor=access.actor)
        return change_calendar(found, form.draft(), actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return None


def _initial(access: DeskAccess, found: Calendar | None) -> dict[str, Any]:
    if found:
        return values_of(found)
    days = {f"day{weekday}": spans for weekday, spans in enumerate(OFFICE_WEEK)}
    return {"time_zone": access.portal.time_zone, **days}


def _with_monday_copied(posted: QueryDict) -> QueryDict:
    """What was typed, Monday's hours on all other weekdays, too."""
    copied = posted.copy()
    for weekday in range(1, 5):
        for end in ("from", "to"):
            copied.setlist(f"day{weekday}-{end}", posted.getlist(f"day0-{end}"))
    return copied


def _find(access: DeskAccess, calendar_id: int) -> Calendar:
    found = Calendar.objects.select_related("portal").filter(portal=access.portal, pk=calendar_id).first()
    if found is None:
        raise NotFound
    return found
