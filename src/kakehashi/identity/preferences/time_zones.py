"""The time zones people choose from."""

import zoneinfo
from datetime import datetime
from functools import lru_cache


def is_time_zone(name: str) -> bool:
    return name in _names()


def time_zone_choices(at: datetime) -> list[tuple[str, str]]:
    """(name, "Asia/Tokyo (UTC+09:00)"), places of the world first, in alphabetical order."""
    return [(name, f"{name.replace('_', ' ')} ({_offset(name, at)})") for name in sorted(_names(), key=_order)]


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Names of places only: no historical aliases like "Japan", no "Etc/GMT+5" that reads the wrong way round."""
    places = {
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/"))
    }
    return frozenset(places | {"UTC"})


def _order(name: str) -> tuple[bool, str]:
    return (name == "UTC", name)


def _offset(name: str, at: datetime) -> str:
    text = at.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
