"""Phone numbers as match keys."""

import re
import unicodedata

import phonenumbers

_NOT_A_DIGIT = re.compile(r"\D+")
_PLAIN_JAPANESE = re.compile(r"0(?!10|0)\d{9,10}")
_E164_JAPANESE = re.compile(r"\+81[1-9]\d{8,9}", re.ASCII)


def normal_phone(text: str, region: str = "JP") -> str:
    """E.164 ("+81258001147") where the number is possible in its region, else its bare digits; "" without digits.

    An extension is dropped: it tells colleagues apart, not numbers.
    """
    plain = unicodedata.normalize("NFKC", text)
    if _E164_JAPANESE.fullmatch(plain):
        return plain
    if region == "JP" and _PLAIN_JAPANESE.fullmatch(bare := plain.replace("-", "")):
        return f"+81{bare[1:]}"  # what the library answers, forty times faster; most of an import is like this
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return _digits(plain)
    if not phonenumbers.is_possible_number(number):
        return _digits(plain)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _digits(text: str) -> str:
    return _NOT_A_DIGIT.sub("", text)
