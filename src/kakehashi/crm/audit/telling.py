"""An event of the log in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.slots import origin_name

from .slots import AuditKind, Change, audit_kind_of, plain_changes

_DEEDS: dict[str, Text] = {
    "created": gettext_lazy("created"),
    "added": gettext_lazy("added"),
    "updated": gettext_lazy("changed"),
    "changed": gettext_lazy("changed"),
    "renamed": gettext_lazy("renamed"),
    "ordered": gettext_lazy("put into another order"),
    "deleted": gettext_lazy("deleted"),
    "removed": gettext_lazy("removed"),
    "restored": gettext_lazy("restored"),
    "purged": gettext_lazy("deleted for good"),
    "merged": gettext_lazy("merged"),
    "started": gettext_lazy("started"),
    "finished": gettext_lazy("finished"),
    "failed": gettext_lazy("failed"),
    "undone": gettext_lazy("undone"),
    "exported": gettext_lazy("exported"),
    "shared": gettext_lazy("shared"),
    "invited": gettext_lazy("invitation sent again"),
    "withdrawn": gettext_lazy("invitation withdrawn"),
    "deactivated": gettext_lazy("deactivated"),
    "reactivated": gettext_lazy("reactivated"),
    "connected": gettext_lazy("connected"),
    "active": gettext_lazy("switched on"),
    "paused": gettext_lazy("paused"),
    "resumed": gettext_lazy("resumed"),
    "disconnected": gettext_lazy("disconnected"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the log."""

    at: datetime
    person: str
    kind: Text
    sentence: str
    origin: Text
    changes: Sequence[Change]


def tell(access: CrmAccess, event: Event) -> Told:
    kind = audit_kind_of(event.topic)
    label = kind.label if kind else _spelled(event.topic.split(".")[-2])
    changes = kind.changes(access, event) if kind and kind.changes else plain_changes(kind, event.data, words_for)
    return Told(
        event.at,
        event.person_name or "Kakehashi",
        label,
        _sentence(event, kind, label, _name(access, event)),
        origin_name(event.origin),
        changes,
    )


def words_for(value: Any) -> str:
    """A plain value as people write it."""
    if value is True:
        return str(pgettext_lazy("a setting", "Yes"))
    if value is False:
        return str(pgettext_lazy("a setting", "No"))
    if isinstance(value, list):
        return ", ".join(words_for(one) for one in value)
    return "" if value is None else str(value)[:500]


def _sentence(event: Event, kind: AuditKind | None, label: Text, name: str) -> str:
    word = event.topic.rpartition(".")[2]
    deeds = {**_DEEDS, **(kind.deeds if kind else {})}
    deed = deeds.get(word, _spelled(word))
    told = {"kind": label, "name": name, "deed": deed}
    return _("%(kind)s “%(name)s”: %(deed)s") % told if name else _("%(kind)s: %(deed)s") % told


def _name(access: CrmAccess, event: Event) -> str:
    """What it happened to, where the event says; a module as people call it."""
    if found := next((str(event.data[key]) for key in ("name", "person", "label") if event.data.get(key)), ""):
        return found
    module = str(event.data.get("module") or "")
    schema = schema_of(access.org)
    return str(schema[module].plural) if module in schema else module


def _spelled(word: str) -> str:
    return word.replace("_", " ")
