"""How contacts and accounts are written: what is derived from what was typed, and which references are checked."""

from collections.abc import Sequence
from typing import Any

from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.searching import tokens_of
from kakehashi.desk.records.writing import NO_SUCH_ACCOUNT, Kind

from .fields import ACCOUNT_FIELDS, CONTACT_FIELDS
from .models import Account, Contact


def derive_contact(contact: Contact) -> None:
    contact.name_normal = normal_name(contact.name)[:200]
    contact.email_normal = normal_email(contact.email)
    contact.secondary_email_normal = normal_email(contact.secondary_email)
    contact.phone_normal = normal_phone(contact.phone)[:40]
    contact.mobile_normal = normal_phone(contact.mobile)[:40]
    contact.more_emails_normal = [normal for text in contact.more_emails if (normal := normal_email(text))]
    contact.more_phones_normal = [normal for text in contact.more_phones if (normal := normal_phone(text)[:40])]
    texts = (contact.last_name, contact.first_name, *contact.emails, contact.title, contact.city)
    numbers = (contact.phone_normal, contact.mobile_normal, *contact.more_phones_normal)
    contact.search = tokens_of(contact.portal_id, " ".join(texts), numbers)


def derive_account(account: Account) -> None:
    account.name_normal = normal_name(account.account_name)[:200]
    account.phone_normal = normal_phone(account.phone)[:40]
    texts = (account.account_name, account.email, account.website, account.industry, account.city)
    account.search = tokens_of(account.portal_id, " ".join(texts), [account.phone_normal])


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
    (
        "name_normal",
        "email_normal",
        "secondary_email_normal",
        "more_emails_normal",
        "phone_normal",
        "mobile_normal",
        "more_phones_normal",
        "search",
    ),
    check_accounts,
)
ACCOUNT: Kind[Account] = Kind(
    "account", Account, ACCOUNT_FIELDS, derive_account, ("name_normal", "phone_normal", "search")
)
