"""What converted leads became, in words for a list."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

from .models import Conversion


def became(access: CrmAccess, lead_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """By lead: the names of its contact, account and deal, and the address of the page that says more. One query."""
    rows = Conversion.objects.filter(org=access.org, lead__in=list(lead_ids), undone_at=None)
    rows = rows.select_related("contact", "account", "deal").defer(*_UNREAD)
    return {
        row.lead_id: (
            pgettext("between things", ", ").join(
                record.name for record in (row.contact, row.account, row.deal) if record and _is_there(record)
            )
            or "—",
            reverse("crm_conversion", args=[access.org.pk, row.pk]),
        )
        for row in rows
    }


def _is_there(record: Record) -> bool:
    return record.deleted_at is None


_UNREAD = tuple(f"{part}__{column}" for part in ("contact", "account", "deal") for column in ("search", "values"))
