"""What speaks against a match that a key suggests. Pure: the values of both sides in, yes or no out (lessons A3, A5, A11).

An address or a name in common is a strong sign, and not a proof: couples share addresses, colleagues hand them on, every town has a
山田商店. Where something else positively contradicts, a person decides. What cannot be compared (another script, an empty field, the whole
name in one field) contradicts nothing.
"""

import re
from collections.abc import Mapping

from kakehashi.bridge.sides.records import Value
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone

from .mapping import ModuleName

Values = Mapping[str, Value]

# Addresses of a desk, not of a person.
_ROLES = frozenset({
    "info", "contact", "office", "mail", "post", "sales", "support", "service", "help", "helpdesk", "admin", "webmaster", "shop", "order",
    "orders", "accounting", "billing", "hr", "recruit", "pr", "center", "customer", "soumu", "eigyo", "jimu", "keiri", "jinji", "kouhou",
    "uketsuke", "toiawase", "madoguchi", "honsha",
})  # fmt: skip
_NOT_A_LETTER = re.compile(r"[\W_]+")
_SCRIPTS = {
    "kanji": re.compile(r"[\u3400-\u9fff々]"),
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "latin": re.compile("[a-z]"),
}


def is_doubtful(module: ModuleName, crm: Values, desk: Values) -> bool:
    """Does anything speak against these two being the same, though they have a key in common?"""
    if module == "contacts":
        return _are_two_people(crm, desk)
    return module == "accounts" and _are_two_places(crm, desk)


def _are_two_people(crm: Values, desk: Values) -> bool:
    """Another given name; or, at an address like info@, another family name."""
    here, there = crm.get("First_Name"), desk.get("firstName")
    if here and there:
        return _contradict(here, there)
    local = normal_email(str(desk.get("email") or "")).partition("@")[0]
    return local in _ROLES and _contradict(crm.get("Last_Name"), desk.get("lastName"))


def _are_two_places(crm: Values, desk: Values) -> bool:
    """Another city, unless the same telephone rings in both."""
    phones = [normal_phone(str(one or "")) for one in (crm.get("Phone"), desk.get("phone"))]
    if phones[0] and phones[0] == phones[1]:
        return False
    return _contradict(crm.get("Billing_City"), desk.get("city"))


def _contradict(one: Value, other: Value) -> bool:
    """Both are there, in the same script, and neither contains the other."""
    here, there = (_NOT_A_LETTER.sub("", normal_name(str(text or ""))) for text in (one, other))
    if not here or not there or _script(here) != _script(there):
        return False
    return here not in there and there not in here


def _script(text: str) -> str:
    return next((name for name, letter in _SCRIPTS.items() if letter.search(text)), "")
