"""docs/decisions/0022: what is planned once for each connection, and what is not."""

import pytest
from django.db import connection

from kakehashi.core.planning import planned_once
from kakehashi.identity.people.models import Person

pytestmark = pytest.mark.django_db
MARK = """FROM "identity_person" WHERE "identity_person"."email" ="""


def ask(number: int) -> None:
    assert not Person.objects.filter(email=f"nobody{number}@example.com").exists()


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [MARK])
        return int(cursor.fetchone()[0])


def test_one_plan_serves_all_values() -> None:
    with planned_once():
        for number in range(3):
            ask(number)
    assert plans() == 1


def test_there_is_no_second_plan_for_single_values() -> None:
    """However little one plan for all values pleases PostgreSQL."""
    with planned_once():
        for number in range(8):
            assert not Person.objects.filter(pk=number, family_name="Planned").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE position(%s in statement) > 0",
            ['"identity_person"."family_name" ='],
        )
        assert cursor.fetchone() == (8, 0)


def test_what_is_asked_elsewhere_has_a_plan_for_its_own_values() -> None:
    before = plans()
    with pytest.raises(LookupError), planned_once():
        raise LookupError
    for number in range(10):
        ask(number)
    assert plans() == before
