"""Names of people and companies as match keys."""

import re

from .text import fold

_SPACE_BESIDE_CJK = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff々〆])\s+|\s+(?=[\u3040-\u30ff\u3400-\u9fff々〆])")


def normal_name(text: str) -> str:
    """The form in which two names are compared: folded, and without spaces beside Japanese letters (山田 太郎 = 山田太郎)."""
    return _SPACE_BESIDE_CJK.sub("", fold(text))
