"""Tags of many records: a batch put on or taken off, and each of them back. `before` of a row holds just the tags it was about."""

from collections.abc import Iterable, Mapping, Sequence

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import editable_records
from kakehashi.crm.tags.actions import put_tags, take_tags

from .models import MassAction, MassActionRow, MassRowState
from .outcomes import Outcome, actor_of, locked, missing, refused


def tagged_records(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    allowed = locked(editable_records(access, module), ids)
    changed = put_tags(module, dict.fromkeys(allowed, action.changes["tags"]), actor=actor_of(action))
    return [*refused(ids, allowed), *_judge(allowed, changed)]


def untagged_records(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    allowed = locked(editable_records(access, module), ids)
    changed = take_tags(module, dict.fromkeys(allowed, action.changes["tags"]), actor=actor_of(action))
    return [*refused(ids, allowed), *_judge(allowed, changed)]


def tags_taken_back(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    """Those that the action put there; what the record carried before stays."""
    now = locked(editable_records(access, module), ids)
    changed = take_tags(module, _before(action, now), actor=actor_of(action))
    return [*missing(ids, now), *_judge(now, changed)]


def tags_put_back(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    """Those that the action took away, unless a tag is gone for all by now."""
    now = locked(editable_records(access, module), ids)
    changed = put_tags(module, _before(action, now), actor=actor_of(action))
    return [*missing(ids, now), *_judge(now, changed)]


def _before(action: MassAction, records: Mapping[int, Record]) -> dict[int, list[int]]:
    rows = MassActionRow.objects.filter(action=action.undoes, record_id__in=list(records))
    return {row.record_id: (row.before or {}).get("tags", []) for row in rows}


def _judge(records: Iterable[int], changed: Mapping[int, Sequence[int]]) -> list[Outcome]:
    return [
        Outcome(pk, MassRowState.CHANGED, {"tags": list(changed[pk])})
        if pk in changed
        else Outcome(pk, MassRowState.UNCHANGED)
        for pk in records
    ]
