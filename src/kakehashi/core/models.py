from .events.models import Cursor, Event, LogEpoch, Problem

__all__ = ["Cursor", "Event", "LogEpoch", "Problem"]
