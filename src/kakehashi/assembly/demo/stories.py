"""Reads the stories of `texts/`: what customers ask, what is answered, how it ends. Written by hand, with {slots}.

A story starts with "== key" and a few "name: a | b | c" lines (a choice, or for products, channel: what it may be about; "asked by" names
trades, customers of any trade, or strangers; "files": what comes with the first mail). Then come its turns: "-- customer 2h" (they write, two working hours after the turn before), "-- agent 1h hold" (we answer and put it on hold),
"-- internal 20m toda" (a comment that the customer does not see, by Toda), and what the customer may say in the end: "-- good",
"-- okay", "-- bad", each followed by the words of the rating, or none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast

TEXTS = Path(__file__).parent / "texts"
RATINGS = ("good", "okay", "bad")
PRIORITIES = {"high": "High", "medium": "Medium", "low": "Low"}
CHANNELS = {"email": "Email", "phone": "Phone", "web": "Web"}
KINDS = {"problem": "Problem", "question": "Question", "request": "Others"}
CATEGORIES = {
    "ja_connection": "通信・接続", "ja_readings": "測定値", "ja_alerts": "警報", "ja_cloud": "クラウド", "ja_service": "校正・設置",
    "ja_orders": "注文・納品", "ja_billing": "請求・契約", "en_devices": "Devices", "en_cloud": "Cloud", "en_orders": "Orders",
}  # fmt: skip
_MINUTES = {"m": 1, "h": 60, "d": 540}
_DELAY = re.compile(r"(\d+)([mhd])")

By = Literal["customer", "agent", "internal"]


@dataclass(frozen=True, slots=True)
class Turn:
    """`after_minutes` are working minutes since the turn before; a day has nine hours."""

    by: By
    after_minutes: int
    text: str
    person: str = ""
    puts_on_hold: bool = False
    escalates: bool = False


@dataclass(slots=True)
class Story:
    key: str
    language: str
    category: str
    subject: str = ""
    kind: str = ""
    priority: str = ""
    products: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    slots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    ratings: list[tuple[str, str]] = field(default_factory=list)


@cache
def read_stories(language: str) -> tuple[Story, ...]:
    """All stories in one language, in the order of the files."""
    files = sorted(TEXTS.glob(f"{language}_*.txt"))
    return tuple(story for file in files for story in _read(file))


def _read(file: Path) -> Iterator[Story]:
    for block in re.split(r"^== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, *turns = re.split(r"^-- ", block, flags=re.MULTILINE)
        story = _head(head, file.stem)
        for turn in turns:
            _add_turn(story, turn)
        yield story


def _head(text: str, source: str) -> Story:
    key, *lines = text.strip().splitlines()
    values = dict(line.split(": ", 1) for line in lines)
    return Story(
        key=key,
        language=source.partition("_")[0],
        category=CATEGORIES[source],
        subject=values.pop("subject"),
        kind=KINDS[values.pop("kind")],
        priority=PRIORITIES[values.pop("priority")],
        products=tuple(values.pop("products").split(", ")),
        asked_by=tuple(values.pop("asked by", "customers").split(", ")),
        channels=tuple(CHANNELS[name] for name in values.pop("channel").split(", ")),
        files=tuple(values.pop("files").split(", ")) if "files" in values else (),
        slots={name: tuple(choices.split(" | ")) for name, choices in values.items()},
    )


def _add_turn(story: Story, block: str) -> None:
    first, _, text = block.partition("\n")
    by, *notes = first.split()
    if by in RATINGS:
        story.ratings.append((by, text.strip()))
        return
    delays = [_DELAY.fullmatch(note) for note in notes]
    names = [note for note, delay in zip(notes, delays, strict=True) if not delay and note not in ("hold", "escalate")]
    story.turns.append(
        Turn(
            by=cast("By", by),
            after_minutes=sum(int(delay[1]) * _MINUTES[delay[2]] for delay in delays if delay),
            text=text.strip(),
            person=names[0] if names else "",
            puts_on_hold="hold" in notes,
            escalates="escalate" in notes,
        )
    )
