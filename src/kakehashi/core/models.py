from .among import Among
from .attachments.models import Attachment
from .events.models import Cursor, Event, LogEpoch, Problem

__all__ = ["Among", "Attachment", "Cursor", "Event", "LogEpoch", "Problem"]
