"""Which tabs beside the modules a person has, and what the settings show of them."""

from dataclasses import dataclass

from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.ui.shell.workspace import Tab

from .models import TabChoice
from .slots import MORE_TABS, MoreTab


@dataclass(frozen=True, slots=True)
class TabRow:
    """A tab in the settings, with what was chosen for it."""

    tab: MoreTab
    choice: TabChoice


def tabs_beside_modules(access: CrmAccess) -> list[Tab]:
    """One query, none where nothing is offered to this person."""
    offered = [(tab, url) for tab in MORE_TABS if (url := tab.url(access))]
    choices = _choices(access.org) if offered else {}
    return [
        Tab(tab.key, tab.label, url, tab.icon, is_set_off=True)
        for tab, url in offered
        if _shows(choices.get(tab.key), access.membership.profile_id)
    ]


def tab_rows(org: Org) -> list[TabRow]:
    """All that the org has, removed ones too."""
    choices = _choices(org)
    there = [tab for tab in MORE_TABS if tab.is_there(org.pk)]
    return [TabRow(tab, choices.get(tab.key) or TabChoice(org=org, key=tab.key)) for tab in there]


def find_tab(org: Org, key: str) -> TabRow:
    """Raises `NotFound`."""
    row = next((row for row in tab_rows(org) if row.tab.key == key), None)
    if row is None:
        raise NotFound
    return row


def _choices(org: Org) -> dict[str, TabChoice]:
    return {choice.key: choice for choice in TabChoice.objects.filter(org=org)}


def _shows(choice: TabChoice | None, profile_id: int) -> bool:
    return choice is None or (choice.removed_at is None and profile_id not in choice.without_profiles)
