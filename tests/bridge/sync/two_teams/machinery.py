"""What happens to the machine: crashes, edits under its hands, pauses, new rules, events that come twice, late or never, two workers at once."""

import threading
from contextlib import suppress

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sync.runs import begin_again
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync.step import pump_connections
from kakehashi.bridge.sync_settings.actions import look_at_everything
from kakehashi.core.events.loop import run_until_idle
from kakehashi.core.events.reading import head_of_log, start_of_log
from kakehashi.core.events.subscribers import await_claim, move_cursor
from tests.bridge.sync.two_teams.people import PLACES, People
from tests.bridge.sync.worlds import Bomb, Killed

RULES = st.sampled_from(["crm_wins", "desk_wins", "newest_wins", "ask"])
SUBSCRIBER = "bridge.sync"
BOMB = Bomb()


class Machinery(People):
    @rule(points=st.integers(0, 14), rounds=st.integers(1, 3))
    def work(self, points: int, rounds: int) -> None:
        """And die at one of the points, if there are as many."""
        BOMB.left = points
        with suppress(Killed):
            run_until_idle(rounds=rounds)
        BOMB.disarm()

    @rule(
        points=st.integers(1, 14), place=PLACES, deed=st.sampled_from(["crm", "desk", "both", "delete", "delete there"])
    )
    def work_while_somebody_types(self, points: int, place: int, deed: str) -> None:
        """Between reading and writing, or between writing and remembering."""
        deeds = {
            "crm": lambda: self.edit_in_crm(place),
            "desk": lambda: self.edit_in_desk(place),
            "both": lambda: self.edit_a_pair_on_both_sides(place),
            "delete": lambda: self.delete_in_crm(place),
            "delete there": lambda: self.delete_in_desk(place),
        }
        BOMB.left, BOMB.deed = points, deeds[deed]
        run_until_idle(rounds=3)
        BOMB.disarm()

    @rule()
    def work_in_peace(self) -> None:
        run_until_idle()

    @rule()
    def work_on_what_is_known(self) -> None:
        """The wake-up of the log comes late: what is dirty already is done first."""
        pump_connections()

    @rule()
    def hear_everything_twice(self) -> None:
        move_cursor(SUBSCRIBER, start_of_log())

    @rule()
    def lose_events(self) -> None:
        """What nobody heard of is found by a comparison, as after a restore."""
        move_cursor(SUBSCRIBER, head_of_log())
        begin_again(self.joined.connection)

    @rule(points=st.integers(1, 14))
    def a_second_worker_comes(self, points: int) -> None:
        """In the midst of the first one's work, and works as long as it finds something."""
        BOMB.left, BOMB.deed = points, _let_another_work
        run_until_idle(rounds=3)
        BOMB.disarm()

    @rule()
    def pause_or_resume(self) -> None:
        self.joined.connection.refresh_from_db()
        change = resume if self.joined.connection.is_paused else pause
        change(self.joined.connection, actor=self.joined.administrator.actor)

    @rule(wins=RULES)
    def change_the_rule(self, wins: str) -> None:
        """As the settings do it: what the new rule says of records that are there is carried out by a comparison."""
        with transaction.atomic():
            await_claim(self.joined.connection.claim)
            FieldMapping.objects.filter(synced__connection=self.joined.connection, desk="phone").update(rule=wins)
            look_at_everything(self.joined.connection)

    @rule(follows=st.booleans())
    def change_what_deletions_do(self, follows: bool) -> None:
        rows = SyncedModule.objects.filter(connection=self.joined.connection)
        rows.update(delete_rule="follow" if follows else "keep")


def _let_another_work() -> None:
    """By a database session of its own, as another process; ours waits meanwhile, so that a seed tells the same history again."""
    other = threading.Thread(target=_work_and_leave)
    other.start()
    other.join(timeout=60)
    assert not other.is_alive(), "two workers wait for each other"


def _work_and_leave() -> None:
    try:
        run_until_idle(rounds=3)
    finally:
        connection.close()
