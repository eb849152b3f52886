from .imports.models import Import, ImportRow
from .modules.models import Field, Module
from .orgs.models import Membership, Org, Profile, Role
from .records.models import Record, RecordKey, RecordLookup

__all__ = [
    "Field",
    "Import",
    "ImportRow",
    "Membership",
    "Module",
    "Org",
    "Profile",
    "Record",
    "RecordKey",
    "RecordLookup",
    "Role",
]
