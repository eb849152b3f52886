"""Chance that comes out the same every time, so that everybody sees the same demo."""

from random import Random

SEED = "minamo-2026"


def stream(subject: str) -> Random:
    """A source of chance of its own for each subject: more contacts do not change the deals."""
    return Random(f"{SEED}:{subject}")  # noqa: S311 - repeatable on purpose, nothing secret hangs on it
