"""Asking a side which of its records fit a filter that somebody built."""

from collections.abc import Collection, Sequence
from typing import Protocol

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.ui.list_builder.builder import Naming


class FilterSide(Protocol):
    """A person builds the filter, by their rights; nobody in particular asks it: no condition is about "me", and days are those of the
    side's own time zone.
    """

    def record_subjects(self, module: str, actor: Actor) -> Subjects:
        """What this person may ask of the records of a module."""
        ...

    def record_sections(
        self, module: str, subjects: Subjects, actor: Actor
    ) -> Sequence[tuple[Text, Sequence[Subject]]]:
        """The same in groups with a heading each."""
        ...

    def record_naming(self, actor: Actor) -> Naming:
        """What the people and records are called that can be asked for."""
        ...

    def filter_problems(self, module: str, asked: Filter) -> Sequence[Text]:
        """What of a filter cannot be asked any more, in words."""
        ...

    def fitting(self, module: str, asked: Filter, ids: Collection[int]) -> frozenset[int]:
        """Those of the ids that are live records and fit. What of the filter cannot be asked any more is left out."""
        ...

    def count_fitting(self, module: str, asked: Filter) -> int:
        """How many live records fit."""
        ...
