from .connection.models import Connection, Owner, Transition
from .related_lists.models import TicketModule
from .sync.models import Dirty, JournalRow, Link, Run, SyncedModule

__all__ = ["Connection", "Dirty", "JournalRow", "Link", "Owner", "Run", "SyncedModule", "TicketModule", "Transition"]
