"""The database's settings out of `DATABASE_URL`."""

import pytest
from django.db import connection

from kakehashi.assembly.environment import database_settings


def test_options_of_the_url_win_over_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///kakehashi?options=-c%20jit%3Don")
    assert database_settings()["OPTIONS"]["options"].endswith("-c jit=on")


@pytest.mark.django_db
def test_small_queries_are_not_given_to_parallel_workers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('parallel_setup_cost')::float")
        assert cursor.fetchone() == ("off", 50_000.0)
