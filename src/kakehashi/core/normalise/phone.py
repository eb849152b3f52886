"""Phone numbers as match keys."""

import re
import unicodedata

import phonenumbers

_NOT_A_DIGIT = re.compile(r"\D+")


def normal_phone(text: str, region: str = "JP") -> str:
    """E.164 ("+81258001147") where the number is possible in its region, else its bare digits; "" without digits.

    An extension is dropped: it tells colleagues apart, not numbers.
    """
    plain = unicodedata.normalize("NFKC", text)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return _digits(plain)
    if not phonenumbers.is_possible_number(number):
        return _digits(plain)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _digits(text: str) -> str:
    return _NOT_A_DIGIT.sub("", text)
