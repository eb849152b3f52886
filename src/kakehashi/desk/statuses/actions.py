"""Setting which states tickets may be in. At least one open and one closed state always stay."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.models import Status, StatusType, Ticket

from .jobs import replace_status

NEW_TICKETS = "Open"  # what tickets are opened as; it stays
_MOST = 60


class StatusIsNeeded(ProductError):
    code = "status_is_needed"
    status = 409
    message = _("New tickets begin with this status, or it is the last one of its type. It cannot be removed.")


@transaction.atomic
def add_status(portal: Portal, *, name: str, kind: str, actor: Actor) -> Status:
    """At the end of the list. The name of one that was removed brings that one back. Raises `InvalidValues`."""
    known = _locked(portal, actor)
    name = _checked(known, None, name, kind)
    position = max((status.position for status in known), default=0) + 1
    old = Status.objects.filter(portal=portal, name=name).first()
    status = old or Status(portal=portal, name=name)
    if old and old.type != kind and Ticket.objects.filter(status=old).exists():
        raise InvalidValues({"name": _("A removed status has this name, and another type. Choose another name.")})
    status.type, status.position, status.retired_at = kind, position, None
    status.save()
    _tell(status, "created", actor)
    return status


@transaction.atomic
def change_status(status: Status, *, name: str, kind: str, actor: Actor) -> Status:
    """A standard status keeps its name, which follows the reader's language. The type can change as long as no ticket has it."""
    known = _locked(status.portal, actor)
    name = status.name if status.is_standard else _checked(known, status, name, kind)
    if kind != status.type:
        _guard_type(known, status)
    status.name, status.type = name, StatusType(kind)
    status.save(update_fields=["name", "type"])
    _tell(status, "updated", actor)
    return status


@transaction.atomic
def order_statuses(portal: Portal, *, ids: Sequence[int], actor: Actor) -> None:
    """In the order of the ids; whatever they leave out comes after."""
    known = _locked(portal, actor)
    places = {status_id: place for place, status_id in enumerate(ids)}
    for place, status in enumerate(sorted(known, key=lambda one: (places.get(one.pk, len(places)), one.position))):
        Status.objects.filter(pk=status.pk).update(position=place)
    write_fact(Fact(portal.tenant, "desk.statuses.ordered", "desk.portal", portal.pk), actor)


@transaction.atomic
def retire_status(status: Status, *, replacement: Status, actor: Actor) -> None:
    """Not offered any more; its tickets move to the replacement in the background. Raises `StatusIsNeeded`."""
    known = _locked(status.portal, actor)
    if replacement.pk == status.pk or replacement not in known:
        raise InvalidValues({"replacement": _("There is no such choice.")})
    if not may_be_removed(known, status):
        raise StatusIsNeeded
    status.retired_at = clock.now()
    status.save(update_fields=["retired_at"])
    _tell(status, "removed", actor, replacement=replacement.name)
    replace_status.defer(
        portal_id=status.portal_id,
        status_id=status.pk,
        replacement_id=replacement.pk,
        name=actor.name,
    )


def may_be_removed(known: Sequence[Status], status: Status) -> bool:
    others = [one for one in known if one.pk != status.pk and one.type == status.type]
    return status.name != NEW_TICKETS and (bool(others) or status.type == StatusType.ON_HOLD)


def _locked(portal: Portal, actor: Actor) -> list[Status]:
    """The offered ones; two administrators at once wait for each other."""
    require(portal, actor, "may_administer")
    return list(Status.objects.select_for_update().filter(portal=portal, retired_at=None))


def _checked(known: Sequence[Status], status: Status | None, name: str, kind: str) -> str:
    problems: dict[str, Text] = {}
    name = " ".join(name.split())
    taken = {word.casefold() for one in known if one != status for word in (one.name, one.label)}
    if not name:
        problems["name"] = _("Enter a name.")
    elif len(name) > _MOST:
        problems["name"] = _("At most %(limit)s characters.") % {"limit": _MOST}
    elif name.casefold() in taken:
        problems["name"] = _("There is a status of this name already.")
    if kind not in StatusType.values:
        problems["type"] = _("There is no such choice.")
    if problems:
        raise InvalidValues(problems)
    return name


def _guard_type(known: Sequence[Status], status: Status) -> None:
    if Ticket.objects.filter(portal_id=status.portal_id, status=status).exists():
        raise InvalidValues(
            {"type": _("Tickets have this status, so its type stays. Add a new status and remove this one instead.")}
        )
    if not may_be_removed(known, status):
        raise InvalidValues({"type": StatusIsNeeded.message})


def _tell(status: Status, what: str, actor: Actor, **more: str) -> None:
    data = {"name": status.name, "type": status.type, **more}
    write_fact(Fact(status.portal.tenant, f"desk.status.{what}", "desk.status", status.pk, data), actor)
