"""Which records a person means: some of a page, or everything that a list shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kakehashi.core.filters.checking import problems_of
from kakehashi.core.filters.definition import Filter, as_json, from_json
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.list_views.choice import ListChoice
from kakehashi.crm.list_views.queries import filtered_records
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records


@dataclass(frozen=True, slots=True)
class Selection:
    """`ids`, or without any everything that fits the filters and the words."""

    ids: tuple[int, ...] = ()
    filters: tuple[Filter, ...] = ()
    text: str = ""
    is_everything: bool = False

    def as_json(self) -> dict[str, Any]:
        if not self.is_everything:
            return {"ids": list(self.ids)}
        return {"filters": [as_json(one) for one in self.filters if one], "text": self.text}


def selection_from_json(data: Mapping[str, Any]) -> Selection:
    if "ids" in data:
        return Selection(ids=tuple(data["ids"]))
    filters = tuple(from_json(one) for one in data["filters"])
    return Selection(filters=filters, text=data["text"], is_everything=True)


def everything_of(choice: ListChoice) -> Selection:
    """Of a view that is only read: nothing."""
    if choice.view.is_of_converted:
        return Selection()
    return Selection(filters=(choice.filter, choice.quick), text=choice.text, is_everything=True)


def selected_records(access: CrmAccess, module: ModuleSchema, selection: Selection) -> QuerySet[Record]:
    """Those of the meant records that this person may see."""
    if selection.is_everything:
        return filtered_records(access, module, selection.filters, selection.text)
    return visible_records(access, module).filter(pk__in=selection.ids)


def selection_problems(module: ModuleSchema, selection: Selection) -> Sequence[str]:
    """A filter of which a part is left out fits more than somebody meant, so nothing is done with all it fits."""
    subjects = subjects_of(module)
    return [str(sentence) for one in selection.filters for sentence in problems_of(one, subjects)]
