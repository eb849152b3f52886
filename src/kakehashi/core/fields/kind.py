"""What every field type answers. One small class per type, in the file of its family; `registry.py` lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import QueryDict

from kakehashi.core.search.tokens import index_tokens

from .schema import FieldSchema

Key = tuple[str, str]  # kind of key ("email", "name" …), normalised value


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called when values are shown: records, people, and the money of the org. `closed` are records that are
    named to somebody who may not open them.
    """

    records: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    currency: str = "JPY"
    closed: frozenset[int] = frozenset()

    def opens(self, record_id: Any) -> bool:
        """Whether a value leads to a record that is there and may be opened."""
        return record_id in self.records and record_id not in self.closed


class Kind:
    """A field type. Canonical values are what JSON can hold; None is empty."""

    widget: ClassVar[str] = "input"  # record_form/forms.py makes them
    input_type: ClassVar[str] = "text"
    input_mode: ClassVar[str] = ""
    is_wide: ClassVar[bool] = False
    is_number: ClassVar[bool] = False

    @property
    def is_searched(self) -> bool:
        """Whether values of this kind are among what search finds a record by."""
        kind = type(self)
        return kind.search_text is not Kind.search_text or kind.tokens is not Kind.tokens

    def clean(self, value: Any, schema: FieldSchema) -> Any:
        """The canonical form of a typed or programmed value. Raises `ValueRefused`."""
        raise NotImplementedError

    def from_form(self, data: QueryDict, name: str) -> Any:
        """What the form sent, not yet cleaned."""
        return data.get(name, "")

    def to_form(self, value: Any) -> str:
        """What stands in the input for a canonical value."""
        return "" if value is None else str(value)

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        """One line of text for people."""
        return "" if value is None else str(value)

    def keys(self, value: Any) -> Iterable[Key]:
        """What records are matched by."""
        return ()

    def unique_key(self, value: Any) -> Key:
        """The one key that nobody else may have when the field is unique."""
        return next(iter(self.keys(value)), ("value", str(value).casefold()[:320]))

    def search_text(self, value: Any) -> str:
        """Text whose words find the record; see `tokens` for what words cannot say."""
        return ""

    def tokens(self, value: Any) -> list[str]:
        """Search tokens beyond those of `search_text`."""
        text = self.search_text(value)
        return index_tokens(text) if text else []
