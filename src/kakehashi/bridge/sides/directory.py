"""Where the rest of the bridge gets its sides. Filled by `assembly/wiring.py`; only `sides/embedded/` knows our own products."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kakehashi.core.once import asked_once

from .front import CrmFront, DeskFront
from .protocols import CrmSide, DeskSide, PortalDirectory, RecordSide
from .records import SideName


@dataclass(frozen=True, slots=True)
class Sides:
    """How a side is made from the id of its org or portal."""

    crm: Callable[[int], CrmSide]
    desk: Callable[[int], DeskSide]
    portals: Callable[[], PortalDirectory]
    front: CrmFront
    desk_front: DeskFront


class JoinsTwo(Protocol):
    """What stands between an org and a portal: a connection."""

    @property
    def org_id(self) -> int: ...
    @property
    def portal_id(self) -> int: ...


_filled: list[Sides] = []


def use_sides(sides: Sides) -> None:
    _filled[:] = [sides]


@asked_once
def crm_side(org_id: int) -> CrmSide:
    return _filled[0].crm(org_id)


@asked_once
def desk_side(portal_id: int) -> DeskSide:
    return _filled[0].desk(portal_id)


def side_of(joined: JoinsTwo, name: SideName) -> RecordSide:
    return crm_side(joined.org_id) if name == "crm" else desk_side(joined.portal_id)


def portals() -> PortalDirectory:
    return _filled[0].portals()


def front() -> CrmFront:
    return _filled[0].front


def desk_front() -> DeskFront:
    return _filled[0].desk_front
