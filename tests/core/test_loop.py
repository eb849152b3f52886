"""The loop of a worker: a commit wakes the steps that it concerns, and no step waits longer than until the next sweep."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from kakehashi.core.actors import SYSTEM
from kakehashi.core.events import loop
from kakehashi.core.events.listening import listening_conninfo
from kakehashi.core.events.log import CHANNEL, Fact, write_fact
from kakehashi.core.events.loop import Rounds, Step

NEWS, MAIL = (
    Step("news", lambda: False, frozenset({"loop.news"})),
    Step("mail", lambda: False, frozenset({"loop.mail"})),
)
ANY = Step("any", lambda: False)


@pytest.fixture
def rounds(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rounds]:
    """Three steps: one for each of two topics, and one that any commit may concern. The first sweep is over."""
    monkeypatch.setattr(loop, "_steps", [NEWS, MAIL, ANY])
    with psycopg.connect(listening_conninfo(), autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        rounds = Rounds(listening)
        assert rounds.due() == [NEWS, MAIL, ANY], "it begins with everything"
        yield rounds


def tell(topic: str) -> None:
    with transaction.atomic():
        write_fact(Fact("loop:1", topic, "loop.subject", 1), SYSTEM)


def test_a_commit_wakes_whom_it_concerns(rounds: Rounds) -> None:
    tell("loop.mail")
    assert rounds.due() == [MAIL, ANY]


def test_whom_an_earlier_commit_concerned_is_woken_again_by_the_next(rounds: Rounds) -> None:
    """An event behind an older transaction cannot be read at first; the commit that ends that one need not concern the same steps."""
    tell("loop.news")
    assert rounds.due() == [NEWS, ANY]
    tell("loop.mail")
    assert rounds.due() == [NEWS, MAIL, ANY]


def test_what_has_more_to_do_goes_on_and_hears_of_commits_meanwhile(rounds: Rounds) -> None:
    rounds.waiting = [NEWS]
    begun = time.monotonic()
    assert rounds.due() == [NEWS]
    assert time.monotonic() - begun < 1, "it does not wait for a commit"
    tell("loop.mail")
    assert rounds.due() == [NEWS, MAIL, ANY]


def test_without_a_commit_everything_runs_at_the_next_sweep(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    assert rounds.due() == [NEWS, MAIL, ANY]
    assert time.monotonic() - begun > 1
    monkeypatch.setattr(loop, "_SWEEP_SECONDS", 0.0)
    rounds.due()
    tell("loop.news")
    assert rounds.due() == [NEWS, MAIL, ANY], "commits without end do not keep it from the others"


@pytest.mark.parametrize("payload", ["", "{}", "[]", '{"tenant": "x", "subjects": []}', '{"topics": 1}'])
def test_a_notice_that_does_not_say_what_happened_is_a_reason_to_look_at_everything(
    rounds: Rounds, payload: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    begun = time.monotonic()
    assert rounds.due() == [NEWS, MAIL, ANY]
    assert time.monotonic() - begun < 1
