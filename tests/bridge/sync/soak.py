"""`make soak`: random histories of two teams for MINUTES, each round by a seed of its own. `make soak SEED=…` tells one round again."""

import os
import random
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import seed

from tests.bridge.sync.test_histories_both_ways import TwoTeams, run_histories
from tests.bridge.sync.two_teams.machinery import BOMB
from tests.bridge.sync.worlds import Bomb

HISTORIES_A_ROUND = 10


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bomb]:
    BOMB.plant(monkeypatch)
    yield BOMB
    BOMB.disarm()


@pytest.mark.django_db(transaction=True)
def test_soak(bomb: Bomb) -> None:
    """Stops at the first history that breaks an invariant."""
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES") or 30)
    wanted = os.environ.get("SEED")
    done = 0
    while not done or (not wanted and time.monotonic() < end):
        number = int(wanted) if wanted else random.SystemRandom().randrange(2**32)
        tell(f"round {done + 1}: make soak SEED={number}")
        run_histories(HISTORIES_A_ROUND, machine=seed(number)(TwoTeams), is_random=True)
        done += 1
    tell(f"{done * HISTORIES_A_ROUND} histories, no invariant broken")


def tell(line: str) -> None:
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()
