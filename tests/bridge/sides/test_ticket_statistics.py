"""Statistics over the seam count what the person who asks may see."""

import pytest

from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.tickets import Party
from kakehashi.desk.portals.actions import create_department
from tests.makers.desk import MAKER, make_contact, make_desk_person, make_portal, make_seat, make_ticket

pytestmark = pytest.mark.django_db


@pytest.mark.spec("N1", "P4")
def test_who_is_bound_to_a_department_hears_of_its_tickets_and_who_has_no_seat_of_all() -> None:
    portal = make_portal()
    contact, abroad = make_contact(portal), create_department(portal, name="Abroad", actor=MAKER)
    make_ticket(portal, contact=contact)
    make_ticket(portal, contact=contact, department=abroad)
    bound = make_seat(portal)
    bound.agent.departments.set([abroad])
    side, party = desk_side(portal.pk), Party(contact_ids=(contact.pk,))
    assert side.statistics(party, bound.actor).summary.total == 1
    assert side.statistics(party, make_desk_person().as_actor()).summary.total == 2
