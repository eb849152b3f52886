"""Working time and the clocks of tickets: pure arithmetic, compared with counting minute by minute."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.desk.deadlines.clock import Answer, Clocks, Deed, Step, Targets, read_clocks
from kakehashi.desk.deadlines.working_time import AROUND_THE_CLOCK, Span, WorkingTime

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = (Span(9 * 60, 12 * 60), Span(13 * 60, 18 * 60))
SILVER_WEEK = frozenset({date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)})
JAPAN = WorkingTime(TOKYO, (OFFICE,) * 5 + ((), ()), SILVER_WEEK)
HOUR = 3600


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-25T10:00", 1, "2026-11-25T11:00"),
        ("2026-11-25T11:30", 1, "2026-11-25T13:30"),  # over lunch
        ("2026-11-25T17:30", 1, "2026-11-26T09:30"),  # over night
        ("2026-11-27T17:00", 2, "2026-11-30T10:00"),  # over the weekend
        ("2026-11-25T03:00", 8, "2026-11-25T18:00"),
        ("2026-09-18T17:00", 4, "2026-09-24T12:00"),  # over a weekend and three holidays
    ],
)
def test_a_promise_in_working_hours_ends_when_people_work(start: str, hours: int, due: str) -> None:
    assert JAPAN.after(tokyo(start), hours * HOUR) == tokyo(due)


def test_a_night_in_which_the_clocks_go_back_is_longer() -> None:
    berlin = WorkingTime(ZoneInfo("Europe/Berlin"), AROUND_THE_CLOCK.week)
    evening, morning = (datetime(2026, 10, day, 12, tzinfo=ZoneInfo("Europe/Berlin")) for day in (24, 25))
    assert berlin.between(evening, morning) == 25 * HOUR


def test_where_nobody_ever_works_nothing_is_due() -> None:
    assert WorkingTime(TOKYO, ((),) * 7).after(tokyo("2026-11-25T10:00"), 1) is None


def test_what_is_late_already_is_due_at_once() -> None:
    assert JAPAN.after(tokyo("2026-11-28T10:00"), 0) == tokyo("2026-11-28T10:00")


FIRST = datetime(2026, 9, 1, tzinfo=UTC)
moments = st.integers(0, 35 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@st.composite
def weeks(draw: st.DrawFn) -> WorkingTime:
    def day() -> tuple[Span, ...]:
        edges = sorted(draw(st.lists(st.integers(0, 48), unique=True, max_size=4)))
        return tuple(Span(start * 30, end * 30) for start, end in zip(edges[::2], edges[1::2], strict=False))

    zone = draw(st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]))
    return WorkingTime(ZoneInfo(zone), tuple(day() for _ in range(7)), SILVER_WEEK)


@given(weeks(), moments, st.integers(0, 4 * 24 * 60))
def test_working_time_is_what_one_counts_minute_by_minute(week: WorkingTime, start: datetime, minutes: int) -> None:
    assert week.between(start, start + timedelta(minutes=minutes)) == 60 * sum(
        _works(week, start + timedelta(minutes=minute)) for minute in range(minutes)
    )


@given(weeks(), moments, st.integers(1, 200))
def test_after_and_between_are_each_others_reverse(week: WorkingTime, start: datetime, minutes: int) -> None:
    due = week.after(start, minutes * 60)
    if due is not None:
        assert week.between(start, due) == minutes * 60


def _works(week: WorkingTime, moment: datetime) -> bool:
    local = moment.astimezone(week.zone)
    minute = local.hour * 60 + local.minute
    return local.date() not in week.holidays and any(
        span.start <= minute < span.end for span in week.week[local.weekday()]
    )


DAY = tokyo("2026-11-25T10:00")


def after(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def clocks(*steps: tuple[Deed, float], response: float | None = 1, resolution: float | None = 8) -> Clocks:
    targets = Targets(AROUND_THE_CLOCK, response and response * HOUR, resolution and resolution * HOUR)
    return read_clocks([Step(deed, after(hours)) for deed, hours in steps], targets)


def test_a_new_ticket_has_both_deadlines() -> None:
    read = clocks((Deed.OPENED, 0))
    assert (read.response_due_at, read.resolution_due_at) == (after(1), after(8))


def test_our_answer_ends_the_wait_and_the_customers_next_word_begins_another() -> None:
    answered = clocks((Deed.OPENED, 0), (Deed.ANSWERED, 0.5))
    assert (answered.response_due_at, answered.answers) == (None, (Answer(0.5 * HOUR, 0.5 * HOUR),))
    asked = clocks((Deed.OPENED, 0), (Deed.ANSWERED, 0.5), (Deed.ASKED, 5), (Deed.ASKED, 5.5))
    assert asked.response_due_at == after(6)


def test_time_on_hold_is_not_counted_however_often() -> None:
    held = [(Deed.OPENED, 0), (Deed.HELD, 1), (Deed.RESUMED, 3), (Deed.HELD, 4), (Deed.RESUMED, 10)]
    assert clocks(*held).resolution_due_at == after(16)


def test_on_hold_nothing_is_due_but_what_was_broken_before() -> None:
    assert clocks((Deed.OPENED, 0), (Deed.HELD, 1)).resolution_due_at is None
    assert clocks((Deed.OPENED, 0), (Deed.HELD, 9)).resolution_due_at == after(8)


def test_closing_ends_both_and_reopening_goes_on_where_it_stood() -> None:
    closed = clocks((Deed.OPENED, 0), (Deed.CLOSED, 2))
    assert (closed.response_due_at, closed.resolution_due_at) == (None, None)
    again = clocks((Deed.OPENED, 0), (Deed.CLOSED, 2), (Deed.RESUMED, 50), (Deed.ASKED, 50))
    assert (again.response_due_at, again.resolution_due_at) == (after(51), after(56))


def test_another_target_counts_for_the_whole_past() -> None:
    steps = [(Deed.OPENED, 0), (Deed.HELD, 1), (Deed.RESUMED, 3)]
    assert clocks(*steps, resolution=2).resolution_due_at == after(4)
    assert clocks(*steps, resolution=None).resolution_due_at is None


deeds = st.lists(st.tuples(st.sampled_from(list(Deed)[1:]), st.integers(1, 300)), max_size=12)


@given(deeds, st.integers(1, 600))
def test_the_clocks_are_what_one_counts_minute_by_minute(moves: Sequence[tuple[Deed, int]], target: int) -> None:
    steps = [Step(Deed.OPENED, DAY)]
    for deed, minutes in moves:
        steps.append(Step(deed, steps[-1].at + timedelta(minutes=minutes)))
    read = read_clocks(steps, Targets(AROUND_THE_CLOCK, None, target * 60))
    assert read.resolution_due_at == _counted(steps, target)


def _counted(steps: Sequence[Step], target: int) -> datetime | None:
    """The same in the simplest way: minute by minute, until the target is used up."""
    due: datetime | None = None
    used, is_running, is_closed = 0, False, False
    moment, waiting = steps[0].at, list(steps)
    while True:
        while waiting and waiting[0].at == moment:
            deed = waiting.pop(0).deed
            if deed in (Deed.OPENED, Deed.RESUMED):
                is_running, is_closed = True, False
            elif deed in (Deed.HELD, Deed.CLOSED):
                is_running, is_closed = False, deed == Deed.CLOSED
        if due is None and is_running and used >= target:
            due = moment
        if not waiting and (due or not is_running):
            return None if is_closed else due
        used += is_running
        moment += timedelta(minutes=1)
