"""The five modules that every org starts with."""

from .accounts import ACCOUNTS
from .contacts import CONTACTS
from .deals import DEALS
from .definition import StandardModule
from .leads import LEADS
from .own import OWN_MODULE
from .products import PRODUCTS

STANDARD_MODULES: dict[str, StandardModule] = {
    module.api_name: module for module in (LEADS, CONTACTS, ACCOUNTS, DEALS, PRODUCTS)
}

__all__ = ["OWN_MODULE", "STANDARD_MODULES", "StandardModule"]
