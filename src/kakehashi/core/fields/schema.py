"""What a field is, as code that reads and writes records sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kakehashi.core.errors import Text

from .types import FieldType


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a pick list: what is stored and what is read. `details` hold what only this list knows (a stage's probability)."""

    value: str
    label: Text
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        return str(self.details.get("colour", ""))


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """A field of a module, without its removed ones. `options` hold what only this type knows."""

    id: int
    api_name: str
    label: Text
    type: FieldType
    section: str = ""
    is_required: bool = False
    is_unique: bool = False
    is_custom: bool = False
    is_read_only: bool = False
    is_hidden: bool = False  # left out of forms and record pages; its values stay
    help_text: str = ""
    choices: tuple[Choice, ...] = ()
    retired_choices: tuple[Choice, ...] = ()  # not offered any more, but what was stored still has its name
    lookup_module: str = ""
    max_length: int | None = None
    decimals: int = 2
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored_type(self) -> FieldType:
        """What its values are like: of a formula, the type of its result. For sorting, filtering and showing."""
        return FieldType(self.options.get("returns", "text")) if self.type == FieldType.FORMULA else self.type

    def label_of(self, value: str) -> Text:
        """A pick list value in the reader's words; one that is no longer offered shows as it was stored."""
        known = (*self.choices, *self.retired_choices)
        return next((choice.label for choice in known if choice.value == value), value)
