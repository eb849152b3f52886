"""Keeping links: many at once, since a first sync makes a hundred thousand."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection as database
from django.db.models import Q, QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName
from kakehashi.core.among import as_bigints
from kakehashi.core.changing import change_rows
from kakehashi.core.planning import planned_once

from .models import Link

_TYPES = {
    "crm_id": "bigint", "desk_id": "bigint", "crm_base": "jsonb", "desk_base": "jsonb", "crm_version": "bigint", "desk_version": "bigint",
    "state": "text", "ending": "text", "evidence": "jsonb", "waits_for": "bigint", "waits_for_desk": "bigint", "agreed_at": "timestamptz",
}  # fmt: skip
_INSERT = f"COPY bridge_link (connection_id, module, made_at, {', '.join(_TYPES)}) FROM STDIN"
_IS_JSON = [kind == "jsonb" for kind in _TYPES.values()]
_PARTNERS = """
SELECT crm_id, desk_id FROM bridge_link
WHERE connection_id = %s AND module = %s AND state = %s AND crm_id = ANY(%s::bigint[]) AND desk_id IS NOT NULL
"""


def save_links(connection_id: int, module: str, links: Sequence[Link]) -> None:
    """Store links: new ones by COPY, the others in one UPDATE. Only the holder of the connection's claim does this."""
    new = [link for link in links if link.pk is None]
    known = sorted((link for link in links if link.pk is not None), key=lambda link: link.pk)
    if new:
        with database.cursor() as cursor, cursor.copy(_INSERT) as copy:
            for link in new:
                values = [
                    json.dumps(one) if is_json else one for one, is_json in zip(_row(link), _IS_JSON, strict=True)
                ]
                copy.write_row((connection_id, module, link.made_at, *values))
    if known:
        change_rows("bridge_link", {"id": "bigint", **_TYPES}, ((link.pk, *_row(link)) for link in known))


def _row(link: Link) -> tuple[Any, ...]:
    return (
        link.crm_id,
        link.desk_id,
        link.crm_base,
        link.desk_base,
        link.crm_version,
        link.desk_version,
        str(link.state),
        str(link.ending),
        link.evidence,
        link.waits_for,
        link.waits_for_desk,
        link.agreed_at,
    )


def key_of(connection_id: int, module: str, home_id: int | str) -> str:
    """The stamp of what is made for a record on the other side."""
    return f"connection:{connection_id}:{module}:{home_id}"


def links_of(connection: Connection, module: str) -> QuerySet[Link]:
    return Link.objects.filter(connection=connection, module=module)


def links_by_crm_id(connection: Connection, module: str, ids: Collection[int]) -> dict[int, Link]:
    links = links_of(connection, module).filter(crm_id__among=ids)
    return {link.crm_id: link for link in links if link.crm_id is not None}


def links_of_lonely(connection: Connection, module: str, desk_ids: Collection[int]) -> dict[int, Link]:
    """What is remembered of Desk records that no CRM record goes with: those that are held, and those left apart."""
    links = links_of(connection, module).filter(crm_id=None, desk_id__among=desk_ids)
    return {link.desk_id: link for link in links if link.desk_id is not None}


def crm_ids_of(connection: Connection, module: str, desk_ids: Collection[int]) -> dict[int, int]:
    """The CRM records linked to Desk records; a living link goes before a tombstone."""
    rows = links_of(connection, module).filter(desk_id__among=desk_ids, crm_id__isnull=False).order_by("-state", "-id")
    found = dict(_both_ids(rows))
    return found | dict(_both_ids(rows.filter(state=Link.State.LIVE)))


def _both_ids(links: QuerySet[Link]) -> Iterator[tuple[int, int]]:
    for desk_id, crm_id in links.values_list("desk_id", "crm_id"):
        if desk_id is not None and crm_id is not None:
            yield desk_id, crm_id


def partners(connection: Connection, module: str, crm_ids: Collection[int]) -> Mapping[int, int]:
    """The Desk records of CRM records with a living link."""
    if not crm_ids:
        return {}
    with planned_once(), database.cursor() as cursor:
        cursor.execute(_PARTNERS, [connection.pk, module, Link.State.LIVE.value, as_bigints(crm_ids)])
        return dict(cursor.fetchall())


def partners_of_merged(connection: Connection, module: str, crm_ids: Collection[int]) -> Sequence[int]:
    """The Desk records of CRM records that went into another one: their links ended with the merge, or are about to."""
    rows = links_of(connection, module).filter(crm_id__among=crm_ids, desk_id__isnull=False)
    of_merged = rows.filter(Q(state=Link.State.LIVE) | Q(ending=Link.Ending.MERGED))
    return [desk_id for desk_id in of_merged.order_by("pk").values_list("desk_id", flat=True) if desk_id is not None]


def live_ids(connection: Connection, module: str, side: SideName, ids: Collection[int]) -> frozenset[int]:
    """Those of one side's records that a living link holds."""
    rows = links_of(connection, module).filter(state=Link.State.LIVE, **{f"{side}_id__among": ids})
    return frozenset(one for one in rows.values_list(f"{side}_id", flat=True) if one is not None)


def apart_ids(connection: Connection, module: str, side: SideName, ids: Collection[int]) -> frozenset[int]:
    """Those of one side's records that a person left without a partner."""
    rows = links_of(connection, module).filter(state=Link.State.APART, **{f"{side}_id__among": ids})
    return frozenset(one for one in rows.values_list(f"{side}_id", flat=True) if one is not None)
