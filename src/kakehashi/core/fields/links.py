"""Values that name somebody or something else: another record, a person."""

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop, pgettext

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

_PARTED = re.compile(r"[\s,;、]+")


class LookupKind(Kind):
    """The id of a record of `schema.lookup_module`. Whether it exists is checked where many are checked at once."""

    widget = "lookup"

    def clean(self, value: Any, schema: FieldSchema) -> int | None:
        if value in (None, ""):
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ValueRefused(gettext_noop("Choose an entry from the list.")) from None

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else names.records.get(value, gettext("(deleted)"))


_ONE = LookupKind()


class MultilookupKind(Kind):
    """The ids of records of `schema.lookup_module`, in the order in which they were chosen."""

    widget = "multilookup"

    def clean(self, value: Any, schema: FieldSchema) -> list[int] | None:
        parts = _PARTED.split(value) if isinstance(value, str) else [value] if isinstance(value, int) else value or ()
        ids = [_ONE.clean(part, schema) for part in parts]
        return list(dict.fromkeys(one for one in ids if one is not None)) or None

    def from_form(self, data: QueryDict, name: str) -> list[str]:
        return data.getlist(name)

    def to_form(self, value: Any) -> str:
        return ",".join(map(str, value or ()))

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        shown = (_ONE.display(one, schema, names) for one in value or ())
        return pgettext("between records", ", ").join(shown)


def ticket_ids(value: Any) -> list[int]:
    """The records that a value of a lookup names, whether it holds one or several."""
    return list(value) if isinstance(value, list) else [value] if value else []


class OwnerKind(LookupKind):
    """The id of a person who is a member of the org."""

    widget = "owner"

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else names.people.get(value, gettext("(former member)"))
