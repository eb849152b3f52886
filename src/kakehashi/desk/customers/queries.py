"""Reading contacts and accounts."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal

from .models import Account, Contact


def visible_contacts(access: DeskAccess) -> QuerySet[Contact]:
    contacts = Contact.objects.filter(portal=access.portal, deleted_at__isnull=True)
    return contacts.select_related("account").defer("search", "account__search")


def visible_accounts(access: DeskAccess) -> QuerySet[Account]:
    return Account.objects.filter(portal=access.portal, deleted_at__isnull=True).defer("search")


def find_contact(access: DeskAccess, contact_id: int) -> Contact:
    """A contact of the portal, in the recycle bin too. Raises `NotFound`."""
    contacts = Contact.objects.filter(portal=access.portal, pk=contact_id).select_related("account").defer("search")
    if (contact := contacts.first()) is None:
        raise NotFound
    contact.portal = access.portal
    return contact


def find_account(access: DeskAccess, account_id: int) -> Account:
    account = Account.objects.filter(portal=access.portal, pk=account_id).defer("search").first()
    if account is None:
        raise NotFound
    account.portal = access.portal
    return account


def contact_ids_of(account: Account) -> tuple[int, ...]:
    """Its live contacts, up to two thousand."""
    contacts = Contact.objects.filter(portal_id=account.portal_id, account=account, deleted_at__isnull=True)
    return tuple(contacts.order_by("name_normal", "id").values_list("id", flat=True)[:2_000])


def contacts_by_key(portal: Portal, field_name: str, values: Sequence[Any]) -> dict[Any, tuple[int, ...]]:
    """Live contacts by "email" or "secondaryEmail", compared normalised. Every value asked for is a key of the answer."""
    column = {"email": "email_normal", "secondaryEmail": "secondary_email_normal"}[field_name]
    return _by_key(Contact.objects.filter(portal=portal), column, {value: normal_email(str(value)) for value in values})


def accounts_by_name(portal: Portal, values: Sequence[str]) -> dict[str, tuple[int, ...]]:
    return _by_key(Account.objects.filter(portal=portal), "name_normal", {v: normal_name(v)[:200] for v in values})


def _by_key(rows: QuerySet[Any], column: str, wanted: dict[Any, str]) -> dict[Any, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    keys = {key for key in wanted.values() if key}
    live = rows.filter(deleted_at__isnull=True, **{f"{column}__in": keys}).order_by("id")
    for key, record_id in live.values_list(column, "id"):
        found.setdefault(key, []).append(record_id)
    return {value: tuple(found.get(key, ())) for value, key in wanted.items()}


def account_names(portal: Portal, ids: Collection[int]) -> dict[int, str]:
    """Names of accounts, those out of sight too. No query where none is asked for."""
    rows = Account.objects.filter(portal=portal, pk__in=ids) if ids else Account.objects.none()
    return dict(rows.values_list("pk", "account_name"))
