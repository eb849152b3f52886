"""Writing down which records are to be looked at (design §6: dirty first, in the transaction that moves the cursor)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection as database

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.records import SideChange, SideName
from kakehashi.core import clock

from .mapping import BY_CRM_NAME, BY_DESK_NAME, ModuleName


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    module: ModuleName
    side: SideName
    record_id: int


def mark_changes(changes: Sequence[SideChange]) -> None:
    """Mark what living connections keep in step. What a connection wrote itself is no news to it; leaving that out only saves a look."""
    by_tenant: dict[tuple[SideName, int], list[SideChange]] = defaultdict(list)
    for change in changes:
        by_tenant[change.side, change.tenant_id].append(change)
    for connection_id, modules, side, tenant_id in _listeners(by_tenant):
        origin = f"connection:{connection_id}"
        names = BY_CRM_NAME if side == "crm" else BY_DESK_NAME
        mark(
            connection_id,
            [
                Mark(names[change.module].name, side, change.record_id)
                for change in by_tenant[side, tenant_id]
                if change.origin != origin and change.module in names and names[change.module].name in modules
            ],
        )


def mark(connection_id: int, marks: Iterable[Mark]) -> None:
    """Put records down as dirty. A record already there gets a new `seq`, so that a look in progress does not clear it."""
    wanted = sorted(set(marks))
    if not wanted:
        return
    with database.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bridge_dirty (connection_id, module, side, record_id, seq, first_seen_at, attempts, reason)
            SELECT %s, wanted.module, wanted.side, wanted.record_id,
                   nextval(pg_get_serial_sequence('bridge_dirty', 'id')), %s, 0, ''
            FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS wanted (module, side, record_id)
            ON CONFLICT (connection_id, module, side, record_id) DO UPDATE SET seq = EXCLUDED.seq, next_try_at = NULL
            """,
            [
                connection_id,
                clock.now(),
                [one.module for one in wanted],
                [one.side for one in wanted],
                [one.record_id for one in wanted],
            ],
        )


def _listeners(tenants: Iterable[tuple[SideName, int]]) -> list[tuple[int, set[str], SideName, int]]:
    orgs = {tenant_id for side, tenant_id in tenants if side == "crm"}
    portals = {tenant_id for side, tenant_id in tenants if side == "desk"}
    found: list[tuple[int, set[str], SideName, int]] = []
    for link in _living(orgs, portals):
        modules = {module.module for module in link.modules.all() if module.is_started}
        if link.org_id in orgs:
            found.append((link.pk, modules, "crm", link.org_id))
        if link.portal_id in portals:
            found.append((link.pk, modules, "desk", link.portal_id))
    return found


def _living(orgs: set[int], portals: set[int]) -> Iterable[Connection]:
    living = Connection.objects.exclude(state=State.DISABLED).prefetch_related("modules")
    return living.filter(org_id__in=orgs) | living.filter(portal_id__in=portals)
