"""Files that customers attach: the curve of a temperature as a picture, and the readings of a logger as CSV."""

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.office_hours import JAPAN
from kakehashi.assembly.demo.tickets import PlannedTicket

_WIDTH, _HEIGHT = 720, 260
_PAPER, _GRID, _CURVE, _LIMIT = range(4)
_COLOURS = (0xFFFFFF, 0xE3E7EA, 0x165E83, 0xC0392B)
_CURVE_THICKNESS = 2


@dataclass(frozen=True, slots=True)
class MadeFile:
    name: str
    content_type: str
    content: bytes


def files_of(ticket: PlannedTicket) -> Iterator[MadeFile]:
    """What the customer attached to their first mail. Nobody attaches anything to a telephone call."""
    if ticket.channel == "Phone":
        return
    chance = stream(f"files {ticket.key}")
    day = ticket.opened_at.astimezone(JAPAN)
    for kind in ticket.story.files:
        if kind == "chart":
            yield MadeFile(f"graph_{day:%Y%m%d}.png", "image/png", temperature_chart(chance))
        else:
            yield MadeFile(f"{ticket.product}_{day:%Y%m%d}.csv", "text/csv", _readings(ticket, chance))


def temperature_chart(chance: Random) -> bytes:
    """A picture (PNG) of two days in a cold room."""
    return _picture(_temperatures(_WIDTH, chance))


def _temperatures(count: int, chance: Random) -> list[float]:
    """A cold room over two days: steady, with defrosting and one time when the door stayed open."""
    open_door = chance.randrange(count // 4, count * 3 // 4)
    values: list[float] = []
    for step in range(count):
        defrost = 1.6 * max(0.0, math.sin(step / 28) - 0.86) * 7
        door = 5.5 * math.exp(-abs(step - open_door) / 34)
        values.append(3.6 + defrost + door + chance.gauss(0, 0.12))
    return values


def _readings(ticket: PlannedTicket, chance: Random) -> bytes:
    begin = ticket.opened_at.astimezone(JAPAN).replace(minute=0, second=0) - timedelta(hours=24)
    rows = [
        f"{begin + timedelta(minutes=10 * number):%Y/%m/%d %H:%M},{value:.1f}"
        for number, value in enumerate(_temperatures(144, chance))
    ]
    header = "日時,温度(℃)" if ticket.customer.language == "ja" else "Time,Temperature (°C)"
    encoding = "cp932" if ticket.customer.language == "ja" else "utf-8"
    return "\r\n".join([header, *rows, ""]).encode(encoding)


def _picture(values: Sequence[float]) -> bytes:
    """A PNG of a palette, drawn column by column."""
    rows = [bytearray(_WIDTH) for _ in range(_HEIGHT)]
    for y in range(0, _HEIGHT, 52):
        rows[y][:] = bytes([_GRID]) * _WIDTH
    for x in range(0, _WIDTH, 90):
        for row in rows:
            row[x] = _GRID
    rows[_height_of(8.0)][:] = bytes([_LIMIT]) * _WIDTH
    before = _height_of(values[0])
    for x, value in enumerate(values):
        y = _height_of(value)
        for line in range(min(before, y), max(before, y) + _CURVE_THICKNESS):
            rows[line][x] = _CURVE
        before = y
    palette = b"".join(colour.to_bytes(3, "big") for colour in _COLOURS)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _height_of(value: float) -> int:
    """0 °C at the bottom, 12 °C at the top."""
    return min(_HEIGHT - _CURVE_THICKNESS - 1, max(0, int(_HEIGHT * (1 - value / 12))))


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
