"""Where in a text the words of a search stand, so that people see why something was found. Pure."""

import re
from collections.abc import Iterable, Iterator

from kakehashi.core.normalise.text import fold

_SHORTEST_DIGITS = 3
_DRIFT = 100  # letters by which folding may shift a place


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
    """Whether any of the words stands in the text; quick for long ones."""
    folded = fold(text).replace(" ", "")
    if any(word and word in folded for word in fold(query).split(" ")):
        return True
    digits = _digits_of(query)
    return bool(digits) and digits in "".join(letter for letter in folded if letter.isdecimal())


def around(text: str, query: str, *, most: int = 80) -> str:
    """A long text from a little before the first word that was searched for; line ends become blanks."""
    said = " ".join(text.split())
    if len(said) <= most:
        return said
    start = min(_starts(said, query), default=0)
    return f"{'…' if start > 20 else ''}{said[max(0, start - 20) :][:most]}…"


def _starts(said: str, query: str) -> list[int]:
    """Looks letter by letter only near the place where the folded text holds a word."""
    folded = fold(said)
    near = min((at for word in fold(query).split(" ") if word and (at := folded.find(word)) >= 0), default=-1)
    if near >= 0:
        begin = max(0, near - _DRIFT)
        if starts := [begin + start for start, _end in _hits(said[begin : near + _DRIFT + len(query)], query)]:
            return starts
    return [start for start, _end in _hits(said, query)]


def _hits(text: str, query: str) -> Iterator[tuple[int, int]]:
    letters = [(part, at) for at, letter in enumerate(text) for part in fold(letter)]
    for word in fold(query).split(" "):
        yield from _found("".join(part for part, _at in letters), word, [at for _part, at in letters])
    if digits := _digits_of(query):
        known = [(part, at) for part, at in letters if part.isdecimal()]
        yield from _found("".join(part for part, _at in known), digits, [at for _part, at in known])


def _digits_of(query: str) -> str:
    """Of a query that may be a part of a phone number."""
    digits = re.sub(r"\D", "", fold(query)).removeprefix("0")
    return digits if len(digits) >= _SHORTEST_DIGITS and not re.search(r"[^\W\d_]", query) else ""


def _found(folded: str, word: str, places: list[int]) -> Iterable[tuple[int, int]]:
    start = folded.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        yield places[start], places[end - 1] + 1
        start = folded.find(word, end)
