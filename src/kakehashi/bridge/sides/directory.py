"""Where the rest of the bridge gets its sides. Filled by `assembly/wiring.py`; only `sides/embedded/` knows our own products."""

from collections.abc import Callable
from dataclasses import dataclass

from .front import CrmFront, DeskFront
from .protocols import CrmSide, DeskSide, PortalDirectory


@dataclass(frozen=True, slots=True)
class Sides:
    """How a side is made from the id of its org or portal."""

    crm: Callable[[int], CrmSide]
    desk: Callable[[int], DeskSide]
    portals: Callable[[], PortalDirectory]
    front: CrmFront
    desk_front: DeskFront


_filled: list[Sides] = []


def use_sides(sides: Sides) -> None:
    _filled[:] = [sides]


def crm_side(org_id: int) -> CrmSide:
    return _filled[0].crm(org_id)


def desk_side(portal_id: int) -> DeskSide:
    return _filled[0].desk(portal_id)


def portals() -> PortalDirectory:
    return _filled[0].portals()


def front() -> CrmFront:
    return _filled[0].front


def desk_front() -> DeskFront:
    return _filled[0].desk_front
