"""What a page has yet to be told is bounded, however slowly it reads."""

import asyncio

from kakehashi.assembly.live.hub import Hub


def test_changes_wait_together_and_are_told_once() -> None:
    hub = Hub()
    with hub.joined(["org:1"]) as stream:
        hub.publish("org:1", ["crm.record:2"])
        hub.publish("org:1", ["crm.record:1", "crm.record:2"])
        hub.publish("org:2", ["crm.record:3"])
        assert stream.take() == ["crm.record:1", "crm.record:2"]
        assert not asyncio.run(stream.wait(0.01))


def test_too_many_to_name_stand_for_any() -> None:
    hub = Hub()
    with hub.joined(["org:1"]) as stream:
        for number in range(10_000):
            hub.publish("org:1", [f"crm.record:{number}"])
        assert stream.take() == []
        hub.publish("org:1", ["crm.record:1"])
        assert stream.take() == ["crm.record:1"]


def test_one_that_left_is_forgotten() -> None:
    hub = Hub()
    with hub.joined(["org:1", "portal:1"]):
        assert hub.count() == 1
    assert hub.count() == 0


def test_closing_wakes_everybody() -> None:
    hub = Hub()
    with hub.joined(["org:1"]) as stream:
        hub.close()
        assert asyncio.run(stream.wait(0.01))
        assert stream.is_closed
