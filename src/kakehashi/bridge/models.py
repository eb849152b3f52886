from .connection.models import Connection, Transition
from .sync.models import Dirty, JournalRow, Link, Run, SyncedModule

__all__ = ["Connection", "Dirty", "JournalRow", "Link", "Run", "SyncedModule", "Transition"]
