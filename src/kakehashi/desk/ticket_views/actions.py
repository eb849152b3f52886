"""Saving views of tickets, sharing them, and how a person likes the list."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.filters.definition import Filter, as_json
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent

from .models import ListHabit, ListLayout, TicketView

MOST_VIEWS = 200


@transaction.atomic
def save_view(
    access: DeskAccess, *, name: str, shown: tuple[Filter, Sequence[str], str], is_shared: bool, actor: Actor
) -> TicketView:
    """A new view; `shown` is what it keeps: filter, columns, order. Raises `InvalidValues`."""
    mine = TicketView.objects.filter(portal=access.portal, owner=access.person, deleted_at=None)
    if mine.count() >= MOST_VIEWS:
        raise InvalidValues({"name": _("You have very many views already. Delete one first.")})
    row = TicketView(portal=access.portal, owner=access.person, name=_checked_name(name), is_shared=is_shared)
    _keep(row, shown)
    row.save()
    _tell(row, "created", actor)
    return row


@transaction.atomic
def change_view(row: TicketView, *, shown: tuple[Filter, Sequence[str], str], actor: Actor) -> TicketView:
    """Keep another filter, other columns, another order under the same name."""
    _keep(row, shown)
    row.modified_at = clock.now()
    row.save()
    _tell(row, "updated", actor)
    return row


@transaction.atomic
def share_view(row: TicketView, *, name: str, is_shared: bool, actor: Actor) -> TicketView:
    """Rename it, and say whether everybody in the portal may choose it. Raises `InvalidValues`."""
    row.name, row.is_shared, row.modified_at = _checked_name(name), is_shared, clock.now()
    row.save(update_fields=["name", "is_shared", "modified_at"])
    _tell(row, "updated", actor)
    return row


@transaction.atomic
def delete_view(row: TicketView, *, actor: Actor) -> None:
    row.deleted_at = clock.now()
    row.save(update_fields=["deleted_at"])
    _tell(row, "deleted", actor)


@transaction.atomic
def restore_view(row: TicketView, *, actor: Actor) -> None:
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    _tell(row, "restored", actor)


def choose_layout(agent: Agent, layout: str) -> None:
    """The list comes this way from now on."""
    if layout in ListLayout.values:
        ListHabit.objects.update_or_create(agent=agent, defaults={"layout": layout})


def begin_with(agent: Agent, key: str) -> None:
    """The view that the person's list begins with."""
    ListHabit.objects.update_or_create(agent=agent, defaults={"view": key})


def _keep(row: TicketView, shown: tuple[Filter, Sequence[str], str]) -> None:
    asked, columns, row.sort = shown
    row.filter, row.columns = as_json(asked), list(columns)


def _checked_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidValues({"name": _("Enter a name.")})
    if len(tidy) > 80:
        raise InvalidValues({"name": _("At most %(limit)s characters.") % {"limit": 80}})
    return tidy


def _tell(row: TicketView, deed: str, actor: Actor) -> None:
    data = {"name": row.name, "is_shared": row.is_shared}
    write_fact(Fact(row.portal.tenant, f"desk.ticket_view.{deed}", "desk.ticket_view", row.pk, data), actor)
