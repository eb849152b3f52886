"""Leads that were converted, and where they could go."""

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.core.errors import NotFound
from kakehashi.crm.merging.candidates import Candidate, find_candidates
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import GoneAs, Record
from kakehashi.crm.records.queries import visible_records

from .actions import DEALS, LEADS
from .mapping import values_for
from .models import Conversion

_MOST = 5


def find_conversion(access: CrmAccess, conversion_id: int) -> Conversion:
    """If this person could see the lead. Raises `NotFound`."""
    rows = Conversion.objects.select_related("lead", "contact", "account", "deal").filter(org=access.org)
    conversion = rows.filter(pk=conversion_id).first()
    if conversion is None or not access.reaches("see_all_records", conversion.lead.module_id, conversion.lead.owner_id):
        raise NotFound
    return conversion


def conversion_of(org: Org, lead_id: int) -> int | None:
    """The standing conversion of a lead that is out of sight because of it."""
    rows = Conversion.objects.filter(org=org, lead_id=lead_id, undone_at=None, lead__gone_as=GoneAs.CONVERTED)
    return rows.values_list("pk", flat=True).first()


def suggested(access: CrmAccess, module_name: str, lead: Record) -> list[Candidate]:
    """Records of a module that this lead could be already, by address, phone, and names."""
    module = access.schema[module_name]
    values: Mapping[str, Any] = values_for(module, lead.values, access.schema[LEADS])
    return find_candidates(access, module, values)[:_MOST]


def suggested_deals(access: CrmAccess, account_ids: Sequence[int]) -> list[Record]:
    """The latest deals of the accounts that are suggested."""
    if not account_ids or DEALS not in access.schema:
        return []
    module = access.schema[DEALS]
    deals = visible_records(access, module).filter(
        lookups__field="Account_Name", lookups__target_id__in=account_ids, lookups__module_id=module.id
    )
    return list(deals.order_by("-pk")[:_MOST])
