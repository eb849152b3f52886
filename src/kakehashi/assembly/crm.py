"""Puts the CRM into the shell: the switcher, the words for where a change came from, who is told of what, ways to lay out lists."""

from kakehashi.core.events.loop import add_subscriber
from kakehashi.crm.deals.board import BOARD
from kakehashi.crm.imports.origins import import_name
from kakehashi.crm.list_layouts.slots import LIST_LAYOUTS
from kakehashi.crm.merging.telling import merge_name
from kakehashi.crm.orgs.workspace import workspace_links
from kakehashi.crm.records.slots import ORIGIN_NAMES
from kakehashi.crm.sales_signals.hearing import SUBSCRIBER as SIGNALS
from kakehashi.ui.shell.workspace import WORKSPACE_LINKS


def wire_crm() -> None:
    WORKSPACE_LINKS.add(workspace_links, order=10)
    ORIGIN_NAMES.add(import_name)
    ORIGIN_NAMES.add(merge_name)
    add_subscriber(SIGNALS)
    LIST_LAYOUTS.add(BOARD)
