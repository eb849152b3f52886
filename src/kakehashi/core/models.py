from .attachments.models import Attachment
from .events.models import Cursor, Event, LogEpoch, Problem

__all__ = ["Attachment", "Cursor", "Event", "LogEpoch", "Problem"]
