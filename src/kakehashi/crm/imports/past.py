"""What was chosen the last time for a file with the same heading is what is meant this time, too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from kakehashi.crm.modules.schema import ModuleSchema

from .columns import Column, columns_from_json, targets
from .guessing import BY_PAST, is_our_own
from .matching import match_choices
from .models import Import, ImportState

_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class PastChoices:
    import_id: int
    columns: list[Column]
    match_fields: list[str]
    policy: str
    fills_only: bool


def past_choices(source: Import, headers: Sequence[str], module: ModuleSchema) -> PastChoices | None:
    """Of the latest import into this module whose columns are these; result columns of our own files may have been added."""
    wanted = _names(headers)
    for earlier in _started(source):
        columns = columns_from_json(earlier.columns)
        if wanted == _names([column.header for column in columns]):
            return _again(earlier, columns, headers, module)
    return None


def _started(source: Import) -> QuerySet[Import]:
    states = [ImportState.RUNNING, ImportState.FINISHED, ImportState.STOPPED, ImportState.UNDONE]
    imports = Import.objects.filter(
        org_id=source.org_id, module_id=source.module_id, has_heading=True, state__in=states
    )
    return imports.exclude(pk=source.pk).order_by("-pk")[:_LOOKED_AT]


def _names(headers: Sequence[str]) -> list[str]:
    return [header for header in headers if not is_our_own(header)]


def _again(earlier: Import, columns: Sequence[Column], headers: Sequence[str], module: ModuleSchema) -> PastChoices:
    """In the order of the new file; a field that went away meanwhile is left out."""
    offered = set(targets(module))
    waiting = [column for column in columns if not is_our_own(column.header)]
    again = []
    for header in headers:
        column = Column(header) if is_our_own(header) else waiting.pop(0)
        again.append(replace(column, why=BY_PAST, is_made=False) if column.field in offered else Column(header))
    known = set(match_choices(module))
    return PastChoices(
        earlier.pk, again, [key for key in earlier.match_fields if key in known], earlier.policy, earlier.fills_only
    )
