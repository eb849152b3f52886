"""A file or a picture. Who may see the record may fetch it; see `record_page/files.py`."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.utils.translation import gettext_noop

from .kind import Key, Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

_SALT = "kakehashi.crm.field-file"
_PARTS = {"id": int, "name": str, "size": int, "type": str}


class FileKind(Kind):
    """What is stored says what is needed to show it: {"id", "name", "size", "type"}; the bytes lie in `core.attachments`.

    A form carries a file as a signed text, so that nobody can name a file that they were not given.
    """

    widget = "file"

    def clean(self, value: Any, schema: FieldSchema) -> dict[str, Any] | None:
        if value in (None, "", {}):
            return None
        if isinstance(value, str):
            value = _unsigned(value)
        if not isinstance(value, Mapping) or any(
            not isinstance(value.get(part), kind) for part, kind in _PARTS.items()
        ):
            raise ValueRefused(gettext_noop("Choose a file."))
        return {part: value[part] for part in _PARTS}

    def to_form(self, value: Any) -> str:
        return signing.dumps(value, salt=_SALT) if value else ""

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return value["name"] if isinstance(value, Mapping) else ""

    def search_text(self, value: Any) -> str:
        return str(value["name"])

    def unique_key(self, value: Any) -> Key:
        return "value", str(value["id"])


class ImageKind(FileKind):
    widget = "image"


def _unsigned(text: str) -> Any:
    try:
        return signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        raise ValueRefused(gettext_noop("Choose a file.")) from None
