"""Whom a new ticket from a record may be for, without making anybody twice (lesson B2)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kakehashi.bridge.sides.records import Ensure, SideRecord
from kakehashi.bridge.sync.links import key_of, partners
from kakehashi.core.actors import Actor
from kakehashi.core.normalise.names import full_name

from .access import RecordTickets

OF_RECORD = "record"
_MOST_KNOWN = 50


def known_contacts(tickets: RecordTickets) -> dict[str, str]:
    """The Desk contacts of this record, by id: the person, by link or by address, or the account's people. A contact of the CRM who is
    not in the Desk yet stands for themselves, as `OF_RECORD`.
    """
    found = _contacts(tickets)
    if found or tickets.record.module != "Contacts":
        return found
    made = new_contact(tickets)
    name = " ".join(filter(None, (made["contact_last_name"], made["contact_first_name"])))
    return {OF_RECORD: _("%(name)s (not in the Desk yet)") % {"name": name}}


def account_of(tickets: RecordTickets) -> dict[str, str]:
    """The account that a ticket from this page is filed under, whoever its contact is."""
    record = tickets.record
    account_id = record.id if record.module == "Accounts" else record.values.get("Account_Name")
    if record.module not in {"Accounts", "Deals"} or not account_id:
        return {}
    partner = partners(tickets.connection, "accounts", [int(account_id)]).get(int(account_id))
    found = tickets.desk.fetch("accounts", [partner]) if partner else {}
    return {str(one.id): str(one.values.get("accountName") or "") for one in found.values() if not one.is_deleted}


def new_contact(tickets: RecordTickets) -> Mapping[str, str]:
    """A person who is not in the Desk yet is made from what the CRM knows."""
    values = tickets.record.values
    if not values.get("Last_Name"):
        return {}
    return {
        "contact_last_name": str(values.get("Last_Name") or ""),
        "contact_first_name": str(values.get("First_Name") or ""),
        "contact_email": next(iter(tickets.emails), ""),
    }


def person_of(tickets: RecordTickets) -> int | None:
    """The record's own person in the Desk, made now where the sync has not come to it; stamped with the sync's own key, so that the
    sync finds them later. None where somebody else there has their address: then the Desk decides by name and address.
    """
    made, email = new_contact(tickets), next(iter(tickets.emails), "")
    values = {"lastName": made["contact_last_name"], "firstName": made["contact_first_name"], "email": email}
    item = Ensure(
        key=key_of(tickets.connection.pk, "contacts", tickets.record.id),
        values=values,
        match_keys=(("email", email),) if email else (),
    )
    outcome = tickets.desk.ensure("contacts", [item], _as_integration(tickets))[0]
    is_there = outcome.record is not None and not outcome.record.is_deleted
    return outcome.record.id if outcome.record and is_there else None


def name_of(record: SideRecord) -> str:
    """A contact of the Desk, as a list names them: the address tells two of one name apart."""
    values = record.values
    name, email = full_name(str(values.get("lastName") or ""), str(values.get("firstName") or "")), values.get("email")
    return f"{name} ({email})" if email else name


def _contacts(tickets: RecordTickets) -> dict[str, str]:
    party = tickets.party
    by_address = tickets.desk.find("contacts", "email", list(party.emails)) if party.emails else {}
    ids = dict.fromkeys([*party.contact_ids, *(one for found in by_address.values() for one in found)])
    found = tickets.desk.fetch("contacts", list(ids)[:_MOST_KNOWN])
    return {str(one): name_of(found[one]) for one in ids if one in found and not found[one].is_deleted}


def _as_integration(tickets: RecordTickets) -> Actor:
    """Keeping the two customer bases in step, in the name of the person who opens the ticket."""
    actor = tickets.actor
    return Actor(actor.person_id, actor.name, f"connection:{tickets.connection.pk}")
