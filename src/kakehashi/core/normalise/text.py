"""One spelling of many: width, case and kana folded, so that people find and match what they mean."""

import re
import unicodedata

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """NFKC, case-folded, katakana as hiragana, white space collapsed: "ﾀﾅｶ　ＴＬ" and "たなか tl" are the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip()
