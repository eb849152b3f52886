"""Fields beside a conversation, each changed where it stands. Products turn their own rows into these."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class Property:
    """One row: `value` as an input sends it, `shown` as people read it.

    `choices` are empty for what is typed; `is_open` when this person may change it; `input` is that of a field that people made
    (`is_own`). `type` is that of the field: an "owner" has a face, a "priority" its bars. `key` is its shortcut.
    """

    name: str
    label: Text
    value: str
    shown: Text
    type: str = "text"
    choices: Sequence[tuple[str, Text]] = ()
    is_open: bool = False
    problem: Text = ""
    is_own: bool = False
    input: SafeString | None = None
    is_late: bool = False
    key: str = ""
