"""A filter as a condition of the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import DecimalField, F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IContains,
    IEndsWith,
    IExact,
    IStartsWith,
    LessThan,
    LessThanOrEqual,
)

from .definition import Condition, Filter, Group
from .operators import Family, Operator
from .subjects import Subject, Subjects
from .windows import Window, window_of

EVERYTHING = Q()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and when: what "me", "my team" and "today" mean."""

    person_id: int
    team_ids: frozenset[int]
    today: date
    zone: tzinfo
    fiscal_month: int = 1


class AsNumber(Func):
    """The number that a JSON value holds, NULL where it holds none. The guard keeps a field of the same name in another
    module, which PostgreSQL may look at first, from breaking the query.
    """

    output_field = DecimalField(max_digits=30, decimal_places=6)

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_extra: Any) -> tuple[str, Any]:
        text, parameters = compiler.compile(self.source_expressions[0])
        guard = "^-?[0-9]+([.][0-9]+)?$"
        return f"(CASE WHEN {text} ~ '{guard}' THEN ({text})::numeric END)", (*parameters, *parameters)


Links = Callable[[str, Sequence[int]], Q]


def as_q(
    asked: Filter,
    subjects: Subjects,
    viewer: Viewer,
    *,
    tenant_id: int,
    links: Links | None = None,
    store: str = "values",
) -> Q:
    """A filter whose conditions are usable (`checking.usable`) as a `Q` over the rows that its subjects describe.

    `store` is the JSON column of what has no column of its own; `links` answers which rows lead to any of some ids by a
    field, where that is kept beside the rows.
    """
    asking = _Asking(subjects, viewer, tenant_id, links, store)
    return _joined([asking.group(group) for group in asked.groups], asked.join)


def number_of(name: str, store: str = "values") -> AsNumber:
    """A number among a row's values, to filter or sort by."""
    return AsNumber(KeyTextTransform(name, store))


def text_of(name: str, store: str = "values") -> KeyTextTransform:
    return KeyTextTransform(name, store)


def _joined(parts: Sequence[Q], join: str) -> Q:
    parts = [part for part in parts if part]
    return reduce(and_ if join == "and" else or_, parts) if parts else EVERYTHING


