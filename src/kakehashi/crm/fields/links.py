"""Values that name somebody or something else: another record, a person."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema


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


class OwnerKind(LookupKind):
    """The id of a person who is a member of the org."""

    widget = "owner"

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else names.people.get(value, gettext("(former member)"))
