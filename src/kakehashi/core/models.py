from .among import Among
from .attachments.models import Attachment
from .events.models import Cursor, Event, LogEpoch, Problem
from .hearing.models import EndedHearing

__all__ = ["Among", "Attachment", "Cursor", "EndedHearing", "Event", "LogEpoch", "Problem"]
