"""A contact of the CRM whom the Desk knows by the e-mail address, and people who look at their tickets."""

from dataclasses import dataclass
from typing import Any

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
from tests.makers.desk import MAKER, make_contact, make_ticket

FRAGMENT = {"HX-Request": "true"}
EMAIL = "misaki@tsukimizaka.example"


@dataclass
class Panel:
    joined: Joined
    record: Record
    contact: Contact

    def client(self, person: Person | None = None) -> Client:
        client = Client(headers=FRAGMENT)
        client.force_login(person or self.joined.administrator.person)
        return client

    def url(self, name: str, *more: object, record: Record | None = None, module: str = "Contacts") -> str:
        return reverse(name, args=[self.joined.org.pk, module, (record or self.record).pk, *more])

    def ticket(self, **values: Any) -> Ticket:
        return make_ticket(self.joined.portal, contact=self.contact, **values)

    def colleague(self, role: str = "", *, language: str = "en") -> Person:
        """Somebody of the CRM, with a seat in the Desk where a role is named."""
        person = make_member(self.joined.org, language=language, permissions=["see_all_records"]).person
        if role:
            add_agent(self.joined.portal, person=person, role=role, actor=MAKER)
        return person

    def agent(self) -> Person:
        return self.colleague(AgentRole.AGENT)


def make_panel(*, language: str = "en") -> Panel:
    joined = make_joined(language=language)
    record = make_record(joined.org, Last_Name="相沢", First_Name="美咲", Email=EMAIL)
    return Panel(joined, record, make_contact(joined.portal, email=EMAIL))
