from .connection.models import Connection, Owner, Transition
from .customer_types.models import CountedRecord, FoldedColumn, TypeColumn, TypeSorting
from .deal_links.models import DealLink, DealSight, TurnedDown
from .questions.models import Question, Reader
from .related_lists.models import TicketModule
from .signals.models import SignalChoice
from .sync.models import Dirty, Link, Mention, Run
from .sync.outcome_models import Conflict, JournalRow, PlanRow
from .sync.setting_models import FieldMapping, SyncedModule
from .ticket_panel.models import SavedFilter

__all__ = [
    "Conflict",
    "Connection",
    "CountedRecord",
    "DealLink",
    "DealSight",
    "Dirty",
    "FieldMapping",
    "FoldedColumn",
    "JournalRow",
    "Link",
    "Mention",
    "Owner",
    "PlanRow",
    "Question",
    "Reader",
    "Run",
    "SavedFilter",
    "SignalChoice",
    "SyncedModule",
    "TicketModule",
    "Transition",
    "TurnedDown",
    "TypeColumn",
    "TypeSorting",
]
