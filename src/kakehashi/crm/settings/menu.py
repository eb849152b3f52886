"""The menu of an org's settings: our pages and those of floors above, in groups."""

from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.shell.workspace import Tab

from .slots import SETTINGS_PAGES, SettingsPage

GENERAL = pgettext_lazy("settings", "General")
SECURITY = _("Security")
DATA = _("Data")

ORGANISATION = SettingsPage(
    "organisation",
    _("Organisation"),
    GENERAL,
    "building",
    lambda access: _address("crm_organisation", access),
    "manage_organisation",
)
PEOPLE = SettingsPage(
    "people", _("People"), GENERAL, "users", lambda access: _address("crm_people", access), "manage_people"
)
PROFILES = SettingsPage(
    "profiles",
    pgettext_lazy("of permissions", "Profiles"),
    SECURITY,
    "shield-lock",
    lambda access: _address("crm_profiles", access),
    "manage_people",
)
ROLES = SettingsPage(
    "roles",
    pgettext_lazy("in the organisation", "Roles"),
    SECURITY,
    "hierarchy",
    lambda access: _address("crm_roles", access),
    "manage_people",
)
AUDIT = SettingsPage(
    "audit", _("Audit log"), SECURITY, "history", lambda access: _address("crm_audit", access), "read_audit_log"
)
MODULES = SettingsPage(
    "modules",
    _("Modules and fields"),
    pgettext_lazy("settings", "Customise"),
    "layout-list",
    lambda access: _address("crm_modules", access),
    "customise_modules",
)
IMPORTS = SettingsPage(
    "imports", _("Imports"), DATA, "upload", lambda access: _address("crm_imports", access), "import_records"
)
TAGS = SettingsPage(
    "tags", _("Tags"), DATA, "tag", lambda access: _address("crm_all_tags", access), "customise_modules"
)
RECYCLE_BIN = SettingsPage(
    "bin", _("Recycle bin"), DATA, "trash", lambda access: _address("crm_bin", access), "delete_records"
)


def settings_groups(access: CrmAccess) -> list[tuple[Text, list[Tab]]]:
    """(heading, entries) of what this person may open, for the rail; a group keeps the place of its first page."""
    own = (ORGANISATION, PEOPLE, PROFILES, ROLES, AUDIT, MODULES, IMPORTS, TAGS, RECYCLE_BIN)
    pages = [page for page in (*own, *SETTINGS_PAGES) if access.may(page.permission)]
    headings = list(dict.fromkeys(str(page.group) for page in pages))
    ordered = sorted(pages, key=lambda page: headings.index(str(page.group)))
    return [
        (heading, [Tab(page.key, page.label, page.url(access), page.icon) for page in group])
        for heading, group in groupby(ordered, key=lambda page: str(page.group))
    ]


def _address(name: str, access: CrmAccess) -> str:
    return reverse(name, args=[access.org.pk])
