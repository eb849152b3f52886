"""Names of people and companies as match keys."""

import re

from .text import fold

_SPACE_BESIDE_CJK = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff々〆])\s+|\s+(?=[\u3040-\u30ff\u3400-\u9fff々〆])")

_LAST_WESTERN_LETTER = 0x2E7F  # then come the CJK blocks


def normal_name(text: str) -> str:
    """The form in which two names are compared: folded, and without spaces beside Japanese letters (山田 太郎 = 山田太郎)."""
    folded = fold(text)
    return _SPACE_BESIDE_CJK.sub("", folded) if " " in folded else folded


def full_name(last_name: str, first_name: str) -> str:
    """姓 名 in Eastern letters, first name first in others."""
    parts = [last_name, first_name] if is_in_eastern_letters(last_name + first_name) else [first_name, last_name]
    return " ".join(part for part in parts if part)


def is_in_eastern_letters(name: str) -> bool:
    """Is a name written in Chinese, Japanese or Korean letters, at least in part? Those are said family name first."""
    return any(ord(letter) > _LAST_WESTERN_LETTER for letter in name)
