"""The database is not waited for without end."""

import pytest
from django.db import OperationalError, connection

from kakehashi.core.patience import TookTooLong, at_most


@pytest.mark.django_db
def test_a_statement_ends_when_its_time_is_up_and_the_next_ones_are_free_again() -> None:
    with connection.cursor() as cursor:
        with pytest.raises(TookTooLong), at_most(20):
            cursor.execute("SELECT pg_sleep(5)")
        with at_most(20):
            cursor.execute("SELECT 1")
        cursor.execute("SELECT pg_sleep(0.05)")


@pytest.mark.django_db
def test_another_failure_stays_what_it_is() -> None:
    with pytest.raises(OperationalError), at_most(1_000):
        raise OperationalError("gone")


@pytest.mark.django_db
def test_where_an_index_leads_in_nothing_is_read_from_its_beginning() -> None:
    def plan() -> str:
        cursor.execute("EXPLAIN SELECT * FROM identity_person WHERE id > 0")
        return " ".join(line for (line,) in cursor.fetchall())

    with connection.cursor() as cursor:
        assert "Seq Scan" in plan()
        with at_most(1_000, by_index=True):
            assert "Seq Scan" not in plan()
        assert "Seq Scan" in plan()
