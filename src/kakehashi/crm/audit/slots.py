"""How features give words for what the audit log shows. Without, an event is told by its topic: still readable, only not as nice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was changed; `old` is "" where nothing was before, or nobody wrote it down."""

    label: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AuditKind:
    """Events whose topic begins with `prefix` ("crm.profile."). `label` names the kind of thing, also in the filter.

    `deeds` say what happened by the last word of the topic; `labels` name the keys of the event's data. `changes` reads old and
    new from data of another shape than {"changes": {key: [old, new]}}.
    """

    prefix: str
    label: Text
    deeds: Mapping[str, Text] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    changes: Callable[[CrmAccess, Event], list[Change]] | None = None


AUDIT_KINDS: Slot[AuditKind] = Slot("audit kinds")


def audit_kind_of(topic: str) -> AuditKind | None:
    """The one with the longest prefix."""
    fitting = [kind for kind in AUDIT_KINDS if topic.startswith(kind.prefix)]
    return max(fitting, key=lambda kind: len(kind.prefix), default=None)


def plain_changes(kind: AuditKind | None, data: Mapping[str, Any], words: Callable[[Any], str]) -> list[Change]:
    """What stands under "changes", and whatever else is told by plain values."""
    labels = kind.labels if kind else {}
    changed = data.get("changes")
    pairs = changed.items() if isinstance(changed, dict) else ()
    found = [
        Change(labels.get(key, _spelled(key)), words(pair[0]), words(pair[1]))
        for key, pair in pairs
        if isinstance(pair, list | tuple) and len(pair) == 2
    ]
    others = [(key, value) for key, value in data.items() if key not in _SAID and isinstance(value, str | int | float)]
    return found + [Change(labels.get(key, _spelled(key)), "", words(value)) for key, value in others if value != ""]


_SAID = frozenset(["name", "person", "label", "module", "changes"])


def _spelled(key: str) -> str:
    return key.replace("_", " ").strip().capitalize()
