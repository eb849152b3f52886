"""What can be merged, and in which words and on which pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import NotFound, Text
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.products.kinds import PRODUCT
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.writing import Kind

KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in (CONTACT, ACCOUNT, PRODUCT)}


def kind_named(name: str) -> Kind[Any]:
    """Raises `NotFound`."""
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def kind_of(record: DeskRecord) -> Kind[Any]:
    return next(kind for kind in KINDS.values() if isinstance(record, kind.model))


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a kind's records are shown, and in which words."""

    page: str
    list: str
    tab: str
    plural: Text
    icon: str

    def url(self, portal_id: int, record_id: int) -> str:
        return reverse(self.page, args=[portal_id, record_id])


PAGES: Mapping[str, Pages] = {
    "contact": Pages("desk_contact", "desk_contacts", "contacts", _("Contacts"), "user"),
    "account": Pages("desk_account", "desk_accounts", "accounts", _("Accounts"), "building"),
    "product": Pages("desk_product", "desk_products", "products", _("Products"), "package"),
}
