"""Who asks a filter when nobody in particular does."""

from zoneinfo import ZoneInfo

from kakehashi.core import clock
from kakehashi.core.filters.sql import Viewer


def nobody(time_zone: str, fiscal_month: int = 1) -> Viewer:
    zone = ZoneInfo(time_zone)
    return Viewer(0, frozenset(), clock.now().astimezone(zone).date(), zone, fiscal_month)
