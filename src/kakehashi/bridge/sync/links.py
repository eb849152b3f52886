"""Keeping links: many at once, since a first sync makes a hundred thousand."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection as database
from django.db.models import Q, QuerySet

from kakehashi.bridge.connection.models import Connection

from .models import Link

_COLUMNS = "desk_id, crm_base, desk_base, crm_version, desk_version, state, ending, evidence, waits_for, agreed_at"
_INSERT = f"COPY bridge_link (connection_id, module, crm_id, made_at, {_COLUMNS}) FROM STDIN"
_UPDATE = """
UPDATE bridge_link SET
    desk_id = new.desk_id, crm_base = new.crm_base, desk_base = new.desk_base, crm_version = new.crm_version,
    desk_version = new.desk_version, state = new.state, ending = new.ending, evidence = new.evidence,
    waits_for = new.waits_for, agreed_at = new.agreed_at
FROM unnest(%s::bigint[], %s::bigint[], %s::jsonb[], %s::jsonb[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[],
            %s::bigint[], %s::timestamptz[])
    AS new (id, desk_id, crm_base, desk_base, crm_version, desk_version, state, ending, evidence, waits_for, agreed_at)
WHERE bridge_link.id = new.id
"""


def save_links(connection_id: int, module: str, links: Sequence[Link]) -> None:
    """Store links: new ones by COPY, the others in one UPDATE. Only the holder of the connection's claim does this."""
    new = [link for link in links if link.pk is None]
    known = sorted((link for link in links if link.pk is not None), key=lambda link: link.pk)
    with database.cursor() as cursor:
        if new:
            with cursor.copy(_INSERT) as copy:
                for link in new:
                    copy.write_row((connection_id, module, link.crm_id, link.made_at, *_row(link)))
        if known:
            columns = zip(*((link.pk, *_row(link)) for link in known), strict=True)
            cursor.execute(_UPDATE, [list(column) for column in columns])


def _row(link: Link) -> tuple[Any, ...]:
    return (
        link.desk_id,
        json.dumps(link.crm_base),
        json.dumps(link.desk_base),
        link.crm_version,
        link.desk_version,
        str(link.state),
        str(link.ending),
        json.dumps(link.evidence),
        link.waits_for,
        link.agreed_at,
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


def partners_of_merged(connection: Connection, module: str, crm_ids: Collection[int]) -> Sequence[int]:
    """The Desk records of CRM records that went into another one: their links ended with the merge, or are about to."""
    rows = links_of(connection, module).filter(crm_id__in=crm_ids, desk_id__isnull=False)
    of_merged = rows.filter(Q(state=Link.State.LIVE) | Q(ending=Link.Ending.MERGED))
    return [desk_id for desk_id in of_merged.order_by("pk").values_list("desk_id", flat=True) if desk_id is not None]


def live_desk_ids(connection: Connection, module: str, desk_ids: Collection[int]) -> frozenset[int]:
    """Those of the Desk records that a living link holds."""
    rows = links_of(connection, module).filter(state=Link.State.LIVE, desk_id__in=desk_ids)
    return frozenset(desk_id for desk_id in rows.values_list("desk_id", flat=True) if desk_id is not None)
