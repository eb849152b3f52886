"""Changing which records of a side are synced."""

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, Deed
from kakehashi.bridge.connection.steps import note
from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.bridge.sync_settings.actions import look_at_everything
from kakehashi.bridge.sync_settings.words import scope_in_words
from kakehashi.core.actors import Actor
from kakehashi.core.events.subscribers import await_claim
from kakehashi.core.filters.definition import Filter, as_json


@transaction.atomic
def change_scope(connection: Connection, module: str, side: SideName, asked: Filter, *, actor: Actor) -> bool:
    """Every record without a partner is asked anew; pairs stay. Answers whether anything changed. Raises `SyncedModule.DoesNotExist`."""
    await_claim(connection.claim)
    synced = SyncedModule.objects.select_for_update().get(connection=connection, module=module)
    before = synced.scope(side)
    if before == asked:
        return False
    setattr(synced, f"{side}_scope", as_json(asked))
    synced.save(update_fields=[f"{side}_scope"])
    changes = {f"{side}_scope": (scope_in_words(before), scope_in_words(asked))}
    note(connection, Deed.SYNC_CHANGED, actor, module=str(Module(module).label), changes=changes)
    if synced.is_started:
        look_at_everything(connection)
    return True
