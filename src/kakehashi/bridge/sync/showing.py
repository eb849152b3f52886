"""Values of records as people read them, whichever side they come from."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.bridge.sides.records import FieldInfo, FieldType, Value
from kakehashi.ui.templatetags.ui_words import day, moment_full, number

from .reconcile import SAME
from .values import revive

_NUMBERS = {"integer", "decimal", "currency", "percent"}


def shown(value: Value, field_type: FieldType) -> str:
    """A canonical or a stored value in the reader's language; empty where there is none, and for a reference: that has a name."""
    if value is None or value in ("", []) or field_type in ("lookup", "owner"):
        return ""
    if isinstance(value, bool):
        return pgettext("a setting", "Yes") if value else pgettext("a setting", "No")
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    known = revive(value, field_type) if isinstance(value, (str, int)) else value
    if field_type in _NUMBERS and not isinstance(known, str):
        return number(known)
    if isinstance(known, datetime):
        return moment_full(known)
    return day(known) if isinstance(known, date) else str(known)


def shown_in(value: Value, field: FieldInfo | None) -> str:
    """The same for a field that may be gone by now; of a reference only whether there is one, since its record would have to be asked for."""
    if field is not None and field.type == "lookup":
        return _("set") if value else ""
    return shown(value, field.type if field else "text")


def say_rule(rule: str, fields: Mapping[str, FieldInfo]) -> str:
    """Why something was written or matched, in the reader's language. Rules are kept in English words, several with commas between;
    `fields` are those of the side that was looked at, or of both.
    """
    field = fields.get(rule.removeprefix(SAME)) if rule.startswith(SAME) else None
    if field is not None:
        return _("same %(field)s") % {"field": field.label}
    return " · ".join(_(part) for part in rule.split(", ") if part)
