"""A report as tiles and plots, each number with the way to its tickets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.ui.charts import Plot, Series, ShareRow, Value, bar_plot, line_plot
from kakehashi.ui.templatetags.ui_words import number

from .figures import Report, Summary
from .links import Links
from .words import (
    bucket_labels,
    label_of,
    name_of,
    sentence_of,
    sentence_of_basis,
    sentence_of_spread,
    time_in_words,
)

_RATINGS = (("good", "good"), ("okay", "mid"), ("bad", "bad"))
_CHANNEL_TONES = ("1", "2", "3", "mid", "good")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the templates need. `urls` are by the names of the counts."""

    report: Report
    summary: Summary
    sentence: Text
    basis_sentence: Text
    urls: dict[str, str]
    first_response: str
    response: str
    resolution: str
    received: list[float]
    first_responses: list[float | None]
    resolutions: list[float | None]
    lateness: list[tuple[str, float]]
    ratings: list[tuple[str, float]]
    rating_rows: list[ShareRow]
    channels: list[tuple[str, float]]
    channel_rows: list[ShareRow]
    state_rows: list[ShareRow]
    main_channel: str
    main_percent: int
    good_percent: int


def show_report(report: Report, links: Links) -> Shown:
    summary, points, basis = report.summary, report.points, report.basis
    overdue = summary.overdue or 0
    main = links.to_channel(summary.channels[0][0]) if summary.channels else links.to()
    return Shown(
        report=report,
        summary=summary,
        sentence=sentence_of(report.window),
        basis_sentence=sentence_of_basis(basis),
        urls=_urls(links) | {"main_channel": main},
        first_response=time_in_words(summary.first_response_seconds, basis),
        response=time_in_words(summary.response_seconds, basis),
        resolution=time_in_words(summary.resolution_seconds, basis),
        received=[point.summary.total for point in points],
        first_responses=[point.summary.first_response_seconds for point in points],
        resolutions=[point.summary.resolution_seconds for point in points],
        lateness=[("bad", overdue), ("2", summary.open - overdue)],
        ratings=[(tone, getattr(summary, rating)) for rating, tone in _RATINGS],
        rating_rows=_rating_rows(summary, links),
        channels=[(tone, count) for tone, (_name, count) in zip(_CHANNEL_TONES, summary.channels, strict=False)],
        channel_rows=_channel_rows(report, links),
        state_rows=_state_rows(summary, links),
        main_channel=str(_channel_label(report, summary.channels[0][0])) if summary.channels else "",
        main_percent=round(100 * summary.channels[0][1] / summary.total) if summary.channels else 0,
        good_percent=summary.percent("good"),
    )


def received_plot(report: Report, links: Links) -> Plot:
    """How many came in, and how many of them are closed by now."""
    received = [_counted(point.summary.total, links.to("", point.span)) for point in report.points]
    closed = [_counted(point.summary.closed, links.to("closed", point.span)) for point in report.points]
    series = [Series(_("Received"), "1", received), Series(_("Closed by now"), "2", closed)]
    return bar_plot(_("Tickets received, and those of them that are closed"), series, *_axis(report))


def times_plot(report: Report, links: Links) -> Plot:
    """How long the first answer and the solution took, on average, by when the tickets came in."""
    answers = [
        _timed(one.summary.first_response_seconds, report, links.to("answered", one.span)) for one in report.points
    ]
    solutions = [_timed(one.summary.resolution_seconds, report, links.to("solved", one.span)) for one in report.points]
    series = [Series(_("First response"), "1", answers), Series(_("Solution"), "mid", solutions)]
    return line_plot(
        _("Average time until the first response and the solution"),
        series,
        *_axis(report),
        words=lambda seconds: time_in_words(seconds, report.basis),
    )


@dataclass(frozen=True, slots=True)
class ShownSpread:
    """Of first answers and of solutions, the quickest first. `sentence` says how far back it reaches, where that is not the whole window."""

    answers: list[ShareRow]
    solutions: list[ShareRow]
    sentence: Text


def show_spread(report: Report, links: Links) -> ShownSpread | None:
    """None where nobody asked."""
    if (spread := report.spread) is None:
        return None

    def rows(counts: Sequence[int], measure: str, tone: str) -> list[ShareRow]:
        total = sum(counts)
        return [
            ShareRow(label, count, _with_percent(count, total), tone, links.to_bucket(measure, report.basis, name, spread.since))
            for (name, label), count in zip(bucket_labels(report.basis), counts, strict=True)
        ]  # fmt: skip

    answers, solutions = (
        rows(spread.first_response, "first_response", "1"),
        rows(spread.resolution, "resolution", "mid"),
    )
    return ShownSpread(answers, solutions, sentence_of_spread(spread.since) if spread.since else "")


def _urls(links: Links) -> dict[str, str]:
    names = ("open", "on_hold", "closed", "escalated", "high_priority", "overdue", "rated", "answered", "solved")
    return {"total": links.to(), **{name: links.to(name) for name in names}}


def _axis(report: Report) -> tuple[list[Text], list[Text]]:
    spans = [point.span for point in report.points]
    return [label_of(span, report.step) for span in spans], [name_of(span, report.step) for span in spans]


def _counted(count: int, url: str) -> Value:
    return Value(count, number(count), url if count else "")


def _timed(seconds: float | None, report: Report, url: str) -> Value:
    return Value(seconds, time_in_words(seconds, report.basis), "" if seconds is None else url)


def _rating_rows(summary: Summary, links: Links) -> list[ShareRow]:
    return [
        ShareRow(
            "", (count := getattr(summary, rating)), _with_percent(count, summary.rated), tone, links.to_rating(rating), rating
        )
        for rating, tone in _RATINGS
    ]  # fmt: skip


def _state_rows(summary: Summary, links: Links) -> list[ShareRow]:
    """How the tickets received stand now; spam lies in the recycle bin."""
    shown: list[tuple[str, Text, str]] = [
        ("open", pgettext("tickets", "Not closed"), "1"),
        ("on_hold", pgettext("tickets", "On hold"), "1"),
        ("overdue", pgettext("tickets", "Overdue"), "bad"),
        ("escalated", pgettext("tickets", "Escalated"), "1"),
        ("high_priority", pgettext("tickets", "High priority"), "1"),
        ("closed", pgettext("tickets", "Closed"), "2"),
    ]
    rows = [
        ShareRow(label, (count := getattr(summary, state) or 0), number(count), tone, links.to(state))
        for state, label, tone in shown
    ]
    return [*rows, ShareRow(_("Spam"), summary.spam, number(summary.spam), "3", links.to_received_spam())]


def _channel_rows(report: Report, links: Links) -> list[ShareRow]:
    total = report.summary.total
    return [
        ShareRow(_channel_label(report, channel), count, _with_percent(count, total), "1", links.to_channel(channel))
        for channel, count in report.summary.channels
    ]


def _channel_label(report: Report, channel: str) -> Text:
    return report.channels.get(channel, channel) if channel else _("Others")


def _with_percent(count: int, total: int) -> str:
    percent = round(100 * count / total) if total else 0
    return _("%(number)s (%(percent)d%%)") % {"number": number(count), "percent": percent}
