"""Ways to lay a module's records out beside the table: all of them share the list's address, filters and search."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class ListLayout:
    """`render` makes what stands in the place of the table, from the records that the list's filters let through."""

    key: str
    label: Text
    icon: str
    shows: Callable[[ModuleSchema], bool]
    render: Callable[[HttpRequest, CrmAccess, ModuleSchema, QuerySet[Record]], SafeString]


LIST_LAYOUTS: Slot[ListLayout] = Slot("list layouts")
TABLE = "table"


def layouts_of(module: ModuleSchema) -> list[ListLayout]:
    return [layout for layout in LIST_LAYOUTS if layout.shows(module)]
