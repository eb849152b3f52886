"""What the gallery shows in its parts, in the language of the page."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.core import clock
from kakehashi.ui.assets import FOLDER
from kakehashi.ui.charts import Series, ShareRow, Value, bar_plot, line_plot
from kakehashi.ui.conversation import (
    AttachmentLink,
    Composer,
    ComposerMode,
    EventLine,
    Message,
    Presence,
    TimelineDay,
    TimelineEntry,
)
from kakehashi.ui.properties import Property
from kakehashi.ui.templatetags.ui_lists import Filter
from kakehashi.ui.templatetags.ui_words import duration

from .pairs import PAIRS

TAB_ICONS = ("user-search", "users", "building", "businessplan", "package")


def words(language: str) -> dict[str, Any]:
    place = 0 if language.startswith("ja") else 1
    return {name: pair[place] for name, pair in PAIRS.items()}


def messages(s: dict[str, Any]) -> list[Message | EventLine]:
    photo = AttachmentLink("logger-3.jpg", "#", 421_888, is_image=True)
    mail = "misaki.aizawa@tsukimizaka.example"
    return [
        Message(s["person"], _ago(hours=20), _html(s["body_1"]), address=mail, attachments=[photo]),
        EventLine(
            format_html("<b>{}</b> {} <b>{}</b>", s["lead_agent"], s["event"], s["agent"]), _ago(hours=19), "user-check"
        ),
        Message(
            s["agent"],
            _ago(hours=18),
            _html(s["body_2"]),
            verb=s["verb"],
            state=s["read"],
            quoted_html=s["subject"],
        ),
        EventLine(s["missed"], _ago(hours=2), "alert-circle", is_bad=True),
        Message(s["seller"], _ago(hours=1), _html(s["body_3"]), is_internal=True),
        Message(s["agent"], _ago(minutes=12), _html(s["body_2"]), verb=s["verb"], failure=s["red"]),
    ]


def composer(s: dict[str, Any], url: str) -> Composer:
    mail, other = "misaki.aizawa@tsukimizaka.example", "qa@tsukimizaka.example"
    return Composer(
        modes=[
            ComposerMode("reply", s["reply"], "arrow-back-up", url, s["send_reply"], to=[mail]),
            ComposerMode(
                "reply_all", s["reply_all"], "arrow-back-up-double", url, s["send_reply"], to=[mail], cc=[other]
            ),
            ComposerMode("forward", s["forward"], "arrow-forward-up", url, s["send_forward"]),
            ComposerMode(
                "comment", s["comment"], "lock", url, s["add_comment"], is_internal=True, has_recipients=False
            ),
        ],
        last=[mail],
        known_domains=["tsukimizaka.example"],
        draft_html=s["draft"],
    )


def presences(s: dict[str, Any]) -> list[Presence]:
    """Somebody writes; somebody looks."""
    return [Presence([s["agent"], s["seller"]], s["agent"]), Presence([s["seller"]])]


def properties(s: dict[str, Any]) -> list[Property]:
    """Open ones of each shape, a refused one, and closed ones."""
    agents = [("1", s["agent"]), ("2", s["lead_agent"])]
    return [
        Property("assignee", s["lead_agent"], "1", s["agent"], "owner", agents, is_open=True),
        Property("due", s["overdue"], "2026-11-19T08:44", "", "datetime", is_open=True, is_late=True),
        Property("subject", s["priority"], s["subject"], s["subject"], is_open=True, problem=s["red"]),
        Property("seller", s["priority"], "high", "", "priority"),
        Property("owner", s["agent"], "2", s["seller"], "owner"),
    ]


def days(s: dict[str, Any]) -> list[TimelineDay]:
    call = format_html("<strong>{}</strong> {}", s["seller"], s["called"])
    answered = format_html('<a href="#">#318</a> {}', s["answered"])
    today = [
        TimelineEntry(answered, _ago(minutes=12), "message", is_blue=True),
        TimelineEntry(call, _ago(hours=2), "phone"),
    ]
    return [
        TimelineDay(s["today"], today),
        TimelineDay(s["yesterday"], [TimelineEntry(s["moved"], _ago(hours=26), "businessplan")]),
    ]


def filters(s: dict[str, Any]) -> list[Filter]:
    return [
        Filter(s["all"], "#", 24, is_current=True),
        Filter(s["overdue"], "#", 2, is_late=True),
        Filter(s["closed"], "#", 20),
        Filter(s["escalated"], "#", 1),
        Filter(s["high"], "#", 0),
    ]


def plots(s: dict[str, Any]) -> dict[str, Any]:
    """Bars and lines with gaps, small ones for tiles, and shares."""
    names = [f"{month}{s['month']}" for month in range(1, 13)]
    received, closed = (1, 0, 2, 1, 3, 2, 1, 2, 3, 2, 3, 4), (1, 0, 2, 1, 3, 2, 1, 2, 2, 2, 3, 1)
    hours = (5, None, 4, 6, None, 3, 3, 2, 3, 2, 1.5, 1)
    return {
        "received": received,
        "hours": hours,
        "bars": bar_plot(s["count"], [_series(s["created"], "1", received), _series(s["closed"], "2", closed)], names, names),
        "lines": line_plot(s["average"], [_series(s["average"], "1", [h and h * 3600 for h in hours])], names, names, duration),
        "ratings": [("good", 14), ("mid", 3), ("bad", 1)],
        "rows": [ShareRow(name, amount, str(amount), url="#figures") for name, amount in zip(s["goods"], (11, 9, 4), strict=True)],
    }  # fmt: skip


def _series(label: str, tone: str, amounts: Sequence[float | None]) -> Series:
    return Series(label, tone, [Value(amount, "" if amount is None else str(amount)) for amount in amounts])


@cache
def icon_names() -> list[str]:
    return re.findall(r'id="([\w-]+)"', (FOLDER / "ui/icons.svg").read_text())


def _ago(**distance: int) -> datetime:
    return clock.now() - timedelta(**distance)


def _html(sample: str) -> SafeString:
    return mark_safe(sample)  # noqa: S308  # written above
