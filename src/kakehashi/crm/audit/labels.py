"""Words for what events about data carry beside their name: imports, changes of many records, views."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.orgs.access import CrmAccess

from .slots import AuditKind, Change, plain_changes
from .telling import words_for

_COUNTS: dict[str, Text] = {
    "rows": pgettext_lazy("counted", "Rows"),
    "created": pgettext_lazy("counted", "Created"),
    "updated": pgettext_lazy("counted", "Updated"),
    "skipped": pgettext_lazy("counted", "Skipped"),
    "ambiguous": pgettext_lazy("counted", "Unclear"),
    "failed": pgettext_lazy("counted", "Failed"),
    "binned": pgettext_lazy("counted", "Moved to the recycle bin"),
    "kept": pgettext_lazy("counted", "Changed since, kept"),
    "gone": pgettext_lazy("counted", "Deleted before"),
    "total": pgettext_lazy("counted", "Records"),
    "changed_count": pgettext_lazy("counted", "Changed"),
    "unchanged_count": pgettext_lazy("counted", "Said the same already"),
    "skipped_count": pgettext_lazy("counted", "Left out"),
}
_IMPORT = {**_COUNTS, "file": gettext_lazy("File name"), "restored": gettext_lazy("Old values are back")}
_MASS = {**_COUNTS, "kind": gettext_lazy("Kind of change"), "undoes": gettext_lazy("Takes back no.")}
_DEEDS: Mapping[str, Text] = {"stopped": gettext_lazy("stopped")}
_WORDS: Mapping[str, Text] = {
    "private": gettext_lazy("Only me"),
    "everyone": gettext_lazy("Everyone"),
    "chosen": gettext_lazy("Chosen roles and people"),
    "update": pgettext_lazy("kind of change", "Update"),
    "delete": pgettext_lazy("kind of change", "Delete"),
    "tag": gettext_lazy("Add tags"),
    "untag": gettext_lazy("Remove tags"),
}


def data_kinds() -> list[AuditKind]:
    """The kinds whose data is told in words of its own."""
    return [
        _kind("crm.import.", gettext_lazy("Import of data"), _IMPORT),
        _kind("crm.mass_action.", gettext_lazy("Change of many records"), _MASS),
        _kind("crm.list_view.", gettext_lazy("List view"), {"sharing": gettext_lazy("Shared with")}),
    ]


def _kind(prefix: str, label: Text, labels: Mapping[str, Text]) -> AuditKind:
    def changes(access: CrmAccess, event: Event) -> list[Change]:
        return plain_changes(AuditKind(prefix, label, labels=labels), event.data, _in_words)

    return AuditKind(prefix, label, deeds=_DEEDS, labels=labels, changes=changes)


def _in_words(value: Any) -> str:
    return str(_WORDS[value]) if isinstance(value, str) and value in _WORDS else words_for(value)
