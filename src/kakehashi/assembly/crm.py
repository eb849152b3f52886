"""Puts the CRM into the shell: the switcher, the words for where a change came from."""

from kakehashi.crm.imports.origins import import_name
from kakehashi.crm.orgs.workspace import workspace_links
from kakehashi.crm.records.slots import ORIGIN_NAMES
from kakehashi.ui.shell.workspace import WORKSPACE_LINKS


def wire_crm() -> None:
    WORKSPACE_LINKS.add(workspace_links, order=10)
    ORIGIN_NAMES.add(import_name)
