"""Changing how a module is kept in step (spec Y2, Y4, Y5, Y7). What is on stays on (Y9); every change is written down with who made it."""

from collections.abc import Mapping

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, Deed, State
from kakehashi.bridge.connection.steps import note
from kakehashi.bridge.sync.models import Link, Module, Run
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.events.subscribers import await_claim

from .chosen import Settings, settings_of
from .words import changes_between


@transaction.atomic
def add_module(connection: Connection, module: str, wanted: Settings, *, actor: Actor) -> SyncedModule:
    """One more module to keep in step. It waits to be started (`start_module`), except before a first sync, whose plan it joins.

    One that is there already is changed instead.
    """
    await_claim(connection.claim)
    is_planned = connection.state == State.PLANNED
    defaults = {**_columns(wanted), "is_started": is_planned}
    synced, is_new = SyncedModule.objects.get_or_create(connection=connection, module=module, defaults=defaults)
    if not is_new:
        return change_settings(connection, module, wanted, actor=actor)
    note(connection, Deed.MODULE_ADDED, actor, module=str(Module(module).label))
    if is_planned:
        look_at_everything(connection)
    return synced


@transaction.atomic
def start_module(connection: Connection, module: str, *, actor: Actor) -> None:
    """Look at all of its records from now on. Nothing happens to one that is started. Raises `NotFound`."""
    await_claim(connection.claim)
    synced = _waiting(connection, module)
    if synced is None:
        return
    synced.is_started = True
    synced.save(update_fields=["is_started"])
    note(connection, Deed.MODULE_STARTED, actor, module=str(Module(module).label))
    look_at_everything(connection)


@transaction.atomic
def remove_module(connection: Connection, module: str, *, actor: Actor) -> bool:
    """One that was never started. Nothing happens to one that was: it stays, and the answer is False. Raises `NotFound`."""
    await_claim(connection.claim)
    synced = _waiting(connection, module)
    if synced is None:
        return False
    synced.delete()
    note(connection, Deed.MODULE_REMOVED, actor, module=str(Module(module).label))
    return True


def _waiting(connection: Connection, module: str) -> SyncedModule | None:
    synced = SyncedModule.objects.select_for_update().filter(connection=connection, module=module).first()
    if synced is None:
        raise NotFound
    return None if synced.is_started else synced


@transaction.atomic
def change_settings(connection: Connection, module: str, wanted: Settings, *, actor: Actor) -> SyncedModule:
    """What changed for records that are there is carried out by a comparison. Raises `SyncedModule.DoesNotExist`."""
    await_claim(connection.claim)
    synced = SyncedModule.objects.select_for_update().get(connection=connection, module=module)
    before = settings_of(synced)
    if before == wanted:
        return synced
    for name, value in _columns(wanted).items():
        setattr(synced, name, value)
    synced.save()
    note(
        connection,
        Deed.SYNC_CHANGED,
        actor,
        module=str(Module(module).label),
        changes=changes_between(connection, before, wanted),
    )
    if wanted.direction == Direction.TO_DESK and before.direction != wanted.direction:
        _forget_desk_records_in_question(connection, module)
    if synced.is_started and _concerns_what_is_there(before, wanted):
        look_at_everything(connection)
    return synced


def look_at_everything(connection: Connection) -> Run:
    """In the caller's transaction, under the connection's claim: whatever walk is in progress begins anew, by the rules of now."""
    running = Run.objects.filter(connection=connection, finished_at=None).first()
    if running:
        Run.objects.filter(pk=running.pk).update(finished_at=clock.now())
        return start_run(connection, Run.Kind(running.kind))
    return start_run(connection, Run.Kind.PLAN if connection.state == State.PLANNED else Run.Kind.COMPARE)


def _columns(wanted: Settings) -> Mapping[str, object]:
    return {
        "direction": wanted.direction,
        "delete_rule": wanted.delete_rule,
        "match_secondary": wanted.match_secondary,
        "secondary_overwrites": wanted.secondary_overwrites,
        "department_ids": sorted(wanted.department_ids),
        "owner_id": wanted.owner_id,
    }


def _concerns_what_is_there(before: Settings, wanted: Settings) -> bool:
    return (before.direction, before.match_secondary) != (wanted.direction, wanted.match_secondary)


def _forget_desk_records_in_question(connection: Connection, module: str) -> None:
    """One-way, a Desk record without a partner is nobody's business: no one is asked about it any more."""
    Link.objects.filter(
        connection=connection, module=module, state__in=[Link.State.HELD, Link.State.OUTSIDE], crm_id=None
    ).delete()
