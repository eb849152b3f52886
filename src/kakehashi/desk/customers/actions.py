"""Changing contacts and accounts. `values` are keyed by Desk API names (`customers.fields`); custom fields go under `cf`."""

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Draft, Result, record_of, remove, restore, write_many, write_one

from .kinds import ACCOUNT, CONTACT
from .models import Account, Contact


def create_contact(portal: Portal, *, values: Mapping[str, Any], actor: Actor, origin_key: str = "") -> Contact:
    """A new contact. Raises `InvalidValues`."""
    return write_one(CONTACT, portal, Draft(values, origin_key=origin_key), actor)


def update_contact(contact: Contact, *, values: Mapping[str, Any], actor: Actor, version: int | None = None) -> Contact:
    """Change the given fields. Nothing happens when nothing differs. Raises `StaleVersion`, `InvalidValues`."""
    return write_one(CONTACT, contact.portal, Draft(values, contact.pk, version), actor)


def delete_contact(contact: Contact, *, actor: Actor) -> None:
    """Move to the recycle bin. The contact's tickets stay as they are."""
    remove(CONTACT, contact.portal, [contact.pk], actor)


def restore_contact(contact: Contact, *, actor: Actor) -> None:
    restore(CONTACT, contact.portal, [contact.pk], actor)


def write_contacts(portal: Portal, *, drafts: Sequence[Draft], actor: Actor) -> list[Result[Contact]]:
    return write_many(CONTACT, portal, drafts, actor)


def written_contacts(portal: Portal, *, drafts: Sequence[Draft], actor: Actor) -> list[Contact]:
    """All of them. Raises `InvalidValues`, `StaleVersion`."""
    return [record_of(result) for result in write_contacts(portal, drafts=drafts, actor=actor)]


def create_account(portal: Portal, *, values: Mapping[str, Any], actor: Actor, origin_key: str = "") -> Account:
    return write_one(ACCOUNT, portal, Draft(values, origin_key=origin_key), actor)


def update_account(account: Account, *, values: Mapping[str, Any], actor: Actor, version: int | None = None) -> Account:
    return write_one(ACCOUNT, account.portal, Draft(values, account.pk, version), actor)


def delete_account(account: Account, *, actor: Actor) -> None:
    remove(ACCOUNT, account.portal, [account.pk], actor)


def restore_account(account: Account, *, actor: Actor) -> None:
    restore(ACCOUNT, account.portal, [account.pk], actor)


def write_accounts(portal: Portal, *, drafts: Sequence[Draft], actor: Actor) -> list[Result[Account]]:
    return write_many(ACCOUNT, portal, drafts, actor)
