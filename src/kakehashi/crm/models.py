from .files.models import RecordFile
from .imports.models import Import, ImportRow, NamedRecord, RowKey
from .leads.models import Conversion
from .list_layouts.models import ChosenLayout
from .list_views.models import ListView, ViewMark
from .mass_actions.models import MassAction, MassActionRow
from .merging.models import Merge, MergedRecord, MovedBelongings, MovedLookup
from .modules.models import Field, Module
from .notes.models import Note, NoteMention
from .orgs.models import Membership, Org, Profile, Role
from .ownership.models import Transfer
from .recents.models import OpenedRecord, RecentSearch
from .record_page.models import FoldedPanel
from .records.models import Record, RecordKey, RecordLookup
from .recycle_bin.models import BinSetting
from .sales_signals.models import Signal, SignalHabit, SignalMute
from .tabs.models import TabChoice
from .tags.models import RecordTag, Tag

__all__ = [
    "BinSetting",
    "ChosenLayout",
    "Conversion",
    "Field",
    "FoldedPanel",
    "Import",
    "ImportRow",
    "ListView",
    "MassAction",
    "MassActionRow",
    "Membership",
    "Merge",
    "MergedRecord",
    "Module",
    "MovedBelongings",
    "MovedLookup",
    "NamedRecord",
    "Note",
    "NoteMention",
    "OpenedRecord",
    "Org",
    "Profile",
    "RecentSearch",
    "Record",
    "RecordFile",
    "RecordKey",
    "RecordLookup",
    "RecordTag",
    "Role",
    "RowKey",
    "Signal",
    "SignalHabit",
    "SignalMute",
    "TabChoice",
    "Tag",
    "Transfer",
    "ViewMark",
]
