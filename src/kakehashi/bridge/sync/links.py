"""Keeping links: many at once, since a first sync makes a hundred thousand."""

import json
from collections.abc import Collection, Mapping, Sequence

from django.db import connection as database
from django.db.models import QuerySet

from kakehashi.bridge.connection.models import Connection

from .models import Link

_SAVE = """
INSERT INTO bridge_link (connection_id, module, crm_id, desk_id, crm_base, desk_base, crm_version, desk_version, state, ending,
                         evidence, waits_for, made_at, agreed_at)
SELECT %s, %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::jsonb[], %s::jsonb[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                             %s::jsonb[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (connection_id, module, crm_id) DO UPDATE SET
    desk_id = EXCLUDED.desk_id, crm_base = EXCLUDED.crm_base, desk_base = EXCLUDED.desk_base,
    crm_version = EXCLUDED.crm_version, desk_version = EXCLUDED.desk_version, state = EXCLUDED.state,
    ending = EXCLUDED.ending, evidence = EXCLUDED.evidence, waits_for = EXCLUDED.waits_for, agreed_at = EXCLUDED.agreed_at
"""


def save_links(connection_id: int, module: str, links: Sequence[Link]) -> None:
    """Insert or update links by their CRM record."""
    if not links:
        return
    rows = sorted(links, key=lambda link: link.crm_id)
    with database.cursor() as cursor:
        cursor.execute(
            _SAVE,
            [
                connection_id,
                module,
                [link.crm_id for link in rows],
                [link.desk_id for link in rows],
                [json.dumps(link.crm_base) for link in rows],
                [json.dumps(link.desk_base) for link in rows],
                [link.crm_version for link in rows],
                [link.desk_version for link in rows],
                [str(link.state) for link in rows],
                [str(link.ending) for link in rows],
                [json.dumps(link.evidence) for link in rows],
                [link.waits_for for link in rows],
                [link.made_at for link in rows],
                [link.agreed_at for link in rows],
            ],
        )


def links_of(connection: Connection, module: str) -> QuerySet[Link]:
    return Link.objects.filter(connection=connection, module=module)


def links_by_crm_id(connection: Connection, module: str, ids: Collection[int]) -> dict[int, Link]:
    return {link.crm_id: link for link in links_of(connection, module).filter(crm_id__in=ids)}


def crm_ids_of(connection: Connection, module: str, desk_ids: Collection[int]) -> dict[int, int]:
    """The CRM records linked to Desk records; a living link goes before a tombstone."""
    rows = links_of(connection, module).filter(desk_id__in=desk_ids).order_by("-state", "-id")
    found = {desk_id: crm_id for desk_id, crm_id in rows.values_list("desk_id", "crm_id") if desk_id is not None}
    live = rows.filter(state=Link.State.LIVE).values_list("desk_id", "crm_id")
    return found | {desk_id: crm_id for desk_id, crm_id in live if desk_id is not None}


def partners(connection: Connection, module: str, crm_ids: Collection[int]) -> Mapping[int, int]:
    """The Desk records of CRM records with a living link."""
    rows = links_of(connection, module).filter(state=Link.State.LIVE, crm_id__in=crm_ids)
    return {crm_id: desk_id for crm_id, desk_id in rows.values_list("crm_id", "desk_id") if desk_id is not None}


def live_desk_ids(connection: Connection, module: str, desk_ids: Collection[int]) -> frozenset[int]:
    """Those of the Desk records that a living link holds."""
    rows = links_of(connection, module).filter(state=Link.State.LIVE, desk_id__in=desk_ids)
    return frozenset(desk_id for desk_id in rows.values_list("desk_id", flat=True) if desk_id is not None)
