"""Saving a module's field pairs (spec Y3)."""

from collections.abc import Sequence

from django.db import connection as database
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kakehashi.bridge.connection.models import Connection, Deed
from kakehashi.bridge.connection.steps import note
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync_settings.actions import look_at_everything
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.events.subscribers import await_claim

from .drafts import PairDraft, default_drafts, fields_now, fingerprint, saved_drafts
from .judging import judge


class MappingChanged(ProductError):
    code = "mapping_changed"
    status = 409
    message = gettext_lazy(
        "Somebody else has changed these pairs meanwhile. What you chose is still here; saving again replaces theirs."
    )


@transaction.atomic
def save_mapping(
    connection: Connection, module_name: str, drafts: Sequence[PairDraft], *, based_on: str | None, actor: Actor
) -> SyncedModule:
    """Write all pairs of a module; the default pairs are stored as none. A comparison then carries out what the new ones say.

    `based_on` is the fingerprint of what the person saw. Raises `NotFound`, `MappingChanged`, or `InvalidValues` for pairs that do not go
    together or leave a required field without a value.
    """
    await_claim(connection.claim)
    synced = SyncedModule.objects.select_for_update().filter(connection=connection, module=module_name).first()
    if synced is None:
        raise NotFound
    module = BY_NAME[module_name]
    fields = fields_now(crm_side(connection.org_id), desk_side(connection.portal_id), module)
    before = saved_drafts(module, synced, fields)
    if based_on is not None and based_on != fingerprint(before):
        raise MappingChanged
    judgement = judge(module, drafts, fields, is_two_way=synced.is_two_way)
    if not judgement.is_fine:
        raise InvalidValues({"mapping": _("Some pairs need your attention.")})
    if list(drafts) == before:
        return synced
    store(synced, [] if list(drafts) == default_drafts(module, fields) else drafts)
    _forget_bases(connection, module_name, before, drafts)
    note(
        connection,
        Deed.FIELDS_MAPPED,
        actor,
        module=str(Module(module_name).label),
        changes={"fields": (_told(before), _told(drafts))},
    )
    if synced.is_started:
        look_at_everything(connection)
    return synced


def store(synced: SyncedModule, drafts: Sequence[PairDraft]) -> None:
    """In the caller's transaction, in place of the pairs that were there."""
    synced.fields.all().delete()
    FieldMapping.objects.bulk_create(
        FieldMapping(
            synced=synced,
            crm=one.crm,
            desk=one.desk,
            direction=one.direction,
            rule=one.rule,
            choices=[list(pair) for pair in one.choices],
            place=place,
        )
        for place, one in enumerate(drafts)
    )


def _forget_bases(connection: Connection, module: str, before: Sequence[PairDraft], after: Sequence[PairDraft]) -> None:
    """Nothing was ever agreed on about a pair that is new, or whose words changed: what is filled on one side fills the other, and where
    both differ the rule decides. An old base would make an edit of what never was one.
    """
    known = {(one.crm, one.desk, one.choices) for one in before}
    fresh = [one.desk for one in after if (one.crm, one.desk, one.choices) not in known]
    if fresh:
        with database.cursor() as cursor:
            cursor.execute(
                "UPDATE bridge_link SET crm_base = crm_base - %s::text[], desk_base = desk_base - %s::text[] "
                "WHERE connection_id = %s AND module = %s AND (crm_base ?| %s::text[] OR desk_base ?| %s::text[])",
                [fresh, fresh, connection.pk, module, fresh, fresh],
            )


def _told(drafts: Sequence[PairDraft]) -> str:
    arrows = {"to_desk": "→", "to_crm": "←", "both": "↔"}
    pairs = _(", ").join(f"{one.crm} {arrows[one.direction]} {one.desk}" for one in drafts)
    count = ngettext("%(count)s pair", "%(count)s pairs", len(drafts)) % {"count": len(drafts)}
    return f"{count}: {pairs}"
