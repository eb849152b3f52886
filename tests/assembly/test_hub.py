"""What a page has yet to be told is bounded, however slowly it reads."""

import asyncio
from datetime import UTC, datetime

from kakehashi.assembly.live.hub import Hub
from kakehashi.core import clock

NOW = clock.now().timestamp()


def running_hub() -> Hub:
    """One that has been there for a while."""
    with clock.frozen_at(datetime.fromtimestamp(NOW - 60, UTC)):
        return Hub()


def test_changes_wait_together_and_are_told_once() -> None:
    hub = running_hub()
    with hub.joined(["org:1"], since=NOW) as stream:
        hub.publish("org:1", ["crm.record:2"])
        hub.publish("org:1", ["crm.record:1", "crm.record:2"])
        hub.publish("org:2", ["crm.record:3"])
        assert stream.take() == ["crm.record:1", "crm.record:2"]
        assert not asyncio.run(stream.wait(0.01))


def test_too_many_to_name_stand_for_any() -> None:
    hub = running_hub()
    with hub.joined(["org:1"], since=NOW) as stream:
        for number in range(10_000):
            hub.publish("org:1", [f"crm.record:{number}"])
        assert stream.take() == []
        hub.publish("org:1", ["crm.record:1"])
        assert stream.take() == ["crm.record:1"]


def test_one_that_left_is_forgotten() -> None:
    hub = running_hub()
    with hub.joined(["org:1", "portal:1"], since=NOW):
        assert hub.count() == 1
    assert hub.count() == 0


def test_closing_wakes_everybody() -> None:
    hub = running_hub()
    with hub.joined(["org:1"], since=NOW) as stream:
        hub.close()
        assert asyncio.run(stream.wait(0.01))
        assert stream.is_closed


def test_an_ended_right_closes_its_pages_and_lets_nothing_from_before_in_again() -> None:
    hub = running_hub()
    with (
        hub.joined(["org:1"], ["org:1/person:7"], since=NOW) as theirs,
        hub.joined(["org:1"], ["org:1/person:8"], since=NOW) as others,
    ):
        hub.end("org:1/person:7", 100.0)
        assert theirs.is_closed
        assert not others.is_closed
    assert hub.has_ended(["session:x", "org:1/person:7"], 99.9)
    assert not hub.has_ended(["org:1/person:7"], 100.1), "given again since"
    assert not hub.has_ended(["org:2/person:7"], 99.9)
    assert hub.count() == 0


def test_old_ends_are_forgotten_when_there_are_many() -> None:
    hub = running_hub()
    hub.end("old", 0.0)
    for number in range(10_001):
        hub.end(f"session:{number}", 100_000.0)
    assert not hub.has_ended(["old"], 0.0)
    assert hub.has_ended(["session:5"], 99_999.0)


def test_what_was_said_while_the_page_was_on_its_way_is_not_lost() -> None:
    hub = running_hub()
    with clock.frozen_at(datetime.fromtimestamp(NOW + 1, UTC)):
        hub.publish("org:1", ["crm.record:17"])
        hub.publish("org:2", ["crm.record:99"])
    with hub.joined(["org:1"], since=NOW) as stream:
        assert stream.take() == ["crm.record:17"]
    with hub.joined(["org:1"], since=NOW + 10) as stream:
        assert not asyncio.run(stream.wait(0.01)), "who came later has read it"


def test_what_nobody_remembers_any_more_may_be_anything() -> None:
    hub = running_hub()
    for number in range(2_001):
        hub.publish("org:2", [f"crm.record:{number}"])
    with hub.joined(["org:1"], since=NOW) as stream:
        assert asyncio.run(stream.wait(0.01))
        assert stream.take() == []
