"""Queries whose text is written once: they answer as Django's do, whatever their values are."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.identity.people.models import Person

pytestmark = pytest.mark.django_db


@fixed_read
def by_address(email: str) -> QuerySet[Person]:
    return Person.objects.filter(email=email).order_by("pk")


@fixed_read
def by_ids(ids: Sequence[int]) -> QuerySet[Person, tuple[int, str]]:
    return Person.objects.filter(pk__among=ids).order_by("pk").values_list("pk", "email")


@fixed_read
def short(person_id: int) -> QuerySet[Person]:
    return Person.objects.only("email").filter(pk=person_id)


@fixed_read
def ended(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


@fixed_read
def named(person_id: int, family: str) -> QuerySet[Person]:
    return Person.objects.filter(family_name=family, pk=person_id, is_active=True)


@pytest.fixture
def people() -> list[Person]:
    return [Person.objects.create(email=f"{name}@fixed.example", family_name="佐藤") for name in ("a", "b", "c")]


def test_the_rows_are_what_django_would_have_made(people: list[Person]) -> None:
    [found] = by_address("b@fixed.example")
    assert found == people[1]
    assert vars(found).keys() == vars(Person.objects.get(pk=people[1].pk)).keys()
    assert not found._state.adding
    assert by_address("nobody@fixed.example") == []


def test_lists_moments_and_several_values_stand_where_they_belong(people: list[Person]) -> None:
    first, second, third = people
    Session.objects.create(session_key="old", session_data="", expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    assert by_ids([third.pk, first.pk]) == [(first.pk, first.email), (third.pk, third.email)]
    assert [one.session_key for one in ended(datetime(2021, 1, 1, tzinfo=UTC))] == ["old"]
    assert ended(datetime(2019, 1, 1, tzinfo=UTC)) == []
    assert named(second.pk, "佐藤") == [second]
    assert named(second.pk, "鈴木") == []


def test_what_was_left_out_is_read_when_it_is_asked_for(people: list[Person]) -> None:
    [found] = short(people[0].pk)
    assert found.get_deferred_fields() >= {"family_name"}
    assert found.family_name == "佐藤"


def test_the_text_is_written_once_and_has_one_plan(people: list[Person]) -> None:
    written = []

    @fixed_read
    def counted(person_id: int) -> QuerySet[Person]:
        written.append(person_id)
        return Person.objects.filter(pk=person_id, family_name="佐藤").order_by("given_name")

    with CaptureQueriesContext(connection) as asked:
        assert [counted(person.pk) for person in people] == [[person] for person in people]
    assert (len(written), len(asked)) == (1, 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0",
            ['ORDER BY "identity_person"."given_name"'],
        )
        assert cursor.fetchone() == (1,)


def test_who_looks_at_a_value_while_writing_is_told_so() -> None:
    @fixed_read
    def looking(person_id: int) -> QuerySet[Person]:
        return Person.objects.filter(pk=person_id + 1)

    with pytest.raises(TypeError, match="does not stand in the text"):
        looking(1)


@pytest.mark.parametrize("rows", [[], [1, 2]])
def test_the_first_row_is_none_where_there_is_none(rows: list[int]) -> None:
    assert first_row(rows) == (rows[0] if rows else None)