@dataclass(frozen=True, slots=True)
class _Asking:
    subjects: Subjects
    viewer: Viewer
    tenant_id: int
    links: Links | None
    store: str

    def group(self, group: Group) -> Q:
        return _joined([self.condition(condition) for condition in group.conditions], group.join)

    def condition(self, condition: Condition) -> Q:
        subject = self.subjects[condition.field]
        operator = Operator(condition.operator)
        if operator in (Operator.EMPTY, Operator.FILLED):
            return _negated(operator == Operator.FILLED, self._empty(subject))
        if subject.ask is not None:
            return self._asked_elsewhere(subject, operator, condition.values)
        ask: Callable[[Subject, Operator, Sequence[str]], Q] = {
            Family.TEXT: self._text,
            Family.NUMBER: self._number,
            Family.DATE: self._day,
            Family.MOMENT: self._moment,
            Family.YES_NO: self._yes_no,
            Family.CHOICE: self._several,
            Family.CHOICES: self._several,
            Family.LINK: self._link,
            Family.LINKS: self._several_links,
            Family.PERSON: self._person,
        }[subject.family]
        return ask(subject, operator, condition.values)

    def _empty(self, subject: Subject) -> Q:
        if subject.ask is not None:
            return ~subject.ask(self.tenant_id, ())
        if subject.column:
            is_blank = subject.is_text and subject.family in (Family.TEXT, Family.CHOICE)
            return Q(**{subject.column: ""}) if is_blank else Q(**{f"{subject.column}__isnull": True})
        return ~self._has(subject)

    def _has(self, subject: Subject) -> Q:
        return Q(**{f"{self.store}__has_key": subject.name})

    def _holds(self, subject: Subject, value: Any) -> Q:
        """Containment, so that the index over all values can answer."""
        return Q(**{f"{self.store}__contains": {subject.name: value}})

    def _asked_elsewhere(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        ask = subject.ask
        if ask is None:
            raise AssertionError
        if operator == Operator.ALL_OF:
            return _joined([ask(self.tenant_id, [value]) for value in values], "and")
        return _negated(operator == Operator.NONE_OF, ask(self.tenant_id, values))

    def _day(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        start, end = self._window(operator, values)
        return _between(text_of(subject.name, self.store), *(day.isoformat() if day else None for day in (start, end)))

    def _moment(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        zone = subject.zone or self.viewer.zone
        moments = [self._midnight(day, zone) for day in self._window(operator, values)]
        if not subject.column:
            return _between(
                text_of(subject.name, self.store), *(moment.isoformat() if moment else None for moment in moments)
            )
        start, end = moments
        since = Q(**{f"{subject.column}__gte": start}) if start else EVERYTHING
        return since & Q(**{f"{subject.column}__lt": end}) if end else since

    def _window(self, operator: Operator, values: Sequence[str]) -> Window:
        return window_of(operator, values, self.viewer.today, self.viewer.fiscal_month)

    def _midnight(self, day: date | None, zone: tzinfo) -> datetime | None:
        if day is None or day in (date.min, date.max):
            return None
        return datetime.combine(day, time.min, zone).astimezone(UTC)

    def _link(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        ids = [int(value) for value in values]
        if subject.column:
            found = Q(**{f"{subject.column}__in": ids})
        else:
            found = (
                self.links(subject.name, ids)
                if self.links
                else _joined([self._holds(subject, one) for one in ids], "or")
            )
        return _negated(operator == Operator.NONE_OF, found)

    def _several_links(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        held = [self._holds(subject, [int(value)]) for value in values]
        return _negated(operator == Operator.NONE_OF, _joined(held, "and" if operator == Operator.ALL_OF else "or"))

    def _person(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        ids = sorted({person for value in values for person in self._people(value)})
        if subject.column:
            named = Q(**{f"{subject.column}__in": ids})
            nobody = Q(**{f"{subject.column}__isnull": True})
            return (nobody | ~named) if operator == Operator.NONE_OF else named
        held = _joined([self._holds(subject, person) for person in ids], "or")
        return _negated(operator == Operator.NONE_OF, held)

    def _people(self, value: str) -> frozenset[int]:
        if value == "me":
            return frozenset({self.viewer.person_id})
        return self.viewer.team_ids if value == "team" else frozenset({int(value)})

    def _text(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        lookups: dict[Operator, Any] = {
            Operator.IS: IExact,
            Operator.IS_NOT: IExact,
            Operator.CONTAINS: IContains,
            Operator.CONTAINS_NOT: IContains,
            Operator.STARTS: IStartsWith,
            Operator.ENDS: IEndsWith,
        }
        if subject.column:
            held = Q(**{f"{subject.column}__{lookups[operator].lookup_name}": values[0]})
            return _negated(operator in (Operator.IS_NOT, Operator.CONTAINS_NOT), held)
        if operator in (Operator.IS, Operator.IS_NOT) and _is_caseless(values[0]):
            held = self._holds(subject, values[0])  # the index answers, even where nobody has it
        else:
            held = Q(lookups[operator](text_of(subject.name, self.store), values[0]))
        if operator in (Operator.IS_NOT, Operator.CONTAINS_NOT):
            return ~self._has(subject) | ~held
        return held

    def _number(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        number: Any = F(subject.column) if subject.column else number_of(subject.name, self.store)
        wanted = [Decimal(value) for value in values]
        if operator == Operator.BETWEEN:
            return Q(GreaterThanOrEqual(number, wanted[0])) & Q(LessThanOrEqual(number, wanted[1]))
        if operator == Operator.DIFFERS:
            return ~self._has(subject) | ~Q(Exact(number, wanted[0]))
        lookups: dict[Operator, Any] = {
            Operator.EQUALS: Exact,
            Operator.LESS: LessThan,
            Operator.AT_MOST: LessThanOrEqual,
            Operator.MORE: GreaterThan,
            Operator.AT_LEAST: GreaterThanOrEqual,
        }
        return Q(lookups[operator](number, wanted[0]))

    def _yes_no(self, subject: Subject, operator: Operator, _values: Sequence[str]) -> Q:
        held = Q(**{subject.column: True}) if subject.column else self._holds(subject, True)
        return _negated(operator == Operator.NO, held)

    def _several(self, subject: Subject, operator: Operator, values: Sequence[str]) -> Q:
        if subject.column:
            return _negated(operator == Operator.NONE_OF, Q(**{f"{subject.column}__in": list(values)}))
        is_list = subject.family == Family.CHOICES
        held = [self._holds(subject, [value] if is_list else value) for value in values]
        return _negated(operator == Operator.NONE_OF, _joined(held, "and" if operator == Operator.ALL_OF else "or"))


def _between(text: KeyTextTransform, start: str | None, end: str | None) -> Q:
    """Days and moments are kept as texts whose order is that of time."""
    since = Q(GreaterThanOrEqual(text, Value(start))) if start else EVERYTHING
    until = Q(LessThan(text, Value(end))) if end else EVERYTHING
    return since & until


def _is_caseless(text: str) -> bool:
    """No letter of it is large or small, as in Japanese: what is the same but for case is the same."""
    return text == text.upper() == text.lower()


def _negated(is_negated: bool, part: Q) -> Q:
    return ~part if is_negated else part
