"""A filter means the same to the database as to plain Python."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.types import FieldType
from kakehashi.core.filters.checking import clean_condition, problems_of, usable
from kakehashi.core.filters.definition import (
    Condition,
    Filter,
    FilterIsBroken,
    Group,
    as_json,
    as_text,
    both,
    filter_of,
    from_json,
    from_text,
)
from kakehashi.core.filters.operators import OPERATORS, Family, Operator, Shape, shape_of
from kakehashi.core.filters.subjects import Subject
from kakehashi.core.filters.windows import window_of
from kakehashi.crm.filters.sql import Viewer, as_q
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_org, make_record

TODAY = date(2026, 11, 18)  # a Wednesday
ZONE = ZoneInfo("Asia/Tokyo")
WORDS = ["", "東京", "東京支店", "Tokyo", "tokyo bay", "100%", "a_b", "\\", "'", "大阪"]
NUMBERS = [None, "0", "-5", "0.5", "1000", "999999999999", "1000.01"]
DAYS = [
    None,
    *((TODAY + timedelta(days=step)).isoformat() for step in (-400, -60, -31, -8, -3, -1, 0, 1, 4, 13, 90, 380)),
]
COLOURS = ["red", "green", "blue"]


def add_field(module: ModuleSchema, name: str, field_type: FieldType, **options: Any) -> None:
    Field.objects.create(
        org_id=module.org_id,
        module_id=module.id,
        api_name=name,
        label=name,
        type=field_type,
        options=options,
        position=99,
    )


def make_population(org: Org, people: list[int]) -> list[Record]:
    """Records whose values run through all the samples, out of step with each other."""
    accounts = [make_record(org, "Accounts").pk for _ in range(2)]
    moments = [
        None,
        "2026-11-17T14:59:59+00:00",
        "2026-11-17T15:00:00+00:00",
        "2026-11-18T15:00:00+00:00",
        "2025-01-01T00:00:00+00:00",
    ]
    made = []
    for number in range(60):
        values = {
            "Next_Step": WORDS[number % len(WORDS)],
            "Amount": NUMBERS[number % len(NUMBERS)],
            "Closing_Date": DAYS[number % len(DAYS)],
            "Type": [None, "New Business", "Existing Business"][number % 3],
            "Account_Name": [None, *accounts][number % 3],
            "Owner": [None, *people][number % 3],
            "Urgent": [None, True, False][number % 3],
            "Colours": [None, ["red"], ["red", "blue"], ["green"]][number % 4],
            "Called_At": moments[number % len(moments)],
            "Count": [None, 1, 2, 300][number % 4],
        }
        made.append(make_record(org, "Deals", **{name: value for name, value in values.items() if value is not None}))
    return made


class World:
    """One population for all examples."""

    def __init__(self) -> None:
        self.org = make_org()
        first, second = make_administrator(self.org), make_member(self.org)
        self.people = [first.person.pk, second.person.pk]
        module = schema_of(self.org)["Deals"]
        add_field(module, "Urgent", FieldType.BOOLEAN)
        add_field(module, "Colours", FieldType.MULTIPICKLIST, choices=[{"value": value} for value in COLOURS])
        add_field(module, "Called_At", FieldType.DATETIME)
        add_field(module, "Count", FieldType.INTEGER)
        self.org.schema_version = "11111111-1111-4111-8111-111111111111"
        self.org.save()
        self.module = schema_of(self.org)["Deals"]
        self.records = make_population(self.org, self.people)
        self.subjects = subjects_of(self.module)
        self.viewer = Viewer(self.people[0], frozenset(self.people), TODAY, ZONE)

    def found(self, asked: Filter) -> set[int]:
        q = as_q(usable(asked, self.subjects), self.subjects, self.viewer, module_id=self.module.id, org_id=self.org.pk)
        return set(Record.objects.filter(q, module_id=self.module.id).values_list("pk", flat=True))

    def expected(self, asked: Filter) -> set[int]:
        return {record.pk for record in self.records if fits(record, asked, self)}


def fits(record: Record, asked: Filter, world: World) -> bool:
    """The meaning of a filter, written down once more without a database."""
    groups = [
        joined(group.join, [condition_fits(record, condition, world) for condition in group.conditions])
        for group in asked.groups
        if group.conditions
    ]
    return joined(asked.join, groups) if groups else True


def joined(join: str, truths: list[bool]) -> bool:
    return all(truths) if join == "and" else any(truths)


def value_of(record: Record, subject: Subject) -> Any:
    return getattr(record, subject.column) if subject.column else record.values.get(subject.name)


def condition_fits(record: Record, condition: Condition, world: World) -> bool:
    subject = world.subjects[condition.field]
    value, operator = value_of(record, subject), Operator(condition.operator)
    if operator in (Operator.EMPTY, Operator.FILLED):
        return (value is None) == (operator == Operator.EMPTY)
    if operator in NEGATIVES:
        return not condition_fits(record, Condition(condition.field, NEGATIVES[operator], condition.values), world)
    if subject.family == Family.YES_NO:
        return value is True
    if value is None:
        return False
    return MEANINGS[subject.family](value, operator, condition.values, world)


NEGATIVES = {
    Operator.IS_NOT: Operator.IS,
    Operator.CONTAINS_NOT: Operator.CONTAINS,
    Operator.DIFFERS: Operator.EQUALS,
    Operator.NONE_OF: Operator.ANY_OF,
    Operator.NO: Operator.YES,
}


def text_fits(value: str, operator: Operator, values: tuple[str, ...], _world: World) -> bool:
    text, wanted = value.upper(), values[0].upper()
    return {
        Operator.IS: text == wanted,
        Operator.CONTAINS: wanted in text,
        Operator.STARTS: text.startswith(wanted),
        Operator.ENDS: text.endswith(wanted),
    }[operator]


def number_fits(value: Any, operator: Operator, values: tuple[str, ...], _world: World) -> bool:
    number, wanted = Decimal(str(value)), [Decimal(text) for text in values]
    if operator == Operator.BETWEEN:
        return wanted[0] <= number <= wanted[1]
    return {
        Operator.EQUALS: number == wanted[0],
        Operator.LESS: number < wanted[0],
        Operator.AT_MOST: number <= wanted[0],
        Operator.MORE: number > wanted[0],
        Operator.AT_LEAST: number >= wanted[0],
    }[operator]


def day_fits(value: Any, operator: Operator, values: tuple[str, ...], _world: World) -> bool:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    day = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    start, end = window_of(operator, values, TODAY)
    return (start is None or day >= start) and (end is None or day < end)


def choice_fits(value: Any, operator: Operator, values: tuple[str, ...], world: World) -> bool:
    held = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    meant = {"me": [world.people[0]], "team": world.people}
    wanted = {str(one) for text in values for one in meant.get(text, [text])}
    return wanted <= held if operator == Operator.ALL_OF else bool(wanted & held)


MEANINGS: Mapping[Family, Any] = {
    Family.TEXT: text_fits,
    Family.NUMBER: number_fits,
    Family.DATE: day_fits,
    Family.MOMENT: day_fits,
    Family.CHOICE: choice_fits,
    Family.CHOICES: choice_fits,
    Family.LINK: choice_fits,
    Family.PERSON: choice_fits,
}

NAMES = [
    "Deal_Name", "Next_Step", "Amount", "Count", "Closing_Date", "Called_At", "Created_Time", "Urgent", "Type", "Colours",
    "Account_Name", "Owner", "Created_By",
]  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@st.composite
def conditions(draw: st.DrawFn, world: World) -> Condition:
    subject = world.subjects[draw(st.sampled_from(NAMES))]
    operator = draw(st.sampled_from(OPERATORS[subject.family]))
    shape = shape_of(operator)
    if shape == Shape.DAYS:
        return Condition(subject.name, operator, (str(draw(st.integers(1, 500))),))
    samples = {
        Family.TEXT: st.sampled_from([*WORDS[1:], "%", "_", "ロガー"]),
        Family.NUMBER: st.sampled_from([*NUMBERS[1:], "1", "300"]),
        Family.DATE: st.sampled_from(DAYS[1:]),
        Family.MOMENT: st.sampled_from(DAYS[1:]),
        Family.CHOICE: st.sampled_from(["New Business", "Existing Business", "gone"]),
        Family.CHOICES: st.sampled_from(COLOURS),
        Family.LINK: st.sampled_from(sorted({str(record.values["Account_Name"]) for record in world.records if "Account_Name" in record.values})),
        Family.PERSON: st.sampled_from(["me", "team", *(str(person) for person in world.people)]),
        Family.YES_NO: st.just(""),
    }[subject.family]  # fmt: skip
    counts = {Shape.NONE: (0, 0), Shape.ONE: (1, 1), Shape.TWO: (2, 2), Shape.MANY: (1, 3)}[shape]
    values = draw(st.lists(samples, min_size=counts[0], max_size=counts[1]))
    return clean_condition(Condition(subject.name, operator, tuple(values)), world.subjects)


@st.composite
def filters(draw: st.DrawFn, world: World) -> Filter:
    joins = st.sampled_from(["and", "or"])
    group = st.builds(Group, st.lists(conditions(world), min_size=1, max_size=3).map(tuple), joins)
    return Filter(tuple(draw(st.lists(group, max_size=3))), draw(joins))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.django_db
def test_the_database_and_plain_python_find_the_same_records(world: World, data: st.DataObject) -> None:
    asked = data.draw(filters(world))
    assert world.found(asked) == world.expected(asked)
    assert from_text(as_text(asked)) == (asked or Filter())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.django_db
def test_two_filters_together_are_both(world: World, data: st.DataObject) -> None:
    one = data.draw(filters(world))
    other = filter_of(data.draw(conditions(world)))
    if one.join == "or" and any(len(group.conditions) > 1 and group.join == "and" for group in one.groups):
        return
    assert world.expected(both(one, other)) == world.expected(one) & world.expected(other)


@pytest.mark.parametrize(
    ("operator", "values", "start", "end"),
    [
        ("today", [], date(2026, 11, 18), date(2026, 11, 19)),
        ("yesterday", [], date(2026, 11, 17), date(2026, 11, 18)),
        ("this_week", [], date(2026, 11, 16), date(2026, 11, 23)),
        ("last_month", [], date(2026, 10, 1), date(2026, 11, 1)),
        ("next_month", [], date(2026, 12, 1), date(2027, 1, 1)),
        ("this_quarter", [], date(2026, 10, 1), date(2027, 1, 1)),
        ("next_quarter", [], date(2027, 1, 1), date(2027, 4, 1)),
        ("last_year", [], date(2025, 1, 1), date(2026, 1, 1)),
        ("this_fiscal_year", [], date(2026, 4, 1), date(2027, 4, 1)),
        ("last_fiscal_year", [], date(2025, 4, 1), date(2026, 4, 1)),
        ("next_fiscal_year", [], date(2027, 4, 1), date(2028, 4, 1)),
        ("last_fiscal_quarter", [], date(2026, 7, 1), date(2026, 10, 1)),
        ("this_fiscal_quarter", [], date(2026, 10, 1), date(2027, 1, 1)),
        ("last_days", ["7"], date(2026, 11, 12), date(2026, 11, 19)),
        ("next_days", ["7"], date(2026, 11, 18), date(2026, 11, 25)),
        ("before", ["2026-11-01"], None, date(2026, 11, 1)),
        ("after", ["2026-11-01"], date(2026, 11, 2), None),
        ("between", ["2026-11-01", "2026-11-30"], date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_words_for_days_mean_what_a_calendar_says(operator: str, values: list[str], start: Any, end: Any) -> None:
    assert window_of(Operator(operator), values, TODAY, fiscal_month=4) == (start, end)


@given(
    day=st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    month=st.integers(1, 12),
    step=st.sampled_from(["last", "this", "next"]),
)
def test_fiscal_years_begin_with_their_month_and_fall_into_four_quarters(day: date, month: int, step: str) -> None:
    start, end = window_of(Operator(f"{step}_fiscal_year"), [], day, month)
    assert start
    assert end
    assert (start.month, start.day, end) == (month, 1, start.replace(year=start.year + 1))
    assert step != "this" or start <= day < end
    quarter, _end = window_of(Operator("this_fiscal_quarter"), [], start, month)
    assert quarter == start
    inner, outer = window_of(Operator("this_fiscal_quarter"), [], day, month)
    assert inner
    assert outer
    assert inner <= day < outer
    assert (inner.month - month) % 3 == 0
    assert (outer.year * 12 + outer.month) - (inner.year * 12 + inner.month) == 3


@pytest.mark.django_db
def test_today_is_the_day_of_the_one_who_looks(world: World) -> None:
    """15:00 in UTC is midnight in Tokyo: the same record is of two days for two people."""
    asked = filter_of(Condition("Called_At", "on", ("2026-11-18",)))
    in_tokyo = world.found(asked)
    world.viewer = Viewer(world.people[0], frozenset(), TODAY, UTC)
    in_london = world.found(asked)
    world.viewer = Viewer(world.people[0], frozenset(world.people), TODAY, ZONE)
    assert in_tokyo
    assert in_tokyo != in_london


@pytest.mark.django_db
def test_a_condition_on_a_field_that_is_gone_is_left_out_and_told(world: World) -> None:
    asked = filter_of(Condition("Gone", "is", ("x",)), Condition("Type", "any_of", ("New Business",)))
    assert world.found(asked) == world.expected(filter_of(Condition("Type", "any_of", ("New Business",))))
    assert len(problems_of(asked, world.subjects)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "condition",
    [
        Condition("Amount", "lt", ("abc",)),
        Condition("Amount", "between", ("1",)),
        Condition("Amount", "contains", ("1",)),
        Condition("Closing_Date", "on", ("sometime",)),
        Condition("Closing_Date", "last_days", ("0",)),
        Condition("Type", "any_of", ()),
        Condition("Account_Name", "any_of", ("not-an-id",)),
        Condition("Next_Step", "is", ("",)),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(world: World, condition: Condition) -> None:
    with pytest.raises(InvalidValues):
        clean_condition(condition, world.subjects)


@pytest.mark.django_db
def test_typed_values_become_canonical(world: World) -> None:
    typed = clean_condition(Condition("Amount", "between", ("¥2,000", "１０００")), world.subjects)
    assert typed.values == ("1000", "2000")
    assert clean_condition(Condition("Closing_Date", "on", ("2026年11月1日",)), world.subjects).values == (
        "2026-11-01",
    )


@pytest.mark.parametrize(
    "text", ["{", "[]1", '{"v":2,"groups":[]}', '{"v":1,"groups":[{"where":[[1,2]]}]}', '{"v":1,"groups":7}']
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterIsBroken):
        from_text(text)


def test_a_filter_survives_the_database() -> None:
    asked = Filter((Group((Condition("A", "is", ("x",)),), "or"), Group((Condition("B", "empty"),))), "or")
    assert from_json(as_json(asked)) == asked


@pytest.mark.django_db
def test_a_field_of_another_type_elsewhere_does_not_break_numbers(world: World) -> None:
    other = schema_of(world.org)["Accounts"]
    add_field(other, "Amount", FieldType.TEXT)
    world.org.schema_version = "22222222-2222-4222-8222-222222222222"
    world.org.save()
    make_record(world.org, "Accounts", Amount="lots")
    asked = filter_of(Condition("Amount", "gt", ("1",)))
    q = as_q(asked, world.subjects, world.viewer, module_id=world.module.id, org_id=world.org.pk)
    assert Record.objects.filter(q).exists()
