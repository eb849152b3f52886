from dataclasses import dataclass

import pytest
from django.test import Client

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.identity.people.models import Person
from tests.makers.desk import make_administrator, make_desk_stranger, make_light_agent, make_portal, make_seat


@pytest.fixture
def portal(db: None) -> Portal:
    return make_portal()


@dataclass
class People:
    """The fixed people of every desk test."""

    administrator: DeskAccess
    agent: DeskAccess
    light_agent: DeskAccess
    stranger: Person

    def client_of(self, who: str) -> Client:
        found = getattr(self, who)
        client = Client()
        client.force_login(found if isinstance(found, Person) else found.person)
        return client


@pytest.fixture
def people(portal: Portal) -> People:
    return People(make_administrator(portal), make_seat(portal), make_light_agent(portal), make_desk_stranger())
