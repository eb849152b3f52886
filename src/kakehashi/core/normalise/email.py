"""E-mail addresses as match keys."""

import re
import unicodedata
from functools import lru_cache

_SHAPE = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+")


@lru_cache(maxsize=8_192)  # in bulk one address is asked for by the check, the match, the key and the search
def normal_email(text: str) -> str:
    """The form in which two addresses are compared: NFKC, case-folded, the domain in its ASCII form. "" if it is no address.

    No provider's own rules (dots or tags at Gmail) are applied: they differ, and a wrong match joins two people.
    """
    address = unicodedata.normalize("NFKC", text).strip().casefold().removeprefix("mailto:")
    if not _SHAPE.fullmatch(address):
        return ""
    local, _, domain = address.rpartition("@")
    ascii_domain = _ascii_domain(domain.rstrip("."))
    return f"{local}@{ascii_domain}" if ascii_domain else ""


@lru_cache(maxsize=4_096)
def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def domain_of(address: str) -> str:
    """The normalised domain of an address, "" if it is no address."""
    return normal_email(address).rpartition("@")[2]
