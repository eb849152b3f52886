"""What joins the two products. Taken out (`KAKEHASHI_WITHOUT_BRIDGE=1`), both work as they are."""

from kakehashi.bridge.sides.directory import Sides, use_sides
from kakehashi.bridge.sides.embedded.crm import crm_side
from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.embedded.events import TOPICS, side_changes
from kakehashi.bridge.sides.embedded.portals import EmbeddedPortals
from kakehashi.bridge.sync.marking import mark_changes
from kakehashi.bridge.sync.runs import compare_everything
from kakehashi.bridge.sync.step import pump_connections
from kakehashi.core.events.loop import Step, add_step, add_subscriber
from kakehashi.core.events.subscribers import Subscriber


def wire_bridge() -> None:
    use_sides(Sides(crm=crm_side, desk=desk_side, portals=EmbeddedPortals))
    # Marking stands before pumping, so that one round of the loop carries a change across.
    add_subscriber(
        Subscriber(
            "bridge.sync",
            topics=TOPICS,
            handle=lambda markers: mark_changes(side_changes(markers)),
            recover=compare_everything,
        )
    )
    add_step(Step("sync connections", pump_connections))
