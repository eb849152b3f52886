"""Words and pairs of letters for full-text search in any language, without a database extension (design §1).

Latin words and numbers are tokens; runs of Chinese, Japanese and Korean letters become overlapping pairs, so that Japanese is
found from one pair of letters up. Everything is folded first (width, case, kana).
"""

import re
from collections.abc import Iterator

from kakehashi.core.normalise.text import fold

_CJK = (
    r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
)
_RUNS = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)")
_REST_OF_DOMAIN = re.compile(r"([^\s@]@[^\s@.]+)\.[^\s@]*")
_IS_PAIR = re.compile(rf"(?:[^{_CJK}]*:)?[{_CJK}]{{2}}")
_LONGEST = 60
_SHORTEST_PHONE = 3


def index_tokens(text: str) -> list[str]:
    """What to store for a text: each token once, in order."""
    return list(dict.fromkeys(_tokens_to_store(text)))


def phone_tokens(number: str) -> list[str]:
    """Every ending of a phone number's digits, so that any part of it is found by prefix."""
    digits = re.sub(r"\D", "", number)
    return [digits[start:] for start in range(len(digits) - _SHORTEST_PHONE + 1)]


def query_tokens(text: str) -> list[str]:
    """What must all be there for a text to be found. Each is matched as a beginning: "田中" finds "田中物産", "tl-2" finds "TL-200"."""
    digits = re.sub(r"[\s\-()+.]", "", fold(text))
    if digits.isdecimal() and len(digits) > _SHORTEST_PHONE:
        return [digits.removeprefix("0")]  # 0258-00… is stored as +81 258 00…
    # Half of all addresses end in .jp or .com: that tells nothing and takes long.
    said = _REST_OF_DOMAIN.sub(r"\1", fold(text))
    return list(dict.fromkeys(token for run in _RUNS.finditer(said) for token in _tokens_to_find(run)))


def in_scope(tokens: list[str], scope: object) -> list[str]:
    """The tokens of one tenant's or module's rows. An index over all rows then reads those of one scope only, however many others hold."""
    return [f"{scope}:{token}" for token in tokens]


def as_tsvector(tokens: list[str]) -> str:
    """Tokens in PostgreSQL's text form of a tsvector, for COPY."""
    distinct = set(tokens)
    letters = "".join(distinct)
    if "'" in letters or "\\" in letters:
        return " ".join(map(_quoted, distinct))
    return "'" + "' '".join(distinct) + "'" if distinct else ""


def as_tsquery(tokens: list[str]) -> str:
    """Tokens as a tsquery that wants all of them, each as a beginning. No stored token goes on after a pair of letters: to
    look for just that is ten times as quick in an index where many rows have it.
    """
    return " & ".join(_quoted(token) if _IS_PAIR.fullmatch(token) else f"{_quoted(token)}:*" for token in tokens)


def _tokens_to_store(text: str) -> Iterator[str]:
    for cjk, word in _RUNS.findall(fold(text)):
        if word:
            yield word[:_LONGEST]
        else:
            yield from _pairs(cjk)
            yield cjk[-1]  # the last letter begins no pair, yet must be found by itself


def _tokens_to_find(run: re.Match[str]) -> list[str]:
    cjk, word = run.groups()
    if word:
        return [word[:_LONGEST]]
    return list(_pairs(cjk)) if len(cjk) > 1 else [cjk]


def _pairs(run: str) -> Iterator[str]:
    return (run[start : start + 2] for start in range(len(run) - 1))


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
