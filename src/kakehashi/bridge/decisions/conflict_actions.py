"""Settling conflicts: one or several at once, for now or for always."""

from collections.abc import Mapping

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, Deed
from kakehashi.bridge.connection.steps import note
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.conflicts import choose
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.marking import Mark, mark
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.setting_models import ConflictRule, FieldMapping, SyncedModule
from kakehashi.bridge.sync_mapping.actions import store
from kakehashi.bridge.sync_mapping.drafts import default_drafts, fields_now
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

_RULES: Mapping[SideName, ConflictRule] = {"crm": ConflictRule.CRM_WINS, "desk": ConflictRule.DESK_WINS}


@transaction.atomic
def settle(connection: Connection, choices: Mapping[int, SideName], *, actor: Actor) -> int:
    """{conflict: whose value holds}. Those that are settled meanwhile are left out. Answers how many were decided."""
    decided = 0
    for conflict_id, side in sorted(choices.items()):
        try:
            choose(connection, conflict_id, side, actor=actor)
            decided += 1
        except NotFound:
            continue
    return decided


@transaction.atomic
def settle_for_always(connection: Connection, conflict_id: int, side: SideName, *, actor: Actor) -> Conflict:
    """From now on this side wins for the field, of every record; what else waits about it is decided by that, too. Raises `NotFound`."""
    conflict = Conflict.objects.filter(connection=connection, pk=conflict_id).first()
    if conflict is None:
        raise NotFound
    synced = SyncedModule.objects.select_for_update().get(connection=connection, module=conflict.module)
    if not synced.fields.exists():
        module = BY_NAME[conflict.module]
        fields = fields_now(crm_side(connection.org_id), desk_side(connection.portal_id), module)
        store(synced, default_drafts(module, fields))
    before = FieldMapping.objects.filter(synced=synced, desk=conflict.field).first()
    choose(connection, conflict_id, side, actor=actor, always=True)
    _look_at_others(connection, conflict)
    if before and before.rule != _RULES[side]:
        note(
            connection,
            Deed.FIELDS_MAPPED,
            actor,
            module=str(Module(conflict.module).label),
            changes={"fields": (_told(before, before.rule), _told(before, _RULES[side]))},
        )
    return conflict


def _look_at_others(connection: Connection, conflict: Conflict) -> None:
    same = Conflict.objects.filter(connection=connection, module=conflict.module, field=conflict.field)
    ids = same.values_list("link__crm_id", flat=True)
    mark(connection.pk, [Mark(BY_NAME[conflict.module].name, "crm", one) for one in ids if one is not None])


def _told(pair: FieldMapping, rule: str) -> str:
    return f"{pair.crm} ↔ {pair.desk}: {ConflictRule(rule).label}"
