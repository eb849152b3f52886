"""What the CRM knows of the customers of tickets: leads, contacts, accounts and open deals, by link, else by e-mail (spec G1, G4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.queries import deal_ids_of
from kakehashi.bridge.sides.customer_types import RecordRef
from kakehashi.bridge.sides.deals import OPEN_DEALS
from kakehashi.bridge.sides.news import NewsOfTicket
from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.questions import Place
from kakehashi.bridge.sync.links import crm_ids_of
from kakehashi.core.normalise.email import normal_email


def places_of(
    connection: Connection, crm: CrmSide, desk: DeskSide, tickets: Sequence[NewsOfTicket]
) -> Mapping[int, Sequence[Place]]:
    """By ticket. As many queries for many as for one."""
    by_key = crm.people_by_key({key for one in tickets for key in _keys(one)})
    contacts = crm_ids_of(connection, "contacts", {one.contact_id for one in tickets if one.contact_id})
    accounts = crm_ids_of(connection, "accounts", {one.account_id for one in tickets if one.account_id})
    people = {one.ticket_id: _people(one, contacts, by_key) for one in tickets}
    companies = crm.companies_of({pk for places in people.values() for pk in _ids(places, "Contacts")})
    customers = {
        one.ticket_id: [*people[one.ticket_id], *_firms(one, people[one.ticket_id], accounts, companies)]
        for one in tickets
    }
    deals = _open_deals(connection, crm, desk, customers)
    return {pk: [*places, *(("Deals", deal) for deal in deals[pk])] for pk, places in customers.items()}


def _keys(ticket: NewsOfTicket) -> list[str]:
    return [key for email in ticket.emails if (key := normal_email(email))]


def _people(
    ticket: NewsOfTicket, contacts: Mapping[int, int], by_key: Mapping[str, Sequence[RecordRef]]
) -> Sequence[Place]:
    """A linked contact is who it is; others by address. A lead who shares the address is told of, too."""
    named = dict.fromkeys((ref.module, ref.id) for key in _keys(ticket) for ref in by_key.get(key, ()))
    linked = contacts.get(ticket.contact_id or 0)
    if linked is None:
        return list(named)
    return [("Contacts", linked), *(place for place in named if place[0] == "Leads")]


def _firms(
    ticket: NewsOfTicket,
    people: Sequence[Place],
    accounts: Mapping[int, int],
    companies: Mapping[int, frozenset[int]],
) -> Sequence[Place]:
    """The ticket's own account first."""
    own = accounts.get(ticket.account_id or 0)
    of_people = sorted(pk for contact in _ids(people, "Contacts") for pk in companies.get(contact, ()))
    return [("Accounts", pk) for pk in dict.fromkeys([*([own] if own else []), *of_people])]


def _open_deals(
    connection: Connection, crm: CrmSide, desk: DeskSide, customers: Mapping[int, Sequence[Place]]
) -> Mapping[int, Sequence[int]]:
    """The deals that tickets are linked to, and those of their customers."""
    linked = deal_ids_of(connection, desk, list(customers))
    today = crm.living({one for ids in linked.values() for one in ids})
    of_customers = crm.deals_naming({pk for places in customers.values() for module, pk in places if module != "Leads"})
    found: dict[int, list[int]] = {}
    for ticket_id, places in customers.items():
        own = [today[one] for one in linked.get(ticket_id, ()) if one in today]
        theirs = sorted(deal for _module, pk in places for deal in of_customers.get(pk, ()))
        found[ticket_id] = list(dict.fromkeys([*own, *theirs]))
    still_open = crm.fitting("Deals", OPEN_DEALS, {one for ids in found.values() for one in ids})
    return {ticket_id: [one for one in ids if one in still_open] for ticket_id, ids in found.items()}


def _ids(places: Iterable[Place], module: str) -> Collection[int]:
    return [pk for name, pk in places if name == module]
