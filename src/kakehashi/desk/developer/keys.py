"""What a key looks like: ZSC-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX, 125 random bits that people can read out. Pure."""

import hashlib
import re
import secrets

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which are mistaken for each other
_GROUPS, _LENGTH = 5, 5


def new_key() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(("ZSC", *groups))


def digest_of(key: str) -> str:
    """Of what was typed, however it is spaced and cased. A key is random enough that a plain digest tells nothing."""
    return hashlib.sha256(re.sub(r"[\s\-‐–—]", "", key).upper().encode()).hexdigest()


def hint_of(key: str) -> str:
    return key[-_LENGTH:]
