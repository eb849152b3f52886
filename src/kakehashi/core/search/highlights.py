"""Where in a text the words of a search stand, so that people see why something was found. Pure."""

import re
from collections.abc import Iterable, Iterator

from kakehashi.core.normalise.text import fold

_SHORTEST_DIGITS = 3


def parts_of(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces: (piece, whether it was searched for). Joined they are the text again."""
    marked = [False] * len(text)
    for start, end in _hits(text, query):
        marked[start:end] = [True] * (end - start)
    pieces: list[tuple[str, bool]] = []
    for letter, is_hit in zip(text, marked, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + letter, is_hit)
        else:
            pieces.append((letter, is_hit))
    return pieces


def holds(text: str, query: str) -> bool:
    return any(True for _ in _hits(text, query))


def _hits(text: str, query: str) -> Iterator[tuple[int, int]]:
    letters = [(part, at) for at, letter in enumerate(text) for part in fold(letter)]
    for word in fold(query).split(" "):
        yield from _found("".join(part for part, _at in letters), word, [at for _part, at in letters])
    digits = re.sub(r"\D", "", fold(query)).removeprefix("0")
    if len(digits) >= _SHORTEST_DIGITS and not re.search(r"[^\W\d_]", query):
        known = [(part, at) for part, at in letters if part.isdecimal()]
        yield from _found("".join(part for part, _at in known), digits, [at for _part, at in known])


def _found(folded: str, word: str, places: list[int]) -> Iterable[tuple[int, int]]:
    start = folded.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        yield places[start], places[end - 1] + 1
        start = folded.find(word, end)
