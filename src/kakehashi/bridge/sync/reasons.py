"""Why a record could not be written, as people read it. Kept are the words of the side that refused; said is a sentence in the reader's language."""

from enum import StrEnum

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import Connection

from .fields import Fields
from .outcome import KEEPS_CHANGING


class Kind(StrEnum):
    """`VALUE`: a side did not take the value of a field. `RESTLESS`: it changed each time it was looked at."""

    VALUE = "value"
    RESTLESS = "restless"
    UNEXPECTED = "unexpected"


class Reasons:
    """What kind a reason is, and how it reads; both sides are described once, however many reasons."""

    def __init__(self, connection: Connection) -> None:
        self._fields = Fields(connection)
        self._labels: dict[str, frozenset[str]] = {}

    def kind(self, module: str, reason: str) -> Kind:
        """Sides name the field that they did not take: "Phone: Enter a number"."""
        if reason == KEEPS_CHANGING:
            return Kind.RESTLESS
        return Kind.VALUE if reason.partition(": ")[0] in self._known(module) else Kind.UNEXPECTED

    def sentence(self, module: str, reason: str) -> str:
        if self.kind(module, reason) == Kind.UNEXPECTED:
            return _("Something unexpected happened: %(reason)s") % {"reason": reason}
        return _(reason)

    def _known(self, module: str) -> frozenset[str]:
        """As any language calls the fields: a reason is kept in the one that the portal had then."""
        if module not in self._labels:
            fields = [field for side in self._fields.sides for field in self._fields.of(module, side).values()]
            found: set[str] = set()
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    found |= {str(field.label) for field in fields}
            self._labels[module] = frozenset(found)
        return self._labels[module]
