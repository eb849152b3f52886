"""The records that an address asks for, for whoever lays them out in another way than a table."""

from django.db.models import QuerySet
from django.http import QueryDict

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

from .choice import read_choice
from .queries import chosen_records
from .view_queries import views_of


def requested_records(access: CrmAccess, module: ModuleSchema, query: QueryDict) -> QuerySet[Record]:
    """Raises `NotFound` for a view that this person does not have."""
    view = views_of(access, module).chosen(query.get("view", ""))
    return chosen_records(access, module, read_choice(query, module, view))
