"""Real values beside a field, so that fields of the same name and another meaning are told apart (lesson C4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.records import FieldInfo, SideRecord
from kakehashi.bridge.sync.mapping import MODULES, ModulePair
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.naming import name_of
from kakehashi.bridge.sync.showing import shown
from kakehashi.core.actors import Actor

from .drafts import Fields

_PAIRS = 12
_EACH = 3


@dataclass(frozen=True, slots=True)
class Samples:
    """By field name, up to three different ones each."""

    crm: Mapping[str, Sequence[str]]
    desk: Mapping[str, Sequence[str]]


def samples_of(connection: Connection, module: ModulePair, fields: Fields, *, actor: Actor) -> Samples:
    """Of the pairs linked last, and of those only what this person may see in the CRM; the Desk's are of the same pairs."""
    links = Link.objects.filter(connection=connection, module=module.name, state=Link.State.LIVE).order_by("-pk")
    pairs = dict(links.values_list("crm_id", "desk_id")[:_PAIRS])
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    seen = crm.visible_among(module.crm, [one for one in pairs if one], actor)
    partners = desk.fetch(module.desk, [desk_id for crm_id, desk_id in pairs.items() if crm_id in seen and desk_id])
    names = _names(connection, actor, fields, list(seen.values()), list(partners.values()))
    return Samples(_by_field(fields.crm, seen.values(), names), _by_field(fields.desk, partners.values(), names))


def _names(
    connection: Connection,
    actor: Actor,
    fields: Fields,
    crm_records: Sequence[SideRecord],
    desk_records: Sequence[SideRecord],
) -> dict[tuple[str, int], str]:
    """What the records are called that these point at, by the field's name and the id."""
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    names: dict[tuple[str, int], str] = {}
    for field in fields.crm.values():
        if field.lookup_module in {one.crm for one in MODULES}:
            ids = _targets(field.api_name, crm_records)
            found = crm.visible_among(field.lookup_module, ids, actor) if ids else {}
            names |= {(field.api_name, one.id): name_of(one) for one in found.values()}
    for field in fields.desk.values():
        if field.lookup_module in {one.desk for one in MODULES}:
            ids = _targets(field.api_name, desk_records)
            found = desk.fetch(field.lookup_module, ids) if ids else {}
            names |= {(field.api_name, one.id): name_of(one) for one in found.values()}
    return names


def _targets(name: str, records: Iterable[SideRecord]) -> list[int]:
    return list({int(value) for one in records if isinstance(value := one.values.get(name), int)})


def _by_field(
    fields: Mapping[str, FieldInfo], records: Iterable[SideRecord], names: Mapping[tuple[str, int], str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in fields}
    for record in records:
        for name, kept in found.items():
            value = record.values.get(name)
            text = names.get((name, value), "") if isinstance(value, int) else ""
            text = text or shown(value, fields[name].type)
            if text and text not in kept and len(kept) < _EACH:
                kept.append(text)
    return found
