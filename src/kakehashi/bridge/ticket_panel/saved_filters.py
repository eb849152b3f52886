"""Filters over the ticket block that a person keeps under a name, for themselves."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.filters.definition import Filter, as_json, from_json
from kakehashi.core.fixed_reads import fixed_read

from .models import SavedFilter

MOST_FILTERS = 20
_LONGEST_NAME = 40


def filters_of(connection: Connection, person_id: int | None) -> Sequence[SavedFilter]:
    return _filters(connection.pk, person_id or 0)


@fixed_read
def _filters(connection_id: int, person_id: int) -> QuerySet[SavedFilter]:
    own = SavedFilter.objects.filter(connection_id=connection_id, person_id=person_id, deleted_at=None)
    return own.order_by("name", "pk")


def asked_by(row: SavedFilter) -> Filter:
    return from_json(row.filter)


@transaction.atomic
def save_filter(connection: Connection, name: str, asked: Filter, *, actor: Actor) -> SavedFilter:
    """One of the same name is written over. Raises `InvalidValues`."""
    tidy = _checked_name(name)
    if not asked:
        raise InvalidValues({"name": _("There is no filter to save.")})
    own = _own(connection, actor.person_id)
    row = own.filter(name=tidy).first()
    if row is None and own.count() >= MOST_FILTERS:
        raise InvalidValues({"name": _("You have very many filters already. Delete one first.")})
    row = row or SavedFilter(connection=connection, person_id=actor.person_id or 0, name=tidy)
    row.filter = as_json(asked)
    row.save()
    _tell(row, "saved", actor)
    return row


@transaction.atomic
def delete_filter(connection: Connection, filter_id: int, *, actor: Actor) -> SavedFilter:
    """Raises `NotFound`."""
    return _move(_own(connection, actor.person_id), filter_id, "deleted", actor)


@transaction.atomic
def restore_filter(connection: Connection, filter_id: int, *, actor: Actor) -> SavedFilter:
    """Raises `NotFound`."""
    binned = SavedFilter.objects.filter(connection=connection, person_id=actor.person_id or 0, deleted_at__isnull=False)
    return _move(binned, filter_id, "restored", actor)


def _own(connection: Connection, person_id: int | None) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(connection=connection, person_id=person_id or 0, deleted_at=None)


def _move(rows: QuerySet[SavedFilter], filter_id: int, deed: str, actor: Actor) -> SavedFilter:
    row = rows.filter(pk=filter_id).first()
    if row is None:
        raise NotFound
    row.deleted_at = clock.now() if deed == "deleted" else None
    row.save(update_fields=["deleted_at"])
    _tell(row, deed, actor)
    return row


def _checked_name(name: str) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy:
        raise InvalidValues({"name": _("Enter a name.")})
    if len(tidy) > _LONGEST_NAME:
        raise InvalidValues({"name": _("At most %(limit)s characters.") % {"limit": _LONGEST_NAME}})
    return tidy


def _tell(row: SavedFilter, deed: str, actor: Actor) -> None:
    fact = Fact(
        row.connection.tenant, f"bridge.ticket_filter.{deed}", "bridge.ticket_filter", row.pk, {"name": row.name}
    )
    write_fact(fact, actor)
