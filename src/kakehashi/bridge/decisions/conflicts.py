"""Fields that both sides changed and whose rule is to ask: both values, who changed the records when, which is newer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, SideRecord
from kakehashi.bridge.sync.mapping import BY_NAME, chosen_pairs
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.naming import name_of
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

from .evidence import Evidence, Key

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Stand:
    """One side of a conflict. `is_hidden`: this person may not see the value."""

    text: str
    url: str
    changed_at: datetime | None
    changed_by: str
    is_newer: bool
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict as people see it."""

    id: int
    module: str
    module_label: Text
    name: str
    field: Text
    crm: Stand
    desk: Stand


def open_conflicts(connection: Connection, *, module: str = "", field: str = "") -> QuerySet[Conflict]:
    """Those that nobody has decided yet, the oldest first."""
    rows = Conflict.objects.filter(connection=connection, choice="")
    if module in Module.values:
        rows = rows.filter(module=module)
        if field:
            rows = rows.filter(field=field)
    return rows.order_by("pk")


def counts_of(conflicts: QuerySet[Conflict]) -> Mapping[tuple[str, str], int]:
    """By module and field. One query."""
    rows = conflicts.order_by().values_list("module", "field").annotate(Count("id"))
    return {(module, field): count for module, field, count in rows}


def page_of(conflicts: QuerySet[Conflict], number: str) -> Page[Conflict]:
    return Paginator(conflicts.select_related("link"), PAGE_SIZE).get_page(number)


def evidence_of(connection: Connection, conflicts: Sequence[Conflict], actor: Actor) -> Evidence:
    keys: set[Key] = set()
    for one in conflicts:
        keys |= {key for key in (_key(one, "crm"), _key(one, "desk")) if key}
    return Evidence(connection, actor, frozenset(keys))


def disputes(connection: Connection, conflicts: Sequence[Conflict], evidence: Evidence) -> list[Dispute]:
    crm_names = crm_names_of(connection)
    return [_dispute(one, evidence, crm_names.get((one.module, one.field), "")) for one in conflicts]


def crm_names_of(connection: Connection) -> Mapping[tuple[str, str], str]:
    """{(module, Desk field): CRM field} of the pairs in use."""
    rows = SyncedModule.objects.filter(connection=connection).prefetch_related("fields")
    return {(row.module, pair.desk): pair.crm for row in rows for pair in chosen_pairs(BY_NAME[row.module], row)}


def newer_side(crm: SideRecord | None, desk: SideRecord | None) -> SideName:
    """The suggestion: the side whose record changed last; the CRM where nobody can tell."""
    crm_at, desk_at = crm.modified_at if crm else None, desk.modified_at if desk else None
    return "desk" if crm_at and desk_at and desk_at > crm_at else "crm"


def _dispute(conflict: Conflict, evidence: Evidence, crm_name: str) -> Dispute:
    records = {side: evidence.records.get(key) for side in ("crm", "desk") if (key := _key(conflict, side))}
    crm, desk = records.get("crm"), records.get("desk")
    newer = newer_side(crm, desk)
    known = crm or desk
    return Dispute(
        id=conflict.pk,
        module=conflict.module,
        module_label=Module(conflict.module).label,
        name=name_of(known) if known else "",
        field=evidence.label(conflict.module, "crm", crm_name),
        crm=_stand(conflict, evidence, "crm", crm_name, crm, is_newer=newer == "crm"),
        desk=_stand(conflict, evidence, "desk", conflict.field, desk, is_newer=newer == "desk"),
    )


def _stand(
    conflict: Conflict, evidence: Evidence, side: SideName, name: str, record: SideRecord | None, *, is_newer: bool
) -> Stand:
    value = conflict.crm_value if side == "crm" else conflict.desk_value
    if record is None or (side == "crm" and value is not None and name not in record.values):
        return Stand("", "", None, "", is_newer, is_hidden=True)
    key = _key(conflict, side)
    exhibit = evidence.exhibit(key) if key else None
    text = evidence.text(conflict.module, side, name, value)
    return Stand(text, exhibit.url if exhibit else "", record.modified_at, record.modified_by, is_newer)


def _key(conflict: Conflict, side: SideName) -> Key | None:
    record_id = conflict.link.crm_id if side == "crm" else conflict.link.desk_id
    return (conflict.module, side, record_id) if record_id is not None else None
