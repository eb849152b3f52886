"""Calendars: hours, holidays, who they count for, and their settings pages."""

from datetime import UTC, date, datetime

import pytest

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.desk.business_hours.actions import (
    CalendarDraft,
    CalendarIsDefault,
    change_calendar,
    create_calendar,
    make_default,
    remove_calendar,
    set_own_day,
)
from kakehashi.desk.business_hours.models import Calendar
from kakehashi.desk.business_hours.public_holidays import countries, public_holidays
from kakehashi.desk.business_hours.queries import hours_of, listed_days, time_of
from kakehashi.desk.business_hours.weeks import OFFICE_WEEK
from kakehashi.desk.portals.models import Portal
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account

pytestmark = pytest.mark.django_db
_EIGHT_HOURS = 8 * 3600


def _draft(name: str = "Night", **values: object) -> CalendarDraft:
    return CalendarDraft(**{"name": name, "time_zone": "Asia/Tokyo", "week": OFFICE_WEEK, **values})  # type: ignore[arg-type]


def test_a_new_portal_has_office_hours_with_a_lunch_break_and_the_holidays_of_japan(portal: Portal) -> None:
    calendar = Calendar.objects.get(portal=portal)
    friday_at_five = datetime(
        2026, 9, 18, 8, tzinfo=UTC
    )  # 17:00 in Tokyo, before five days off: 9/21, 22, 23 are holidays
    ends = time_of(calendar).after(friday_at_five, _EIGHT_HOURS)
    assert (calendar.is_default, calendar.country) == (True, "JP")
    assert ends == datetime(2026, 9, 24, 8, tzinfo=UTC)


def test_a_day_of_ones_own_stands_before_the_countrys(portal: Portal) -> None:
    calendar = Calendar.objects.get(portal=portal)
    set_own_day(calendar, on=date(2026, 9, 22), is_working=True, actor=MAKER)
    set_own_day(calendar, on=date(2026, 9, 24), name="創立記念日", actor=MAKER)
    ends = time_of(calendar).after(datetime(2026, 9, 18, 9, tzinfo=UTC), 2 * _EIGHT_HOURS)
    assert ends == datetime(2026, 9, 25, 9, tzinfo=UTC)


def test_a_customers_calendar_stands_before_the_departments_and_that_before_the_default(portal: Portal) -> None:
    account, department = make_account(portal), portal.departments.all()[0]
    of_department = create_calendar(portal, _draft("Department", departments=[department]), actor=MAKER)
    of_account = create_calendar(portal, _draft("Account", accounts=[account]), actor=MAKER)
    hours = hours_of(portal)
    assert hours.calendar_for(department.pk, account.pk) == of_account
    assert hours.calendar_for(department.pk, None) == of_department
    assert hours.calendar_for(0, 0) == Calendar.objects.get(portal=portal, is_default=True)


def test_hours_that_overlap_or_end_before_they_start_are_refused_beside_their_day(portal: Portal) -> None:
    week = [[[540, 720], [700, 800]], [[600, 540]], [], [], [], [], []]
    with pytest.raises(InvalidValues) as refusal:
        create_calendar(portal, _draft(week=week), actor=MAKER)
    assert set(refusal.value.by_field) == {"day0", "day1"}


def test_the_default_calendar_cannot_be_removed_until_another_takes_its_place(portal: Portal) -> None:
    first = Calendar.objects.get(portal=portal)
    with pytest.raises(CalendarIsDefault):
        remove_calendar(first, actor=MAKER)
    make_default(create_calendar(portal, _draft(), actor=MAKER), actor=MAKER)
    first.refresh_from_db()
    remove_calendar(first, actor=MAKER)
    assert [one.name for one in Calendar.objects.filter(portal=portal)] == ["Night"]


def test_an_agent_may_not_change_calendars(portal: Portal, people: People) -> None:
    with pytest.raises(NotAllowed):
        change_calendar(Calendar.objects.get(portal=portal), _draft(), actor=people.agent.actor)


def test_holidays_have_names_in_the_readers_language_where_the_library_knows_them() -> None:
    day = date(2026, 11, 23)
    assert public_holidays("JP", 2026, "ja")[day] == "勤労感謝の日"
    assert public_holidays("JP", 2026, "en")[day] == "Labor Thanksgiving Day"
    assert countries("ja")["JP"] == "日本"


def test_the_holidays_of_this_and_next_year_are_listed(portal: Portal) -> None:
    calendar = Calendar.objects.get(portal=portal)
    with clock.frozen_at(datetime(2026, 12, 31, 16, tzinfo=UTC)):  # New Year in Tokyo already
        assert [year for year, _days in listed_days(calendar)] == [2027, 2028]


def test_a_calendar_is_made_on_its_page_and_what_was_typed_wrong_is_kept(portal: Portal, people: People) -> None:
    client, url = people.client_of("administrator"), f"/desk/{portal.pk}/settings/hours/new/"
    typed = {"name": "Evening", "time_zone": "Asia/Tokyo", "country": "JP", "day0-from": ["17:00"], "day0-to": ["9:00"]}
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "The end must be later than the start." in refused.text
    assert 'value="17:00"' in refused.text
    made = client.post(url, {**typed, "day0-to": ["0:00"]})
    assert made.status_code == 302
    assert Calendar.objects.get(portal=portal, name="Evening").week[0] == [[1020, 1440]]


def test_mondays_hours_are_copied_without_saving(portal: Portal, people: People) -> None:
    typed = {"name": "E", "time_zone": "Asia/Tokyo", "day0-from": ["07:15"], "day0-to": ["09:30"], "copy": "monday"}
    answer = people.client_of("administrator").post(f"/desk/{portal.pk}/settings/hours/new/", typed)
    assert answer.status_code == 200
    assert answer.text.count('value="07:15"') == 5
    assert not Calendar.objects.filter(portal=portal, name="E").exists()


def test_the_page_tells_when_a_promise_ends(portal: Portal, people: People) -> None:
    calendar = Calendar.objects.get(portal=portal)
    url = f"/desk/{portal.pk}/settings/hours/{calendar.pk}/promise/?hours=8&made_at=2026-09-18T17:00"
    assert "Sep 24, 2026 17:00" in people.client_of("administrator").get(url).text
