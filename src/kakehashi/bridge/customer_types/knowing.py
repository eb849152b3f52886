"""What the CRM knows of the customers of tickets: by the links of the sync, else by e-mail address, else by phone number."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.customer_types import OpenTicket, RecordRef
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.bridge.sync.links import crm_ids_of

from .deciding import Known

Item = TypeVar("Item")


def known_of(connection: Connection, tickets: Sequence[OpenTicket]) -> Mapping[int, Known]:
    """By ticket. A handful of queries, however many there are."""
    crm = crm_side(connection.org_id)
    people = _people(connection, crm, tickets)
    companies = _companies(connection, crm, tickets, people)
    customers = {one.id: _ids(people[one.id], "Contacts") | companies[one.id] for one in tickets}
    deals = crm.deals_naming(_all(customers.values()))
    return {
        one.id: Known(
            {
                "Leads": _ids(people[one.id], "Leads"),
                "Contacts": _ids(people[one.id], "Contacts"),
                "Accounts": companies[one.id],
                "Deals": _all(deals.get(customer, frozenset()) for customer in customers[one.id]),
            }
        )
        for one in tickets
    }


def _people(connection: Connection, crm: CrmSide, tickets: Sequence[OpenTicket]) -> Mapping[int, Collection[RecordRef]]:
    linked = _linked(connection, crm, "contacts", {one.contact_id for one in tickets if one.contact_id})
    others = [one for one in tickets if one.contact_id not in linked]
    with_key = crm.people_by_key(_all((*(one.emails for one in others), *(one.phones for one in others))))
    found: dict[int, Collection[RecordRef]] = {}
    for one in tickets:
        if partner := linked.get(one.contact_id or 0):
            found[one.id] = [RecordRef("Contacts", partner)]
        else:
            found[one.id] = _with_any(with_key, one.emails) or _with_any(with_key, one.phones)
    return found


def _companies(
    connection: Connection, crm: CrmSide, tickets: Sequence[OpenTicket], people: Mapping[int, Collection[RecordRef]]
) -> Mapping[int, frozenset[int]]:
    """The ticket's own account, and those of its people."""
    linked = _linked(connection, crm, "accounts", {one.account_id for one in tickets if one.account_id})
    named = crm.companies_of(_all(_ids(refs, "Contacts") for refs in people.values()))
    return {
        one.id: frozenset({linked[one.account_id]} if one.account_id and one.account_id in linked else ())
        | _all(named.get(contact, frozenset()) for contact in _ids(people[one.id], "Contacts"))
        for one in tickets
    }


def _linked(connection: Connection, crm: CrmSide, module: str, desk_ids: Collection[int]) -> Mapping[int, int]:
    """What Desk records go with today in the CRM; a merged one with its survivor."""
    partners = crm_ids_of(connection, module, desk_ids) if desk_ids else {}
    today = crm.living(set(partners.values())) if partners else {}
    return {desk_id: today[crm_id] for desk_id, crm_id in partners.items() if crm_id in today}


def _with_any(with_key: Mapping[str, Sequence[RecordRef]], keys: Iterable[str]) -> list[RecordRef]:
    return list(dict.fromkeys(ref for key in sorted(keys) for ref in with_key.get(key, ())))


def _ids(refs: Iterable[RecordRef], module: str) -> frozenset[int]:
    return frozenset(ref.id for ref in refs if ref.module == module)


def _all(sets: Iterable[frozenset[Item]]) -> frozenset[Item]:
    return frozenset().union(*sets)
