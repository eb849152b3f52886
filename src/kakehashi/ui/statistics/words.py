"""Periods, steps and averages in the reader's language."""

from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import (
    day,
    duration,
    hours_and_minutes,
    in_skeleton,
    numeric_day,
    short_day,
)

from .figures import BUCKETS, Bucket
from .periods import Basis, Period, Span, Step, Window

PERIODS: dict[Period, Text] = {
    Period.THIS_WEEK: _("This week"),
    Period.THIS_MONTH: _("This month"),
    Period.LAST_30_DAYS: _("Last 30 days"),
    Period.LAST_90_DAYS: _("Last 90 days"),
    Period.LAST_12_MONTHS: _("Last 12 months"),
    Period.ALL: _("All the time"),
}
BASES: dict[Basis, Text] = {
    Basis.WORKING: _("Working time"),
    Basis.REAL: _("Real time"),
}


def sentence_of(window: Window) -> Text:
    """What the figures are about."""
    if window.first is None:
        return _("All tickets received so far")
    days = {"first": numeric_day(window.first), "last": numeric_day(window.last)}
    return _("Tickets received from %(first)s to %(last)s") % days


def sentence_of_basis(basis: Basis) -> Text:
    if basis == Basis.WORKING:
        return _("Averages count working time, without pauses.")
    return _("Averages count real time, nights and weekends included.")


def time_in_words(seconds: float | None, basis: Basis) -> str:
    """Working time has no days: eight of its hours may be one. "" where nothing was measured."""
    if seconds is None:
        return ""
    if basis == Basis.WORKING and seconds >= 3600:
        return hours_and_minutes(round(seconds / 60))
    return duration(seconds)


def bucket_labels(basis: Basis) -> list[tuple[str, str]]:
    """The buckets of a spread by their names, and what they are called in real or working time."""
    return [(bucket.name, _bucket_label(bucket, basis)) for bucket in BUCKETS]


def sentence_of_spread(since: date) -> Text:
    """Where a spread reaches back less far than its window."""
    return _("Of the latest tickets, received since %(day)s.") % {"day": numeric_day(since)}


def label_of(span: Span, step: Step) -> str:
    """As it stands below a plot: 11/19 · 11/16〜 · 11月 · 2026年."""
    if step == Step.MONTH:
        return _written("MMM", span.first)
    if step == Step.YEAR:
        return _written("y", span.first)
    begins = short_day(span.first)
    return str(_("%(day)s –") % {"day": begins}) if step == Step.WEEK else begins


def name_of(span: Span, step: Step) -> str:
    """In full, for tables and pointers."""
    if step == Step.MONTH:
        return _written("yMMM", span.first)
    if step == Step.YEAR:
        return _written("y", span.first)
    if step == Step.WEEK and span.first != span.last:
        return str(_("%(first)s – %(last)s") % {"first": short_day(span.first), "last": short_day(span.last)})
    return day(span.first)


def _bucket_label(bucket: Bucket, basis: Basis) -> str:
    least = time_in_words(bucket.least * 3600, basis)
    if bucket.below is None:
        return gettext("%(time)s or longer") % {"time": least}
    below = time_in_words(bucket.below * 3600, basis)
    if not bucket.least:
        return gettext("Up to %(time)s") % {"time": below}
    return gettext("%(from)s – %(to)s") % {"from": least, "to": below}


def _written(skeleton: str, moment: date) -> str:
    return in_skeleton(skeleton, moment, "ja" if (get_language() or "").startswith("ja") else "en")
