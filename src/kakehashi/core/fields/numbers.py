"""Numbers: whole, decimal, money, percent, and those that count up by themselves."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils.translation import get_language, gettext_noop

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

_LARGEST = Decimal(10) ** 16
_AROUND = re.compile(r"[\s,_'¥￥$€£円%％]|JPY|USD|EUR")


class DecimalKind(Kind):
    """Canonical as a string of digits, so that no value is bent by a float."""

    input_mode = "decimal"
    is_number = True

    def clean(self, value: Any, schema: FieldSchema) -> Any:
        text = _AROUND.sub("", unicodedata.normalize("NFKC", "" if value is None else str(value))).replace("−", "-")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueRefused(gettext_noop("“%(value)s” is not a number."), value=str(value)[:40]) from None
        if not number.is_finite() or abs(number) >= _LARGEST:
            raise ValueRefused(gettext_noop("“%(value)s” is too large."), value=str(value)[:40])
        return self.canonical(number, schema)

    def canonical(self, number: Decimal, schema: FieldSchema) -> Any:
        rounded = number.quantize(Decimal(1).scaleb(-schema.decimals)).normalize()
        return format(rounded + 0, "f")

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return (
            "" if value is None else format_decimal(Decimal(str(value)), locale=_locale(), decimal_quantization=False)
        )


class IntegerKind(DecimalKind):
    input_mode = "numeric"

    def canonical(self, number: Decimal, schema: FieldSchema) -> int:
        if number != number.to_integral_value():
            raise ValueRefused(gettext_noop("“%(value)s” is not a whole number."), value=str(number))
        return int(number)


class CurrencyKind(DecimalKind):
    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        if value is None:
            return ""
        number = Decimal(str(value))
        is_exact = number == round(number, get_currency_precision(names.currency))
        text = format_currency(number, names.currency, locale=_locale(), decimal_quantization=is_exact)
        return text.replace("￥", "¥")


class PercentKind(DecimalKind):
    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        return "" if value is None else f"{super().display(value, schema, names)}%"


class AutonumberKind(Kind):
    """Given out by the database when a record is created: "A-00017"."""

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        return str(value) if value else None

    def search_text(self, value: Any) -> str:
        return str(value)

    def read(self, text: str, schema: FieldSchema) -> list[str]:
        """What is stored for a number that somebody wrote, as it may have been given out: "a-17" is A-17 or A-00017."""
        prefix, suffix = str(schema.options.get("prefix", "")), str(schema.options.get("suffix", ""))
        shape = f"{re.escape(prefix)}([0-9]{{1,18}}){re.escape(suffix)}"
        written = re.fullmatch(shape, unicodedata.normalize("NFKC", text).strip(), re.IGNORECASE)
        if written is None:
            return []
        return list(dict.fromkeys([f"{prefix}{written[1]}{suffix}", self.number(int(written[1]), schema)]))

    def number(self, count: int, schema: FieldSchema) -> str:
        digits = str(count).zfill(int(schema.options.get("digits", 5)))
        return f"{schema.options.get('prefix', '')}{digits}{schema.options.get('suffix', '')}"


def _locale() -> str:
    return "ja_JP" if (get_language() or "").startswith("ja") else "en"
