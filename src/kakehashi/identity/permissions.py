"""The list of everything a CRM profile can allow. Each floor declares its own; profiles hold codes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class Permission:
    """`code` is stored in profiles and never changes; `label` and `group` are what administrators read."""

    code: str
    label: Text
    group: Text


class PermissionIsDeclaredTwice(Exception):
    """Two floors use one code for two things: a mistake of ours, found when the process starts."""


_declared: dict[str, Permission] = {}


def declare(permission: Permission) -> Permission:
    """Add a permission to the list. Declaring the very same one again changes nothing."""
    known = _declared.setdefault(permission.code, permission)
    if known != permission:
        raise PermissionIsDeclaredTwice(permission.code)
    return known


def declared() -> tuple[Permission, ...]:
    """All permissions in the order of their declaration."""
    return tuple(_declared.values())


PEOPLE = _("People")
DATA = _("Data")
SETTINGS = _("Settings")

MANAGE_PEOPLE = declare(Permission("manage_people", _("Invite people, change profiles and roles"), PEOPLE))
SEE_ALL_RECORDS = declare(Permission("see_all_records", _("See the records of all owners"), DATA))
CREATE_RECORDS = declare(Permission("create_records", _("Create records"), DATA))
EDIT_RECORDS = declare(Permission("edit_records", _("Edit records"), DATA))
DELETE_RECORDS = declare(Permission("delete_records", _("Delete and restore records"), DATA))
IMPORT_RECORDS = declare(Permission("import_records", _("Import data"), DATA))
EXPORT_RECORDS = declare(Permission("export_records", _("Export data"), DATA))
MANAGE_ORGANISATION = declare(Permission("manage_organisation", _("Change the organisation's settings"), SETTINGS))
READ_AUDIT_LOG = declare(Permission("read_audit_log", _("Read the audit log"), SETTINGS))
CUSTOMISE_MODULES = declare(Permission("customise_modules", _("Customise modules and fields"), SETTINGS))
