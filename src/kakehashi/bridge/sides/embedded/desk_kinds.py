"""The modules of our own Desk that are kept in step with a CRM."""

from collections.abc import Mapping
from typing import Any

from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.products.kinds import PRODUCT
from kakehashi.desk.records.writing import Kind

KINDS: Mapping[str, Kind[Any]] = {"contacts": CONTACT, "accounts": ACCOUNT, "products": PRODUCT}
