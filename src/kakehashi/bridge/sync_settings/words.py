"""A module's settings in words, for the audit log."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.setting_models import DeleteRule, Direction
from kakehashi.core.errors import Text
from kakehashi.core.filters.definition import Filter

from .chosen import Settings

SETTING_LABELS: Mapping[str, Text] = {
    "direction": gettext_lazy("Direction"),
    "delete_rule": gettext_lazy("When a record is deleted on one side"),
    "match_secondary": gettext_lazy("Also recognise contacts by the secondary e-mail address"),
    "secondary_overwrites": gettext_lazy("Then replace the Desk's e-mail address by the CRM's"),
    "departments": gettext_lazy("Departments that are offered new products"),
    "owner": gettext_lazy("Owner of records made in the CRM for records of the Desk"),
    "fields": gettext_lazy("Field mapping"),
    "crm_scope": gettext_lazy("Records of the CRM that are synced"),
    "desk_scope": gettext_lazy("Records of the Desk that are synced"),
}


def changes_between(connection: Connection, before: Settings, after: Settings) -> dict[str, tuple[str, str]]:
    """{setting: (before, after)} of those that differ."""
    pairs = {
        "direction": (Direction(before.direction).label, Direction(after.direction).label),
        "delete_rule": (DeleteRule(before.delete_rule).label, DeleteRule(after.delete_rule).label),
        "match_secondary": (_yes_no(before.match_secondary), _yes_no(after.match_secondary)),
        "secondary_overwrites": (_yes_no(before.secondary_overwrites), _yes_no(after.secondary_overwrites)),
        "departments": (before.department_ids, after.department_ids),
        "owner": (before.owner_id, after.owner_id),
    }
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    told = {name: (str(old), str(new)) for name, (old, new) in changed.items()}
    if "departments" in changed:
        told["departments"] = (
            departments_called(connection, before.department_ids),
            departments_called(connection, after.department_ids),
        )
    if "owner" in changed:
        told["owner"] = (owner_called(connection, before.owner_id), owner_called(connection, after.owner_id))
    return told


def departments_called(connection: Connection, ids: Collection[int]) -> str:
    if not ids:
        return _("Everywhere in the Desk")
    chosen = {str(one) for one in ids}
    return _(", ").join(str(one.label) for one in desk_side(connection.portal_id).departments() if one.value in chosen)


def owner_called(connection: Connection, owner_id: int | None) -> str:
    if owner_id is None:
        return _("Whoever set the connection up")
    return next((one.name for one in crm_side(connection.org_id).colleagues() if one.person_id == owner_id), "")


def scope_in_words(asked: Filter) -> str:
    conditions = sum(1 for _condition in asked)
    if not conditions:
        return _("All records")
    return ngettext("Those that fit %(count)s condition", "Those that fit %(count)s conditions", conditions) % {
        "count": conditions
    }


def _yes_no(value: bool) -> str:
    return pgettext("a setting", "Yes") if value else pgettext("a setting", "No")
