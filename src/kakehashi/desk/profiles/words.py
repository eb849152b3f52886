"""Every right that a profile may hold, in words and in the order of its form."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.desk.portals.models import AgentRole

SECTIONS: Sequence[tuple[Text, Sequence[tuple[str, Text]]]] = (
    (
        _("Conversation"),
        (
            ("may_reply", _("Reply to customers")),
            ("may_forward", _("Forward mails")),
            ("may_comment_publicly", _("Write comments that customers see")),
        ),
    ),
    (
        _("Tickets"),
        (
            ("may_create", _("Open new tickets")),
            ("may_update", _("Change tickets, close them and take them over")),
            ("may_assign", _("Assign tickets to others")),
            ("may_merge", _("Merge and split")),
            ("may_bulk", _("Change many tickets at once")),
            ("may_delete", _("Delete and restore")),
            ("may_export", _("Export as files")),
        ),
    ),
    (
        _("Customers"),
        (
            ("may_edit_customers", _("Create and change contacts, accounts and products")),
            ("may_merge_customers", _("Merge contacts, accounts and products")),
            ("may_erase_customers", _("Erase the data of a person for good")),
        ),
    ),
    (
        _("Reach and settings"),
        (
            ("sees_all_departments", _("See the tickets of all departments")),
            ("may_manage_agents", _("Manage agents, teams and profiles")),
            ("may_administer", _("Change all other settings")),
        ),
    ),
)
PERMISSIONS = tuple(name for _heading, rights in SECTIONS for name, _label in rights)
# What makes no sense without being allowed to change tickets.
NEEDS_UPDATE = frozenset({"may_assign", "may_merge", "may_bulk", "may_delete"})


def held_words(role: str) -> Text:
    """What a role is for, in a sentence."""
    return _OF_ROLES[AgentRole(role)]


_OF_ROLES: dict[AgentRole, Text] = {
    AgentRole.ADMINISTRATOR: _("May do everything; cannot be cut down."),
    AgentRole.AGENT: _(
        "Works on tickets and customers, assigns tickets to nobody but themselves, changes no settings."
    ),
    AgentRole.LIGHT_AGENT: _("Reads, and writes internal comments."),
}
