import pytest
from django.db import connection

from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.core.events.models import Event
from kakehashi.core.planner import analyze, is_milestone


def test_milestones_are_further_apart_the_more_there_is():
    batches = range(0, 200_000, 1_000)
    passed = [before + 1_000 for before in batches if is_milestone(before, before + 1_000)]

    assert passed == [2_000, 6_000, 18_000, 54_000, 162_000]


def test_a_batch_that_passes_several_milestones_counts_once_and_one_between_none_does_not():
    assert is_milestone(0, 50_000)
    assert not is_milestone(2_000, 5_999)


@pytest.mark.django_db
def test_the_planner_knows_what_was_written_in_this_very_transaction():
    write_facts([Fact("org:77", "t", "k", number) for number in range(300)], SYSTEM)

    analyze(Event, "tenant", "subject_id")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_stats WHERE tablename = %s AND 'org:77' = ANY(most_common_vals::text::text[])",
            [Event._meta.db_table],
        )
        assert cursor.fetchall() == [("tenant",)]
