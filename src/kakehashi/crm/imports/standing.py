"""What the page of an import shows at each of its states."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .actions import choices_of
from .mapping import ENCODINGS
from .models import Import, ImportState, RowState, UndoState
from .progress import pace_of, words_of
from .results import counters, kept_records, page_of_rows, shown_rows, undo_labels
from .running import COUNTERS, SAMPLES_PER_STATE
from .undoing import undo_counts

WORKING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
_BEFORE_THE_RUN = (ImportState.CHECKING, ImportState.CHECKED)
_ENDED = (ImportState.FINISHED, ImportState.STOPPED, ImportState.FAILED)
_ADDRESSES = (
    "mapping", "progress", "start", "stopping", "resumption", "undoing", "undoing_changed", "failed", "result",
)  # fmt: skip


def result_context(request: HttpRequest, access: CrmAccess, source: Import, module: ModuleSchema) -> dict[str, Any]:
    state = request.GET.get("state", "")
    state = state if state in RowState.values else ""
    address = [access.org.pk, source.pk]
    page = page_of_rows(source, state, request.GET.get("page", "1"))
    return {
        "source": source,
        "module": module,
        "encoding": ENCODINGS.get(source.encoding, source.encoding),
        "page": page,
        "rows": shown_rows(source, page.object_list, access, module),
        "counters": counters(source, state, reverse("crm_import", args=address)),
        "is_working": source.state in WORKING,
        "is_sample": any(getattr(source, name) > SAMPLES_PER_STATE for name in COUNTERS.values()),
        "is_dry": source.state in _BEFORE_THE_RUN,
        "may_undo": source.state in _ENDED
        and bool(source.created_count or source.updated_count or source.named_count)
        and access.may("delete_records", module),
        "may_undo_more": source.state == ImportState.UNDONE and access.may("delete_records", module),
        "made_fields": [
            module.fields[column.field].label
            for column in choices_of(source).columns
            if column.is_made and column.field in module.fields
        ],
        "not_taken": source.failed_count + source.ambiguous_count,
        "will_write": source.created_count + source.updated_count,
        "urls": {name: reverse(f"crm_import_{name}", args=address) for name in _ADDRESSES},
        "list_url": reverse("crm_list", args=[access.org.pk, module.api_name]),
        "new_url": reverse("crm_import_new", args=[access.org.pk, module.api_name]),
        "step": 3 if source.state in _BEFORE_THE_RUN else 4,
        **_work_context(source),
        **_undo_context(access, source, module),
    }


def _work_context(source: Import) -> dict[str, Any]:
    if source.state not in WORKING:
        return {}
    done, total, began = source.rows_done, source.rows_total, source.began_rows
    if source.state == ImportState.UNDOING:
        counts = undo_counts(source)
        total = sum(counts.values())
        done, began = total - counts.get("", 0), 0
    pace = pace_of(done=done, began_rows=began, total=total, began_at=source.began_at, now=clock.now())
    return {"done": done, "total": total, "pace": words_of(pace)}


def _undo_context(access: CrmAccess, source: Import, module: ModuleSchema) -> dict[str, Any]:
    if source.state != ImportState.UNDONE:
        return {}
    counts = undo_counts(source)
    return {
        "undone": [(label, counts.get(state, 0)) for state, label in undo_labels().items()],
        "kept_count": counts.get(UndoState.KEPT, 0),
        "kept": kept_records(source, access, module),
    }
