"""Why a value cannot be stored: a sentence whose words are chosen when it is read, also after it was kept in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import gettext, gettext_noop

from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is an English source string of our catalogue; `details` fill its gaps."""

    text: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.text) % self.details

    @property
    def sentence(self) -> Text:
        return lazystr(self)

    def as_json(self) -> list[Any]:
        return [self.text, dict(self.details)]


def reason_from_json(stored: list[Any]) -> Reason:
    return Reason(stored[0], stored[1])


class ValueRefused(Exception):
    """Raised by a field kind; carries the reason."""

    def __init__(self, text: str, **details: Any) -> None:
        super().__init__(text)
        self.reason = Reason(text, details)


REQUIRED = Reason(gettext_noop("Please fill this in."))
NO_SUCH_FIELD = Reason(gettext_noop("There is no field of this name."))
READ_ONLY = Reason(gettext_noop("This field fills itself in and cannot be changed."))
