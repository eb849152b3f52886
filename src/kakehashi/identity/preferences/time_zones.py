"""The time zones people choose from."""

import zoneinfo
from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.conf import settings


def is_time_zone(name: str) -> bool:
    return name in _names()


def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """The zone, or this installation's own where the name is unknown (an old name, a smaller zone database)."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def time_zone_choices(at: datetime) -> list[tuple[str, str]]:
    """(name, "Asia/Tokyo (UTC+09:00)"), places of the world first, in alphabetical order."""
    return [(name, f"{name.replace('_', ' ')} ({_offset(name, at)})") for name in sorted(_names(), key=_order)]


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Names of places, each known to one country: no old spellings, no "Etc/GMT+5" that reads the wrong way round."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    places = (line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))
    return frozenset({*places, "UTC"})


def _order(name: str) -> tuple[bool, str]:
    return (name == "UTC", name)


def _offset(name: str, at: datetime) -> str:
    text = at.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
