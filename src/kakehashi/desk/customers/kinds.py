"""How contacts and accounts are written: what is derived from what was typed, and which references are checked."""

from collections.abc import Sequence
from typing import Any

from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.search.tokens import index_tokens, phone_tokens
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import NO_SUCH_ACCOUNT, Kind

from .fields import ACCOUNT_FIELDS, CONTACT_FIELDS
from .models import Account, Contact


def derive_contact(contact: Contact) -> None:
    contact.name_normal = normal_name(contact.name)[:200]
    contact.email_normal = normal_email(contact.email)
    contact.secondary_email_normal = normal_email(contact.secondary_email)
    contact.phone_normal = normal_phone(contact.phone)[:40]
    contact.mobile_normal = normal_phone(contact.mobile)[:40]
    texts = (contact.last_name, contact.first_name, contact.email, contact.secondary_email, contact.title, contact.city)
    contact.search = [
        *index_tokens(" ".join(texts)),
        *phone_tokens(contact.phone_normal),
        *phone_tokens(contact.mobile_normal),
    ]


def derive_account(account: Account) -> None:
    account.name_normal = normal_name(account.account_name)[:200]
    account.phone_normal = normal_phone(account.phone)[:40]
    texts = (account.account_name, account.email, account.website, account.industry, account.city)
    account.search = [*index_tokens(" ".join(texts)), *phone_tokens(account.phone_normal)]


def check_accounts(portal: Portal, contacts: Sequence[Contact]) -> dict[int, dict[str, Any]]:
    """Contacts whose account is not a live one of this portal."""
    wanted = {contact.account_id for contact in contacts if contact.account_id}
    if not wanted:
        return {}
    found = set(
        Account.objects.filter(portal=portal, id__in=wanted, deleted_at__isnull=True).values_list("id", flat=True)
    )
    return {
        index: {"accountId": NO_SUCH_ACCOUNT}
        for index, contact in enumerate(contacts)
        if contact.account_id and contact.account_id not in found
    }


CONTACT: Kind[Contact] = Kind(
    "contact",
    Contact,
    CONTACT_FIELDS,
    derive_contact,
    ("name_normal", "email_normal", "secondary_email_normal", "phone_normal", "mobile_normal", "search"),
    check_accounts,
)
ACCOUNT: Kind[Account] = Kind(
    "account", Account, ACCOUNT_FIELDS, derive_account, ("name_normal", "phone_normal", "search")
)
