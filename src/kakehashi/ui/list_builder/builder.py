"""The filter builder: a filter as rows of inputs, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.filters.checking import clean_condition
from kakehashi.core.filters.definition import MOST_CONDITIONS, Condition, Filter, FilterIsBroken, Group
from kakehashi.core.filters.operators import OPERATORS, Family, Operator, Shape, label_of, shape_of
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.core.ids import ids_in, is_id

_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as a person sees it. `input_type` and `choices` say how its values are typed."""

    uid: str
    group: str
    field: str
    operator: str
    values: Sequence[str]
    operators: Sequence[tuple[str, Text]]
    shape: Shape
    input_type: str = "text"
    input_mode: str = ""
    choices: Sequence[tuple[str, Text]] = ()
    choices_url: str = ""
    refusal: Text = ""
    gone: Text = ""  # the name of a field that is not there any more


@dataclass(frozen=True, slots=True)
class RowGroup:
    uid: str
    join: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the builder sent: the filter as far as it can be read, and what is wrong by row."""

    filter: Filter
    groups: Sequence[tuple[str, str, Sequence[tuple[str, Condition]]]]
    refusals: Mapping[str, Text] = field(default_factory=dict)


def new_uid() -> str:
    return uuid4().hex[:8]


class Naming(Protocol):
    """What values are called; each product knows its own people and records."""

    def people(self) -> Sequence[tuple[str, Text]]:
        """Whoever can be chosen for a person, "me" and "team" among them."""

    def former_people(self, ids: Sequence[int]) -> Mapping[int, str]:
        """The names of people who cannot be chosen any more."""

    def linked(self, subject: Subject, ids: Sequence[int]) -> Mapping[int, str]:
        """The names of the things that a link leads to."""

    def choices_url(self, subject: Subject) -> str:
        """Where one searches for such things."""


class Builder:
    """Makes rows for one person and one list; asks for people once."""

    def __init__(self, subjects: Subjects, naming: Naming) -> None:
        self.subjects, self.naming = subjects, naming
        self._members: list[tuple[str, Text]] | None = None

    def groups(self, asked: Filter) -> list[RowGroup]:
        """A filter as rows; without conditions one group with one row to begin with."""
        if not asked:
            uid = new_uid()
            return [RowGroup(uid, "and", [self.first_row(uid)])]
        return [self._group(group) for group in asked.groups]

    def sent_groups(self, sent: Sent) -> list[RowGroup]:
        """What was sent, with the reasons beside the rows: nothing typed is lost."""
        return [
            RowGroup(uid, join, [self.row(row, uid, one, sent.refusals.get(row, "")) for row, one in rows])
            for uid, join, rows in sent.groups
        ]

    def first_row(self, group: str) -> Row:
        return self.row(new_uid(), group, Condition(next(iter(self.subjects)), ""))

    def row(self, uid: str, group: str, condition: Condition, refusal: Text = "") -> Row:
        subject = self.subjects.get(condition.field)
        if subject is None:
            sentence = _("The field “%(field)s” does not exist any more.") % {"field": condition.field}
            return Row(
                uid,
                group,
                condition.field,
                condition.operator,
                condition.values,
                (),
                Shape.NONE,
                refusal=sentence,
                gone=condition.field,
            )
        operators = OPERATORS[subject.family]
        operator = Operator(condition.operator) if condition.operator in operators else operators[0]
        shape = shape_of(operator)
        is_many = shape == Shape.MANY
        return Row(
            uid=uid,
            group=group,
            field=subject.name,
            operator=operator.value,
            values=condition.values,
            operators=[(one.value, label_of(one, subject.family)) for one in operators],
            shape=shape,
            input_type="date" if subject.family in (Family.DATE, Family.MOMENT) and shape != Shape.DAYS else "text",
            input_mode="decimal" if subject.family == Family.NUMBER else "numeric" if shape == Shape.DAYS else "",
            choices=self._choices(subject, condition.values) if is_many else (),
            choices_url=self._choices_url(subject) if is_many else "",
            refusal=refusal,
        )

    def _group(self, group: Group) -> RowGroup:
        uid = new_uid()
        return RowGroup(uid, group.join, [self.row(new_uid(), uid, condition) for condition in group.conditions])

    def _choices(self, subject: Subject, values: Sequence[str]) -> list[tuple[str, Text]]:
        """What can be chosen, and what was chosen even if it is not offered any more."""
        if subject.family == Family.PERSON:
            return self._people(values)
        if subject.family in (Family.LINK, Family.LINKS) and not subject.choices:
            names = self.naming.linked(subject, ids_in(values))
            return [(value, names.get(int(value), _("(deleted)"))) for value in values if is_id(value)]
        offered = subject.offered()
        known = dict(offered)
        gone = [value for value in values if value not in known]
        return [*offered, *((value, _("(deleted)") if subject.offer else value) for value in gone)]

    def _people(self, values: Sequence[str]) -> list[tuple[str, Text]]:
        if self._members is None:
            self._members = list(self.naming.people())
        known = dict(self._members)
        gone = [int(value) for value in values if value not in known and is_id(value)]
        names = self.naming.former_people(gone) if gone else {}
        return [*self._members, *((str(pk), _former(names.get(pk, ""))) for pk in gone)]

    def _choices_url(self, subject: Subject) -> str:
        return self.naming.choices_url(subject) if subject.family in (Family.LINK, Family.LINKS) else ""


def read_sent(data: QueryDict, subjects: Subjects) -> Sent:
    """The builder's inputs, in the order of the page: `group` and `row` ("group:row") name what stands where."""
    by_group: dict[str, list[tuple[str, Condition]]] = {uid: [] for uid in data.getlist("group")}
    for path in data.getlist("row")[:MOST_CONDITIONS]:
        group, _colon, uid = path.partition(":")
        by_group.setdefault(group, []).append((uid, read_row(data, uid)))
    refusals: dict[str, Text] = {}
    groups: list[Group] = []
    for uid, rows in by_group.items():
        cleaned = [one for row, condition in rows if (one := _clean(row, condition, subjects, refusals))]
        groups.append(Group(tuple(cleaned), _join(data, f"join-{uid}")))
    read = Filter(tuple(group for group in groups if group.conditions), _join(data, "join"))
    return Sent(read, [(uid, _join(data, f"join-{uid}"), rows) for uid, rows in by_group.items()], refusals)


def read_row(data: QueryDict, uid: str) -> Condition:
    values = [value for value in data.getlist(f"value-{uid}")[:_MOST_VALUES] if "\x00" not in value]
    return Condition(data.get(f"field-{uid}", ""), data.get(f"operator-{uid}", ""), tuple(values))


def _clean(uid: str, condition: Condition, subjects: Subjects, refusals: dict[str, Text]) -> Condition | None:
    try:
        return clean_condition(condition, subjects)
    except InvalidValues as refused:
        refusals[uid] = next(iter(refused.by_field.values()))
        return None


def _join(data: QueryDict, name: str) -> str:
    join = data.get(name, "and")
    if join not in ("and", "or"):
        raise FilterIsBroken
    return join


def _former(name: str) -> str:
    return _("%(name)s (former member)") % {"name": name} if name else _("(former member)")
