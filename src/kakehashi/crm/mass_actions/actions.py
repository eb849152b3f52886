"""Beginning a change of many records, and taking one back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.queries import visible_records
from kakehashi.crm.tags.actions import find_or_make
from kakehashi.crm.tags.models import Tag
from kakehashi.crm.tags.queries import tags_in

from .jobs import run_mass_action
from .models import MassAction, MassKind, MassState
from .running import BATCH_RECORDS, work_off
from .selection import Selection, selected_records, selection_problems

MOST_TAGS = 20


class SelectionIsUnclear(ProductError):
    """The filter has parts that cannot be asked any more."""

    code = "selection_is_unclear"
    status = 422


class CannotBeUndone(ProductError):
    """It was taken back already, is still running, or is a taking back itself."""

    code = "cannot_be_undone"
    status = 409
    message = gettext_lazy("This was taken back already, or it is still running.")


class CannotGoOn(ProductError):
    """It did not fail, was taken back, or somebody else began it."""

    code = "cannot_go_on"
    status = 409
    message = gettext_lazy("This is not waiting to go on. Look at its page again.")


def start_mass_update(
    access: CrmAccess, *, module: ModuleSchema, selection: Selection, changes: Mapping[str, Any]
) -> MassAction:
    """Set fields of many records. Few are done at once, many by a job. Raises `NotAllowed`, `SelectionIsUnclear`."""
    access.require("edit_records", module)
    return _start(access, module, MassKind.UPDATE, selection, lambda: changes)


def start_mass_deletion(access: CrmAccess, *, module: ModuleSchema, selection: Selection) -> MassAction:
    """Many into the recycle bin. Raises `NotAllowed`, `SelectionIsUnclear`."""
    access.require("delete_records", module)
    return _start(access, module, MassKind.DELETE, selection, dict)


def start_mass_tagging(
    access: CrmAccess, *, module: ModuleSchema, selection: Selection, names: Sequence[str]
) -> MassAction:
    """Put tags on many records; those of a new name come into being. Raises `NotAllowed`, `SelectionIsUnclear`, `InvalidValues`."""
    access.require("edit_records", module)
    names = _some(names)
    return _start(
        access,
        module,
        MassKind.TAG,
        selection,
        lambda: _tag_changes([find_or_make(module.org_id, module.id, name, access.actor) for name in names]),
    )


def start_mass_untagging(
    access: CrmAccess, *, module: ModuleSchema, selection: Selection, names: Sequence[str]
) -> MassAction:
    """Take tags off many records. Raises `NotAllowed`, `SelectionIsUnclear`, `InvalidValues`."""
    access.require("edit_records", module)
    tags = list(tags_in(module).filter(name__in=_some(names)))
    _some([tag.name for tag in tags])
    return _start(access, module, MassKind.UNTAG, selection, lambda: _tag_changes(tags))


def undo_mass_action(access: CrmAccess, action: MassAction) -> MassAction:
    """Put back what it overwrote, where nobody changed it since. Raises `CannotBeUndone`."""
    with transaction.atomic():
        done = MassAction.objects.select_for_update().get(pk=action.pk)
        if not may_undo(done):
            raise CannotBeUndone
        total = done.changed_count
        undo = _store(access, done.module_id, done.kind, {}, {"ids": []}, total=total, undoes=done)
    return _run(undo)


def resume_mass_action(access: CrmAccess, action: MassAction) -> MassAction:
    """Go on where it failed, as the person who began it. Raises `CannotGoOn`."""
    with transaction.atomic():
        failed = MassAction.objects.select_for_update().get(pk=action.pk)
        if not may_resume(access, failed):
            raise CannotGoOn
        failed.state, failed.failure, failed.finished_at = MassState.RUNNING, "", None
        failed.save(update_fields=["state", "failure", "finished_at"])
        write_fact(Fact(access.org.tenant, "crm.mass_action.resumed", "crm.mass_action", failed.pk), access.actor)
        run_mass_action.defer(action_id=failed.pk)
    return failed


def may_resume(access: CrmAccess, action: MassAction) -> bool:
    """Only who began it: it works with their rights, and its filter may mean their records."""
    is_own = action.started_by_id == access.person.pk
    return is_own and action.state == MassState.FAILED and not MassAction.objects.filter(undoes=action).exists()


def may_undo(action: MassAction) -> bool:
    is_over = action.state != MassState.RUNNING and action.changed_count > 0
    return is_over and action.undoes_id is None and not MassAction.objects.filter(undoes=action).exists()


def _start(
    access: CrmAccess,
    module: ModuleSchema,
    kind: MassKind,
    selection: Selection,
    changes: Callable[[], Mapping[str, Any]],
) -> MassAction:
    """`changes` is asked for in the transaction of the action, so that what it makes comes with it or not at all."""
    if problems := selection_problems(module, selection):
        raise SelectionIsUnclear(_("Correct the filter first.") + " " + " ".join(problems))
    total = selected_records(access, module, selection).order_by().count()
    last = visible_records(access, module).order_by().aggregate(last=Max("pk"))["last"] or 0
    with transaction.atomic():
        action = _store(access, module.id, kind, changes(), selection.as_json(), total=total, up_to_id=last)
    return _run(action)


def _some(names: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if not chosen:
        raise InvalidValues({"tags": gettext_lazy("Choose at least one.")})
    return chosen[:MOST_TAGS]


def _tag_changes(tags: Sequence[Tag]) -> dict[str, Any]:
    return {"tags": [tag.pk for tag in tags], "names": [tag.name for tag in tags]}


def _store(
    access: CrmAccess, module_id: int, kind: str, changes: Mapping[str, Any], selection: Mapping[str, Any], **more: Any
) -> MassAction:
    action = MassAction.objects.create(
        org=access.org,
        module_id=module_id,
        kind=kind,
        changes=dict(changes),
        selection=dict(selection),
        started_by=access.person,
        started_by_name=access.person.name,
        **more,
    )
    data = {"kind": kind, "total": action.total, "fields": sorted(changes), "undoes": action.undoes_id}
    write_fact(Fact(access.org.tenant, "crm.mass_action.started", "crm.mass_action", action.pk, data), access.actor)
    run_mass_action.defer(action_id=action.pk)
    return action


def _run(action: MassAction) -> MassAction:
    """What fits one batch is done before the answer; the job then finds nothing left to do."""
    if action.total <= BATCH_RECORDS:
        work_off(action.pk)
        action.refresh_from_db()
    return action
