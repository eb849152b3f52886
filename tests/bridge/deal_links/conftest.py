"""A customer with one open deal, on both sides of a connection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import add_agent
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record
from tests.makers.desk import MAKER, make_ticket


@dataclass
class World:
    joined: Joined
    account: Record
    contact: Record
    deal: Record

    @property
    def desk_contact(self) -> Contact:
        return Contact.objects.get(portal=self.joined.portal)

    def client(self, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(person or self.joined.administrator.person)
        return client

    def ticket(self, **values: Any) -> Ticket:
        return make_ticket(self.joined.portal, contact=self.desk_contact, **values)

    def another_deal(self, **values: Any) -> Record:
        given = {"Deal_Name": "予備のロガー", "Stage": "Qualification", "Contact_Name": self.contact.pk}
        return make_record(self.joined.org, "Deals", **{**given, **values})

    def url(self, name: str, *more: object, record: Record | None = None, module: str = "Contacts") -> str:
        return reverse(name, args=[self.joined.org.pk, module, (record or self.contact).pk, *more])

    def link(self, *tickets: Ticket, deal: Record | None = None, person: Person | None = None) -> Any:
        """The answer to the form of the dialog on the contact's page."""
        sent = {"deal": (deal or self.deal).pk, "selected": [ticket.pk for ticket in tickets]}
        return self.client(person).post(self.url("record_deal_links"), sent, headers={"HX-Request": "true"})

    def unlink(self, *tickets: Ticket, deal: Record | None = None) -> Any:
        sent = {"deal": (deal or self.deal).pk, "selected": [ticket.pk for ticket in tickets]}
        return self.client().post(self.url("record_deal_unlinks"), sent, headers={"HX-Request": "true"})

    def agent(self, role: str = AgentRole.AGENT, **person: Any) -> Person:
        """A member of the CRM who has a seat in the Desk, too."""
        member = make_member(self.joined.org, **person)
        add_agent(self.joined.portal, person=member.person, role=role, actor=MAKER)
        return member.person


@pytest.fixture
def world(drain: Callable[[], int]) -> World:
    return make_world(drain)


def make_world(drain: Callable[[], int]) -> World:
    joined = make_joined()
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品")
    contact = make_record(
        joined.org, Last_Name="相沢", First_Name="美咲", Email="misaki@tsukimizaka.example", Account_Name=account.pk
    )
    deal = make_record(
        joined.org,
        "Deals",
        Deal_Name="温度監視の更新",
        Stage="Qualification",
        Amount="4860000",
        Closing_Date="2027-01-29",
        Account_Name=account.pk,
        Contact_Name=contact.pk,
    )
    drain()
    return World(joined, account, contact, deal)
