"""Whose tickets a CRM record shows (spec R3)."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.deal_links.queries import linked_tickets
from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.bridge.sides.records import SideRecord, Value
from kakehashi.bridge.sides.tickets import Party
from kakehashi.bridge.sync.links import partners, partners_of_merged
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.once import asked_once

from .models import TicketModule

_MOST_CONTACTS = 1_000
_ACCOUNT_FIELDS = ("Account_Name", "Other_Accounts")  # a person may belong to several companies
_MOST_UNLINKED = 100


@asked_once
def connection_showing(org_id: int, module: str) -> Connection | None:
    """The org's living connection, if records of this module show tickets."""
    row = first_row(_showing(org_id, module))
    return row.connection if row else None


@fixed_read
def _showing(org_id: int, module: str) -> QuerySet[TicketModule]:
    rows = TicketModule.objects.select_related("connection").filter(connection__org_id=org_id, module=module)
    return rows.exclude(connection__state=State.DISABLED)


def party_of(connection: Connection, crm: CrmSide, record: SideRecord) -> Party:
    """Account: its own tickets and its contacts'. Deal: those linked to it, those of its contact and account. Others: the person's, by link, else by e-mail."""
    if record.module == "Accounts":
        return _of_account(connection, crm, record.id)
    if record.module == "Deals":
        return _of_deal(connection, crm, record)
    return _of_person(connection, crm, [record])


def emails_of(crm: CrmSide, record: SideRecord) -> tuple[str, ...]:
    """What stands in the e-mail fields of a record."""
    fields = next((module.fields for module in crm.describe() if module.api_name == record.module), ())
    found = (record.values.get(field.api_name) for field in fields if field.type in ("email", "emails"))
    return tuple(dict.fromkeys(email for value in found for email in _emails_in(value)))


def _emails_in(value: Value) -> list[str]:
    """A field holds one address, or several with a word for each."""
    if isinstance(value, list):
        return [str(entry["value"]) for entry in value if isinstance(entry, dict) and entry.get("value")]
    return [str(value)] if value else []


def _of_account(connection: Connection, crm: CrmSide, account_id: int) -> Party:
    accounts = partners(connection, "accounts", [account_id])
    found = (crm.referring("Contacts", field, account_id, limit=_MOST_CONTACTS) for field in _ACCOUNT_FIELDS)
    contact_ids = _once(one for ids in found for one in ids)[:_MOST_CONTACTS]
    people = _of_contacts(connection, crm, contact_ids)
    own = (*accounts.values(), *_of_merged(connection, crm, "Accounts", [account_id]))
    return Party(people.contact_ids, _once(own), people.emails)


def _of_deal(connection: Connection, crm: CrmSide, deal: SideRecord) -> Party:
    contact_id, account_id = deal.values.get("Contact_Name"), deal.values.get("Account_Name")
    parties = [
        _of_contacts(connection, crm, [int(contact_id)]) if contact_id else Party(),
        _of_account(connection, crm, int(account_id)) if account_id else Party(),
    ]
    return Party(
        contact_ids=_once(one for party in parties for one in party.contact_ids),
        account_ids=_once(one for party in parties for one in party.account_ids),
        emails=tuple(dict.fromkeys(one for party in parties for one in party.emails)),
        ticket_ids=linked_tickets(connection, crm, desk_side(connection.portal_id), deal.id),
    )


def _of_contacts(connection: Connection, crm: CrmSide, contact_ids: Sequence[int]) -> Party:
    linked = partners(connection, "contacts", contact_ids)
    unlinked = [one for one in contact_ids if one not in linked][:_MOST_UNLINKED]
    records = crm.fetch("Contacts", unlinked) if unlinked else {}
    emails = [email for record in records.values() if not record.is_deleted for email in emails_of(crm, record)]
    own = (*linked.values(), *_of_merged(connection, crm, "Contacts", contact_ids))
    return Party(contact_ids=_once(own), emails=tuple(dict.fromkeys(emails)))


def _of_person(connection: Connection, crm: CrmSide, records: Sequence[SideRecord]) -> Party:
    linked = partners(connection, "contacts", [one.id for one in records if one.module == "Contacts"])
    emails = [
        email for one in records if one.module != "Contacts" or one.id not in linked for email in emails_of(crm, one)
    ]
    contacts = [one.id for one in records if one.module == "Contacts"]
    own = (*linked.values(), *_of_merged(connection, crm, "Contacts", contacts))
    return Party(contact_ids=_once(own), emails=tuple(dict.fromkeys(emails)))


def _of_merged(connection: Connection, crm: CrmSide, module: str, ids: Sequence[int]) -> Sequence[int]:
    """The Desk records of whatever was merged into these: their tickets are this customer's, too."""
    absorbed = crm.absorbed(module, ids) if ids else ()
    return partners_of_merged(connection, module.lower(), absorbed) if absorbed else ()


def _once(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))
