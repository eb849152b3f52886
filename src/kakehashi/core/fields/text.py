"""Words: one line, several lines, e-mail addresses, phone numbers, web addresses."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.search.tokens import phone_tokens

from .kind import Key, Kind
from .reasons import ValueRefused
from .schema import FieldSchema

_NOT_FOR_ONE_LINE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_NOT_FOR_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)[^\s./@]+(\.[^\s./@]+)+|localhost", re.IGNORECASE)


class TextKind(Kind):
    longest = 255

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        text = self.tidy(str(value)) if value is not None else ""
        if schema.api_name.endswith("_Kana"):
            text = unicodedata.normalize("NFKC", text)  # ｱｲｻﾞﾜ and アイザワ are one
        longest = schema.max_length or self.longest
        if len(text) > longest:
            raise ValueRefused(
                gettext_noop("At most %(longest)s characters; these are %(length)s."), longest=longest, length=len(text)
            )
        return text or None

    def tidy(self, text: str) -> str:
        return (text if text.isprintable() else _NOT_FOR_ONE_LINE.sub(" ", text)).strip()

    def search_text(self, value: Any) -> str:
        return str(value)

    def unique_key(self, value: Any) -> Key:
        return "name", normal_name(value)[:320]


class TextareaKind(TextKind):
    widget = "textarea"
    longest = 32_000
    is_wide = True

    def tidy(self, text: str) -> str:
        return _NOT_FOR_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class EmailKind(TextKind):
    """Lenient on purpose: Japanese mobile carriers gave out addresses like a..b.@docomo.ne.jp that the RFC forbids."""

    input_type = "email"

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        text = super().clean(value, schema)
        if text is None:
            return None
        text = unicodedata.normalize("NFKC", text).removeprefix("mailto:")
        if not normal_email(text) or "." not in text.rpartition("@")[2]:
            raise ValueRefused(gettext_noop("“%(value)s” is not an e-mail address."), value=text[:80])
        return text

    def keys(self, value: Any) -> Iterable[Key]:
        return [("email", normal_email(value)[:320])]

    unique_key = Kind.unique_key


class PhoneKind(TextKind):
    input_type = "tel"
    longest = 40

    def tidy(self, text: str) -> str:
        return unicodedata.normalize("NFKC", super().tidy(text))

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        text = super().clean(value, schema)
        if text is not None and not any(letter.isdigit() for letter in text):
            raise ValueRefused(gettext_noop("“%(value)s” is not a phone number."), value=text)
        return text

    def keys(self, value: Any) -> Iterable[Key]:
        number = normal_phone(value)
        return [("phone", number[:320])] if number else []

    unique_key = Kind.unique_key

    def tokens(self, value: Any) -> list[str]:
        number = normal_phone(value)
        return phone_tokens(number)


class UrlKind(TextKind):
    """Only web addresses: anything else that a browser follows could be a trap."""

    input_type = "url"
    longest = 450

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        text = super().clean(value, schema)
        if text is None:
            return None
        address = text if _HAS_SCHEME.match(text) and "://" in text else f"https://{text}"
        if not _is_web_address(address):
            raise ValueRefused(gettext_noop("“%(value)s” is not a web address."), value=text[:80])
        return address

    def keys(self, value: Any) -> Iterable[Key]:
        host = (urlsplit(value).hostname or "").removeprefix("www.")
        return [("domain", host[:320])] if host else []

    def unique_key(self, value: Any) -> Key:
        return "value", str(value).rstrip("/").casefold()[:320]


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(_HOST.fullmatch(parts.hostname or ""))
