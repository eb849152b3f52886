"""Fields whose rule is to ask: kept with both values until a person chooses one, or until both sides say the same anyway."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, side_named
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

from .mapping import BY_NAME
from .marking import Mark, mark
from .models import Link
from .outcome_models import Conflict
from .setting_models import FieldMapping
from .values import Stored


@dataclass(frozen=True, slots=True)
class Choice:
    """The side whose value a person chose, and the two values that they saw."""

    side: SideName
    crm_value: Stored
    desk_value: Stored

    def holds_for(self, crm: Stored, desk: Stored) -> bool:
        """A choice made for other values is void: whoever chose has not seen these."""
        return (self.crm_value, self.desk_value) == (crm, desk)


def choices_of(links: Sequence[Link]) -> dict[int, dict[str, Choice]]:
    """What people have chosen, by link and field, and is still to be carried out."""
    ids = [link.pk for link in links if link.pk is not None]
    if not ids:
        return {}
    found: dict[int, dict[str, Choice]] = {}
    for one in Conflict.objects.filter(link__id__among=ids).exclude(choice=""):
        choice = Choice(side_named(one.choice), one.crm_value, one.desk_value)
        found.setdefault(one.link_id, {})[one.field] = choice
    return found


def keep_conflicts(conflicts: Sequence[Conflict], settled: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """In the caller's transaction. Where the values are others than they were, the question is asked anew."""
    if not settled:
        return
    rows = Conflict.objects.filter(link__id__among=[link_id for link_id, _still in settled])
    known = {(one.link_id, one.field): one for one in rows.order_by("pk").select_for_update()}
    still_open = {(link_id, name) for link_id, still in settled for name in still}
    if over := [one.pk for place, one in known.items() if place not in still_open]:
        Conflict.objects.filter(pk__in=over).delete()
    for new in conflicts:
        if new.link_id is None:  # of a pair that is only now being stored: the next look finds it again
            continue
        old = known.get((new.link_id, new.field))
        if old is None:
            new.save()
        elif (old.crm_value, old.desk_value) != (new.crm_value, new.desk_value):
            old.crm_value, old.desk_value, old.choice, old.seen_at = new.crm_value, new.desk_value, "", new.seen_at
            old.save(update_fields=["crm_value", "desk_value", "choice", "seen_at"])


@transaction.atomic
def choose(connection: Connection, conflict_id: int, side: SideName, *, actor: Actor, always: bool = False) -> Conflict:
    """Let one side's value hold; with `always`, from now on for this field of every record. Raises `NotFound` for one that is settled already."""
    conflict = (
        Conflict.objects.select_for_update(of=("self",))
        .select_related("link")
        .filter(connection=connection, pk=conflict_id)
        .first()
    )
    if conflict is None:
        raise NotFound
    conflict.choice, conflict.decided_by_name = side, actor.name
    conflict.save(update_fields=["choice", "decided_by_name"])
    if always:
        FieldMapping.objects.filter(
            synced__connection=connection, synced__module=conflict.module, desk=conflict.field
        ).update(rule=f"{side}_wins")
    crm_id = conflict.link.crm_id
    if crm_id is not None:
        mark(connection.pk, [Mark(BY_NAME[conflict.module].name, "crm", crm_id)])
    return conflict
