"""The entries of a pick list as an administrator leaves them. Pure: what is stored never changes when a label does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
COLOURS = ("blue", "plum", "amber", "green", "red", "grey")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A line of the editor. `value` is empty for a new one."""

    value: str
    label: str
    colour: str = ""
    is_retired: bool = False


def arranged(rows: Sequence[ChoiceRow], before: Sequence[Entry], shown: Mapping[str, str]) -> list[Entry]:
    """New entries in the order of the rows. `shown` are the present labels by value: one that was left as it is stays translated."""
    known = {entry["value"]: entry for entry in before}
    taken = set(known)
    entries = []
    for row in rows:
        value = row.value if row.value in known else _new_value(row.label, taken)
        taken.add(value)
        entry = {**known.get(value, {}), "value": value}
        if row.label != shown.get(value, value):
            entry["label"] = row.label
        entries.append(_marked(entry, row))
    return entries


def dropped(entries: Sequence[Entry], before: Sequence[Entry]) -> list[str]:
    """Values that are not among the entries any more."""
    kept = {entry["value"] for entry in entries}
    return [entry["value"] for entry in before if entry["value"] not in kept and "replaced_by" not in entry]


def replaced(entries: Sequence[Entry], before: Sequence[Entry], by: Mapping[str, str]) -> list[Entry]:
    """The entries, and behind them those that go as soon as their records have another value ("" for none)."""
    known = {entry["value"]: entry for entry in before}
    leaving = [{**known[value], "is_retired": True, "replaced_by": new} for value, new in by.items()]
    underway = [entry for entry in before if "replaced_by" in entry and entry["value"] not in by]
    return [*entries, *leaving, *underway]


def _marked(entry: Entry, row: ChoiceRow) -> Entry:
    for mark, value in (("colour", row.colour if row.colour in COLOURS else ""), ("is_retired", row.is_retired)):
        if value:
            entry[mark] = value
        else:
            entry.pop(mark, None)
    return entry


def _new_value(label: str, taken: set[str]) -> str:
    """What is stored for a new choice is what it was first called."""
    value, number = label, 2
    while value in taken:
        value, number = f"{label} {number}", number + 1
    return value
