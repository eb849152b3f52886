"""The database's settings out of `DATABASE_URL`."""

import pytest
from django.db import connection

from kakehashi.assembly.environment import database_settings
from kakehashi.identity.people.models import Person


def test_options_of_the_url_win_over_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///kakehashi?options=-c%20jit%3Don")
    assert database_settings()["OPTIONS"]["options"].endswith("-c jit=on")


@pytest.mark.django_db
def test_small_queries_are_not_given_to_parallel_workers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('parallel_setup_cost')::float")
        assert cursor.fetchone() == ("off", 50_000.0)


MARK = """FROM "identity_person" WHERE "identity_person"."email" ="""


@pytest.mark.django_db
def test_what_is_asked_again_and_again_is_planned_once() -> None:
    """docs/decisions/0022"""
    for number in range(7):
        assert not Person.objects.filter(email=f"nobody{number}@example.com").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [MARK])
        assert cursor.fetchone() == (1,)
