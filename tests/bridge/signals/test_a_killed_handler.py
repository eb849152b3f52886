"""A worker that dies between telling people and moving its cursor has told nobody; the next one tells each once."""

import pytest

from kakehashi.crm.sales_signals.models import Signal
from tests.bridge.signals.conftest import World
from tests.makers.killing import killed_within, until

_WORKER = """
from kakehashi.core.events import subscribers
from kakehashi.core.events.loop import run_until_idle
move = subscribers.move_cursor
def move_and_hang(name, position):
    if name == "bridge.signals":
        hang()
    move(name, position)
subscribers.move_cursor = move_and_hang
run_until_idle()
"""


@pytest.mark.spec("G2")
@pytest.mark.django_db(transaction=True)
def test_a_handler_killed_before_its_commit_is_made_good_by_the_next(world: World) -> None:
    world.ticket()
    with killed_within(_WORKER):
        assert not Signal.objects.exists()
    until(Signal.objects.exists, world.drain)
    assert world.heard() == ["ticket_opened"]
