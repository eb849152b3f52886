"""Our own Desk, asked which of its contacts, accounts and products fit a filter."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.filters.checking import problems_of, usable
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.sql import as_q
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.fields import RecordField
from kakehashi.ui.list_builder.builder import Naming

from .asking import nobody
from .desk_kinds import KINDS

_FAMILIES = {"decimal": Family.NUMBER, "account": Family.PRESENCE}


@dataclass(frozen=True)
class DeskFilters:
    """Implements `FilterSide` for one portal."""

    portal: Portal

    def record_subjects(self, module: str, actor: Actor) -> Subjects:
        return _subjects_of(module)

    def record_sections(
        self, module: str, subjects: Subjects, actor: Actor
    ) -> Sequence[tuple[Text, Sequence[Subject]]]:
        return [(_("Fields"), list(subjects.values()))]

    def record_naming(self, actor: Actor) -> Naming:
        return _NobodyNamed()

    def filter_problems(self, module: str, asked: Filter) -> Sequence[Text]:
        return problems_of(asked, _subjects_of(module))

    def fitting(self, module: str, asked: Filter, ids: Collection[int]) -> frozenset[int]:
        return frozenset(self._fitting(module, asked).filter(pk__among=ids).values_list("pk", flat=True) if ids else ())

    def count_fitting(self, module: str, asked: Filter) -> int:
        return self._fitting(module, asked).count()

    def _fitting(self, module: str, asked: Filter) -> QuerySet[Any]:
        subjects = _subjects_of(module)
        condition = as_q(usable(asked, subjects), subjects, nobody(self.portal.time_zone), tenant_id=self.portal.pk)
        return KINDS[module].rows().filter(condition, portal=self.portal, deleted_at=None)


class _NobodyNamed:
    """No condition names a person or a record: of an account only whether there is one can be asked."""

    def people(self) -> Sequence[tuple[str, Text]]:
        return []

    def former_people(self, _ids: Sequence[int]) -> Mapping[int, str]:
        return {}

    def linked(self, _subject: Subject, _ids: Sequence[int]) -> Mapping[int, str]:
        return {}

    def choices_url(self, _subject: Subject) -> str:
        return ""


def _subjects_of(module: str) -> Subjects:
    return {subject.name: subject for subject in _subjects(module)}


def _subjects(module: str) -> Iterator[Subject]:
    """Lists of further addresses and numbers cannot be asked."""
    for field in KINDS[module].fields:
        if not field.is_list:
            yield _subject(field)
    yield Subject("createdTime", gettext_lazy("Created"), Family.MOMENT, column="created_at")


def _subject(field: RecordField) -> Subject:
    family = _FAMILIES.get(field.type, Family.TEXT)
    return Subject(field.api_name, field.label, family, column=field.column, is_text=family == Family.TEXT)
