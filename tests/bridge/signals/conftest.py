"""A customer known on both sides, whose contact, account and deal have owners of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.core.actors import Actor
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.portals.actions import add_agent
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.bridge.deal_links.conftest import World as Customer
from tests.bridge.deal_links.conftest import make_world
from tests.makers.crm import make_member
from tests.makers.desk import MAKER, make_ticket

HX = {"HX-Request": "true"}
CUSTOMER = Actor(person_id=None, name="相沢 美咲", origin="mail")


@dataclass
class World:
    """`rep` owns the contact; account and deal are the administrator's until a test says otherwise."""

    customer: Customer
    rep: Person
    drain: Callable[[], int]

    @property
    def org_id(self) -> int:
        return self.customer.joined.org.pk

    @property
    def administrator(self) -> Person:
        return self.customer.joined.administrator.person

    def ticket(self, **values: Any) -> Ticket:
        return self.customer.ticket(**{"actor": CUSTOMER, **values})

    def ticket_of(self, email: str) -> Ticket:
        """Of somebody whom only their address tells."""
        ticket = make_ticket(self.customer.joined.portal, contact_email=email, contact_last_name="見込", actor=CUSTOMER)
        self.drain()
        return ticket

    def member(self, **person: Any) -> Person:
        return make_member(self.customer.joined.org, **person).person

    def seat(self, person: Person, role: str = AgentRole.AGENT, **options: Any) -> None:
        add_agent(self.customer.joined.portal, person=person, role=role, actor=MAKER, **options)

    def own(self, record: Record, person: Person | None) -> None:
        Record.objects.filter(pk=record.pk).update(owner=person)

    def heard(self, person: Person | None = None) -> list[str]:
        """The kinds of what a person was told of the Desk, in order."""
        self.drain()
        rows = Signal.objects.filter(person=person or self.rep, kind__startswith="ticket_").order_by("pk")
        return list(rows.values_list("kind", flat=True))

    def client(self, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(person or self.rep)
        return client

    def page(self, name: str, *more: object, person: Person | None = None, **query: Any) -> str:
        answer = self.client(person).get(reverse(name, args=[self.org_id, *more]), query)
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    customer = make_world(drain)
    rep = make_member(customer.joined.org, family_name="佐藤", given_name="健", language="en").person
    made = World(customer, rep, drain)
    made.own(customer.contact, rep)
    for record in (customer.account, customer.deal):
        made.own(record, made.administrator)
    return made
