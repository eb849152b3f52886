"""The icon with a number on records: what of them a person has not read yet. One query, however many records."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.crm.orgs.access import CrmAccess

from .models import Signal
from .queries import shown_to

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """`live` names the subject that changes when the number does."""

    record_id: int
    count: int
    live: str


def marks_of(access: CrmAccess, record_ids: Sequence[int]) -> Mapping[int, Mark]:
    """For each of the records."""
    found: Counter[int] = Counter()
    if record_ids:
        for (about,) in _unread(access.org.pk, access.person.pk, list(record_ids)):
            found.update(set(about) & set(record_ids))
    return {pk: Mark(pk, found[pk], f"crm.signals:{access.person.pk}") for pk in record_ids}


@fixed_read
def _unread(org_id: int, person_id: int, record_ids: Sequence[int]) -> QuerySet[Signal, tuple[list[int]]]:
    unread = shown_to(org_id, person_id).filter(read_at=None, snoozed_until=None, about__any_among=record_ids)
    return unread.order_by().values_list("about")


def mark_context(access: CrmAccess, module_name: str, record_id: int) -> dict[str, Any]:
    """For the icon on a record's page."""
    address = [access.org.pk, module_name, record_id]
    return {
        "mark": marks_of(access, [record_id])[record_id],
        "mark_url": reverse("crm_record_mark", args=address),
        "mark_list_url": reverse("crm_record_signals", args=address),
    }
