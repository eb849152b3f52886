from .imports.models import Import, ImportRow
from .leads.models import Conversion
from .list_layouts.models import ChosenLayout
from .merging.models import Merge, MergedRecord, MovedBelongings, MovedLookup
from .modules.models import Field, Module
from .orgs.models import Membership, Org, Profile, Role
from .records.models import Record, RecordKey, RecordLookup
from .recycle_bin.models import BinSetting
from .sales_signals.models import Signal

__all__ = [
    "BinSetting",
    "ChosenLayout",
    "Conversion",
    "Field",
    "Import",
    "ImportRow",
    "Membership",
    "Merge",
    "MergedRecord",
    "Module",
    "MovedBelongings",
    "MovedLookup",
    "Org",
    "Profile",
    "Record",
    "RecordKey",
    "RecordLookup",
    "Role",
    "Signal",
]
