from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and, unless it is well, what to do."""

    name: str
    state: State
    says: str
    do: str = ""


def judge(
    name: str, value: float, says: str, *, warn_above: float, fail_above: float | None = None, do: str = ""
) -> Finding:
    """By a number that should be small."""
    if fail_above is not None and value > fail_above:
        return Finding(name, "fail", says, do)
    return Finding(name, "warn", says, do) if value > warn_above else Finding(name, "ok", says)
