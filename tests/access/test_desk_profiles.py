"""Every page of the Desk once more, as holders of custom profiles. One that copies a role gets what the table says of the role."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from kakehashi.desk.portals.actions import change_role
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.profiles.actions import copy_profile, update_profile
from kakehashi.identity.people.models import Person
from tests.access.addresses import Address, tenant_addresses
from tests.access.test_matrix import METHODS, ROLES, TABLE, ask, said
from tests.access.world import World, make_world
from tests.makers.desk import MAKER, make_seat

COPIED = ("administrator", "agent", "light_agent")
# What a holder of "Manage agents, teams and profiles" alone may do beyond a light agent, but not to seats that may do more.
OF_PEOPLE = ("desk_agent", "desk_profile", "desk_team")
OF_THOSE_ABOVE = ("desk_agent_activation", "desk_agent_deactivation", "desk_profile_deletion")
OF_ONE_PERSON = (
    "desk_bulk_undo",
    "desk_view",
    "desk_upload",
)  # what the administrator of the world made for themselves
# Deals are linked by those who see them in the CRM, and a holder of a copied profile works in the Desk alone.
OF_CRM_MEMBERS = ("desk_deal_",)
DESK = [
    address
    for address in tenant_addresses()
    if address.name.startswith("desk_")
    and "portal_id" in address.parameters
    and not address.name.startswith(OF_CRM_MEMBERS)
    and (address.name in ("desk_view_counts", "desk_view_new") or not address.name.startswith(OF_ONE_PERSON))
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        made = make_world()
    yield made
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def holders(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, Person]:
    with django_db_blocker.unblock():
        portal = Portal.objects.get(pk=world.parameters["portal_id"])
        found = {role: _holder(portal, role) for role in COPIED}
        found["people"] = _holder(portal, "light_agent", ["may_manage_agents"])
        world.sessions.begin(*found.values())
    return found


def _holder(portal: Portal, source: str, permissions: list[str] | None = None) -> Person:
    profile = copy_profile(portal, name=f"Like {source} {permissions}", source=source, actor=MAKER)
    if permissions:
        update_profile(profile, name=profile.name, permissions=permissions, actor=MAKER)
    seat = make_seat(portal)
    change_role(seat.agent, role=f"profile:{profile.pk}", actor=MAKER)
    return seat.person


def table_says(method: str, address: Address) -> dict[str, str]:
    """What the table says of each role."""
    row = next(line for line in TABLE.read_text().splitlines() if line.split()[:2] == [method, address.name])
    columns = [row[37 + 15 * place : 52 + 15 * place].strip() for place in range(len(ROLES))]
    return dict(zip(ROLES, columns, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", DESK, ids=lambda address: address.name)
def test_a_profile_opens_what_the_role_opens_that_it_copies(
    world: World, holders: dict[str, Person], address: Address, method: str
) -> None:
    expected = table_says(method, address)
    for role in COPIED:
        assert said(ask(method, address, world, holders[role])) == expected[role], role
    is_theirs = address.name.startswith(OF_PEOPLE) and address.name not in OF_THOSE_ABOVE
    wanted = expected["administrator" if is_theirs else "light_agent"]
    assert said(ask(method, address, world, holders["people"])) == wanted, "whoever manages people"
