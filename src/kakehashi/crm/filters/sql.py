"""A filter over records of one module."""

from collections.abc import Sequence
from functools import partial

from django.db.models import Q

from kakehashi.core.filters import sql
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.sql import Viewer
from kakehashi.core.filters.subjects import Subjects
from kakehashi.crm.records.models import RecordLookup


def as_q(asked: Filter, subjects: Subjects, viewer: Viewer, *, module_id: int, org_id: int) -> Q:
    """A filter whose conditions are usable (`checking.usable`) as a `Q` over records of one module."""
    return sql.as_q(asked, subjects, viewer, tenant_id=org_id, links=partial(_linked, module_id))


def _linked(module_id: int, field: str, ids: Sequence[int]) -> Q:
    links = RecordLookup.objects.filter(module_id=module_id, field=field, target_id__in=ids)
    return Q(pk__in=links.values("record_id"))
