"""The course of one ticket: when each thing was said, whether it is closed, rated, late. Working time, nothing after now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.office_hours import JAPAN, add_working, subtract_working
from kakehashi.assembly.demo.pinned import Pin
from kakehashi.assembly.demo.stories import Story

RESOLVE_MINUTES = {"High": 1_080, "Medium": 1_890, "Low": 3_240}
RESPOND_MINUTES = {"High": 120, "Medium": 270, "Low": 540}
_SLOW_SHARE = 0.12
_RATED_SHARE = 0.64
_SLOW_RATINGS = {
    "ja": (
        ("bad", "返事が来るまでに何日もかかりました。"), ("bad", ""), ("bad", "こちらから催促しないと進みませんでした。"), ("okay", "解決はしましたが、時間がかかりすぎです。"), ("okay", ""), ("good", ""),
    ),
    "en": (("bad", "It took days to get an answer."), ("bad", ""), ("okay", "Solved in the end, but far too slowly."), ("okay", "")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """`times` are those of the story's first turns; the later ones have not happened yet. `has_own_due`: somebody has set `resolve_by`."""

    times: tuple[datetime, ...]
    respond_by: datetime
    resolve_by: datetime
    closed_at: datetime | None = None
    rating: str = ""
    rating_text: str = ""
    rated_at: datetime | None = None
    has_own_due: bool = False


def past_course(story: Story, customer: Customer, opened: datetime, now: datetime, chance: Random) -> Course:
    """Begins at a moment and runs until it is closed, or until now, or (a few) until it was forgotten."""
    if customer.language == "en":
        opened = _at_home(opened, customer, now)
    is_slow = chance.random() < _SLOW_SHARE
    times, waited = _times(story, opened, chance, patience=chance.uniform(9, 24) if is_slow else 1.0)
    if chance.random() < _stalled_share(now - opened):
        times = times[: chance.randrange(1, len(times))]
    is_told = len(times) == len(story.turns)
    times = [at for at in times if at <= now]
    course = _with_deadlines(story, times, waited, now)
    if not is_told or len(times) < len(story.turns):
        return course
    closed_at = add_working(times[-1], chance.choice((4, 12, 35, 80, 540, 1_080)))
    if closed_at > now:
        return course
    ratings = _SLOW_RATINGS[story.language] if is_slow else story.ratings
    if customer.company.key == 1:  # the pictured customer, whose statistics people look at first
        ratings = [*ratings, *_SLOW_RATINGS["ja"][:3:2], ("okay", "")]
    return _rated(replace(course, closed_at=closed_at), ratings, now, chance)


def pinned_course(story: Story, pin: Pin, now: datetime) -> Course:
    """Ends with a given turn at a given time before now; what went before is reckoned backwards."""
    at = now - timedelta(minutes=pin.minutes_ago)
    times = [at]
    for turn in reversed(story.turns[1 : pin.turns]):
        at = subtract_working(at, turn.after_minutes)
        times.insert(0, at)
    course = _with_deadlines(story, times, 0, now)
    if not pin.late_minutes:
        return course
    return replace(course, resolve_by=now - timedelta(minutes=pin.late_minutes), has_own_due=True)


def _stalled_share(age: timedelta) -> float:
    """Something forgotten is found sooner or later: few old tickets are still open, hardly any very old one."""
    if age < timedelta(days=12):
        return 0.1
    return 0.02 if age < timedelta(days=45) else 0.002


def _at_home(moment: datetime, customer: Customer, now: datetime) -> datetime:
    """The same hour of the day where the customer lives."""
    there = moment.astimezone(JAPAN).replace(tzinfo=ZoneInfo(customer.company.place.time_zone)).astimezone(JAPAN)
    return there if there < now - timedelta(minutes=9) else there - timedelta(days=1)


def _times(story: Story, opened: datetime, chance: Random, *, patience: float) -> tuple[list[datetime], int]:
    """When each turn of the story happens, and for how many working minutes we waited for the customer.

    `patience` is how many times longer than written our own answers take.
    """
    times, waited = [opened], 0
    for turn in story.turns[1:]:
        pace = chance.uniform(0.55, 1.7) * (patience if turn.by == "agent" else 1)
        minutes = int(turn.after_minutes * pace) + chance.randrange(1, 9)
        at = add_working(times[-1], minutes) + timedelta(seconds=chance.randrange(60))
        if turn.by == "customer":
            waited += minutes
            if chance.random() < 0.1:
                at = at.replace(hour=chance.randrange(19, 23))
        times.append(at)
    return times, waited


def _with_deadlines(story: Story, times: Sequence[datetime], waited: int, now: datetime) -> Course:
    """The clock stands while the customer is asked: what they took is added to the time we have."""
    target = RESOLVE_MINUTES[story.priority]
    resolve_by = add_working(times[0], target + waited)
    spoken = [turn.by for turn in story.turns[: len(times)] if turn.by != "internal"]
    if spoken[-1] == "agent":
        resolve_by = max(resolve_by, add_working(now, target // 3))
    return Course(
        times=tuple(times),
        respond_by=add_working(times[0], RESPOND_MINUTES[story.priority]),
        resolve_by=resolve_by,
    )


def _rated(course: Course, ratings: Sequence[tuple[str, str]], now: datetime, chance: Random) -> Course:
    if course.closed_at is None or chance.random() > _RATED_SHARE:
        return course
    rating, text = chance.choice(ratings)
    rated_at = add_working(course.closed_at, chance.randrange(20, 1_300))
    return replace(course, rating=rating, rating_text=text, rated_at=rated_at) if rated_at <= now else course
