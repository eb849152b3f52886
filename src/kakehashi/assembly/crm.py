"""Puts the CRM into the shell: the switcher, the words for where a change came from, who is told of what, ways to lay out lists,
what lies with a record.
"""

from kakehashi.core.attachments.sweeping import NAMERS
from kakehashi.core.events.loop import add_subscriber
from kakehashi.crm.audit.kinds import add_audit_kinds
from kakehashi.crm.customise.slots import FIELD_LINKS, FieldLink
from kakehashi.crm.deal_stages.menu import STAGES
from kakehashi.crm.deals.bar import STAGE_HISTORY
from kakehashi.crm.deals.board import BOARD
from kakehashi.crm.deals.subjects import standing_of_deals
from kakehashi.crm.files.belongings import FILES_GO_ALONG
from kakehashi.crm.files.naming import named_files
from kakehashi.crm.files.panel import FILES
from kakehashi.crm.filters.subjects import MORE_SUBJECTS
from kakehashi.crm.founding.menu import NEW_ORGANISATION
from kakehashi.crm.hierarchy.panel import HIERARCHY
from kakehashi.crm.imports.origins import import_name
from kakehashi.crm.leads.telling import CONVERT, conversion_name
from kakehashi.crm.list_layouts.slots import LIST_LAYOUTS
from kakehashi.crm.mass_actions.origins import mass_action_name
from kakehashi.crm.merging.telling import merge_name
from kakehashi.crm.notes.belongings import NOTES_GO_ALONG
from kakehashi.crm.notes.panel import NOTES
from kakehashi.crm.orgs.workspace import workspace_by_address, workspace_links
from kakehashi.crm.ownership.origins import transfer_name
from kakehashi.crm.records.slots import ORIGIN_NAMES, RECORD_ACTIONS, RECORD_BELONGINGS, RECORD_PANELS
from kakehashi.crm.sales_signals.belongings import MUTES_GO_ALONG, SIGNALS_GO_ALONG
from kakehashi.crm.sales_signals.hearing import SUBSCRIBER as SIGNALS
from kakehashi.crm.settings.slots import SETTINGS_PAGES
from kakehashi.crm.tags.belongings import TAGS_GO_ALONG
from kakehashi.crm.tags.subjects import tag_subjects
from kakehashi.ui.shell.workspace import NEW_WORKSPACES, WORKSPACE_LINKS, WORKSPACES_BY_ADDRESS


def wire_crm() -> None:
    NAMERS["org:"] = [named_files]
    WORKSPACE_LINKS.add(workspace_links, order=10)
    WORKSPACES_BY_ADDRESS.add(workspace_by_address)
    NEW_WORKSPACES.add(NEW_ORGANISATION)
    ORIGIN_NAMES.add(import_name)
    ORIGIN_NAMES.add(merge_name)
    ORIGIN_NAMES.add(transfer_name)
    ORIGIN_NAMES.add(conversion_name)
    RECORD_ACTIONS.add(CONVERT)
    add_subscriber(SIGNALS)
    add_audit_kinds()
    LIST_LAYOUTS.add(BOARD)
    RECORD_PANELS.add(STAGE_HISTORY, order=290)
    RECORD_PANELS.add(HIERARCHY, order=50)
    RECORD_PANELS.add(NOTES, order=300)
    RECORD_PANELS.add(FILES, order=310)
    for kind in (NOTES_GO_ALONG, FILES_GO_ALONG, TAGS_GO_ALONG, SIGNALS_GO_ALONG, MUTES_GO_ALONG):
        RECORD_BELONGINGS.add(kind)
    MORE_SUBJECTS.add(tag_subjects)
    MORE_SUBJECTS.add(standing_of_deals)
    SETTINGS_PAGES.add(STAGES)
    FIELD_LINKS.add(FieldLink("Deals", "Stage", STAGES.label, STAGES.icon, STAGES.url))
    ORIGIN_NAMES.add(mass_action_name)
