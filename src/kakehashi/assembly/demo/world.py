"""Everything of the demo together, before any of it is in a database."""

from dataclasses import dataclass
from datetime import datetime

from kakehashi.assembly.demo.companies import Company, make_companies
from kakehashi.assembly.demo.contacts import Customer, make_contacts
from kakehashi.assembly.demo.deals import Deal, make_deals
from kakehashi.assembly.demo.leads import Lead, make_leads
from kakehashi.assembly.demo.strangers import make_strangers
from kakehashi.assembly.demo.tickets import PlannedTicket, make_tickets


@dataclass(frozen=True, slots=True)
class World:
    companies: tuple[Company, ...]
    contacts: tuple[Customer, ...]
    strangers: tuple[Customer, ...]
    deals: tuple[Deal, ...]
    leads: tuple[Lead, ...]
    tickets: tuple[PlannedTicket, ...]


def make_world(now: datetime) -> World:
    """The same for the same moment. `now` is aware."""
    companies = make_companies()
    contacts = make_contacts(companies)
    strangers = make_strangers()
    return World(
        companies=companies,
        contacts=contacts,
        strangers=strangers,
        deals=make_deals(companies, contacts, now),
        leads=make_leads(),
        tickets=make_tickets(contacts, strangers, now),
    )
