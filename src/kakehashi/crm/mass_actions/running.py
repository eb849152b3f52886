"""Working a mass action, batch by batch. Each batch is one transaction: records, what became of each, and the place behind them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from kakehashi.core import clock
from kakehashi.core.errors import NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.events.subscribers import claim
from kakehashi.core.fields.reasons import Reason
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.records.actions import delete_records, restore_records, write_records
from kakehashi.crm.records.drafts import RecordDraft, RecordResult
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import deletable_records, editable_records, restorable_records
from kakehashi.identity.preferences.time_zones import zone_named

from .models import MassAction, MassActionRow, MassKind, MassRowState, MassState
from .outcomes import CHANGED_SINCE, GONE, NOT_YOURS, Outcome, actor_of, locked, missing, refused
from .selection import selected_records, selection_from_json
from .tagging import tagged_records, tags_put_back, tags_taken_back, untagged_records

BATCH_RECORDS = 500
NO_MODULE = gettext_noop("The module does not exist any more.")
GAVE_UP = gettext_noop(
    "It failed several times and was stopped. What was done stays. Try to go on; if that fails again, the log of the server says why."
)
NO_MEMBER = gettext_noop("Who started this is not a member of the organisation any more.")


def work_off(action_id: int) -> None:
    """To its end, from wherever it is. Does nothing while another process is at it."""
    with claim(f"mass-action:{action_id}") as is_ours:
        if not is_ours:
            return
        action = MassAction.objects.select_related("org", "started_by", "undoes").filter(pk=action_id).first()
        if action is None or action.state != MassState.RUNNING:
            return
        try:
            access = _access_of(action)
        except NotFound:
            _finish(action, MassState.FAILED, NO_MEMBER)
            return
        with timezone.override(zone_named(access.person.time_zone)):
            _work(action, access)


@transaction.atomic
def give_up(action_id: int) -> None:
    """Stop half-way; a person can go on or take back what was done."""
    action = MassAction.objects.select_for_update(of=["self"]).select_related("org").get(pk=action_id)
    if action.state == MassState.RUNNING:
        _finish(action, MassState.FAILED, GAVE_UP)


def _work(action: MassAction, access: CrmAccess) -> None:
    module = access.schema.by_id.get(action.module_id)
    if module is None:
        _finish(action, MassState.FAILED, NO_MODULE)
        return
    while ids := _next_ids(action, access, module):
        with transaction.atomic():
            _work_batch(action, access, module, ids)
    _finish(action, MassState.FINISHED)


def _access_of(action: MassAction) -> CrmAccess:
    if action.started_by is None:
        raise NotFound
    return find_access(action.started_by, action.org_id)


def _next_ids(action: MassAction, access: CrmAccess, module: ModuleSchema) -> list[int]:
    if action.undoes is not None:
        rows = MassActionRow.objects.filter(
            action=action.undoes, state=MassRowState.CHANGED, record_id__gt=action.last_id
        )
        return list(rows.order_by("record_id").values_list("record_id", flat=True)[:BATCH_RECORDS])
    with clock.frozen_at(action.started_at):  # what "today" means to the filter was settled when it began
        meant = selected_records(access, module, selection_from_json(action.selection))
        meant = meant.filter(pk__gt=action.last_id, pk__lte=action.up_to_id)
        return list(meant.order_by("pk").values_list("pk", flat=True)[:BATCH_RECORDS])


def _work_batch(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> None:
    outcomes = sorted(_outcomes(action, access, module, ids), key=lambda outcome: outcome.record_id)
    MassActionRow.objects.bulk_create(_row(action, outcome) for outcome in outcomes)
    states = [outcome.state for outcome in outcomes]
    action.changed_count += states.count(MassRowState.CHANGED)
    action.unchanged_count += states.count(MassRowState.UNCHANGED)
    action.skipped_count += states.count(MassRowState.SKIPPED)
    action.done_count += len(ids)
    action.last_id = ids[-1]
    action.save(update_fields=["changed_count", "unchanged_count", "skipped_count", "done_count", "last_id"])
    write_fact(Fact(action.org.tenant, "crm.mass_action.advanced", "crm.mass_action", action.pk), actor_of(action))


def _outcomes(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> Iterable[Outcome]:
    ways = _WAYS_BACK if action.undoes is not None else _WAYS
    return ways[MassKind(action.kind)](action, access, module, ids)


def _updated(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    """A field that was hidden or locked for this person meanwhile is refused for each record."""
    changes = {name: value for name, value in action.changes.items() if name in module.fields}
    if any(name not in changes or module.fields[name].is_read_only for name in action.changes):
        return [Outcome(pk, MassRowState.SKIPPED, reasons={"": NOT_YOURS}) for pk in ids]
    before = locked(editable_records(access, module), ids)
    drafts = [RecordDraft(changes, record_id=pk) for pk in before]
    old = {pk: {name: value_of(record, name) for name in changes} for pk, record in before.items()}
    results = write_records(module, drafts=drafts, actor=actor_of(action))
    return [*refused(ids, before), *map(_judge, old, old.values(), results)]


def _deleted(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    allowed = locked(deletable_records(access, module), ids)
    gone = set(delete_records(module, record_ids=list(allowed), actor=actor_of(action)))
    states = {pk: MassRowState.CHANGED if pk in gone else MassRowState.UNCHANGED for pk in allowed}
    return [*refused(ids, allowed), *(Outcome(pk, state) for pk, state in states.items())]


def _put_back(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    """The old values, where the record still says what the action wrote."""
    done = action.undoes
    if done is None:
        return []
    rows = MassActionRow.objects.filter(action=done, record_id__in=ids)
    before: dict[int, dict[str, Any]] = {row.record_id: row.before or {} for row in rows}
    now = locked(editable_records(access, module), ids)
    same = {pk for pk, record in now.items() if _still_says(record, done.changes, before[pk])}
    drafts = [RecordDraft(before[pk], record_id=pk) for pk in now if pk in same]
    results = write_records(module, drafts=drafts, actor=actor_of(action))
    changed = [Outcome(pk, MassRowState.SKIPPED, reasons={"": CHANGED_SINCE}) for pk in now if pk not in same]
    judged = [_judge(draft.record_id or 0, {}, result) for draft, result in zip(drafts, results, strict=True)]
    return [*changed, *missing(ids, now), *judged]


def _restored(action: MassAction, access: CrmAccess, module: ModuleSchema, ids: Sequence[int]) -> list[Outcome]:
    allowed = list(restorable_records(access, module).filter(pk__in=ids).values_list("pk", flat=True))
    outcomes = [Outcome(pk, MassRowState.UNCHANGED) for pk in ids if pk not in set(allowed)]
    for pk in allowed:
        problems = restore_records(module, record_ids=[pk], actor=actor_of(action))
        reasons = {
            name: Reason("%(sentence)s", {"sentence": str(text)})
            for one in problems
            for name, text in one.by_field.items()
        }
        outcomes.append(Outcome(pk, MassRowState.SKIPPED if problems else MassRowState.CHANGED, reasons=reasons))
    return outcomes


def value_of(record: Record, name: str) -> Any:
    return record.owner_id if name == "Owner" else record.values.get(name)


def _still_says(record: Record, changes: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    return all(value_of(record, name) == changes.get(name) for name in before)


def _judge(record_id: int, before: Mapping[str, Any], result: RecordResult) -> Outcome:
    if result.state == "updated":
        return Outcome(record_id, MassRowState.CHANGED, before)
    if result.state == "unchanged":
        return Outcome(record_id, MassRowState.UNCHANGED)
    return Outcome(record_id, MassRowState.SKIPPED, reasons=result.reasons or {"": GONE})


def _row(action: MassAction, outcome: Outcome) -> MassActionRow:
    reasons = [[name, *reason.as_json()] for name, reason in outcome.reasons.items()]
    before = dict(outcome.before) if outcome.before else None
    return MassActionRow(
        action=action, record_id=outcome.record_id, state=outcome.state, before=before, reasons=reasons
    )


def _finish(action: MassAction, state: MassState, failure: str = "") -> None:
    with transaction.atomic():
        action.state, action.finished_at, action.failure = state, clock.now(), failure
        action.save(update_fields=["state", "finished_at", "failure"])
        counts = {name: getattr(action, name) for name in ("changed_count", "unchanged_count", "skipped_count")}
        fact = Fact(action.org.tenant, f"crm.mass_action.{state.value}", "crm.mass_action", action.pk, counts)
        write_fact(fact, actor_of(action))


_WAYS = {
    MassKind.UPDATE: _updated,
    MassKind.DELETE: _deleted,
    MassKind.TAG: tagged_records,
    MassKind.UNTAG: untagged_records,
}
_WAYS_BACK = {
    MassKind.UPDATE: _put_back,
    MassKind.DELETE: _restored,
    MassKind.TAG: tags_taken_back,
    MassKind.UNTAG: tags_put_back,
}
