"""Which CRM modules show tickets (spec R1), why others cannot (R2), and to whom (P4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import Connection, SeatlessSight
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact

from .models import TicketModule
from .presets import PRESET_MODULES


@dataclass(frozen=True, slots=True)
class Choosable:
    """A module of the CRM. `obstacle` says why it cannot be chosen; `cure_url` leads to where that is mended."""

    module: str
    label: Text
    by: Text
    is_chosen: bool
    obstacle: Text = ""
    cure_url: str = ""


def ticket_modules(connection: Connection, crm: CrmSide) -> Sequence[Choosable]:
    """All modules of the org, those that can be chosen first."""
    chosen = set(connection.ticket_modules.values_list("module", flat=True))
    found = []
    for info in crm.describe():
        emails = [field.label for field in info.fields if field.type in ("email", "emails")]
        can = bool(emails) or info.api_name in PRESET_MODULES
        found.append(
            Choosable(
                module=info.api_name,
                label=info.label,
                by=_by(info.api_name, emails),
                is_chosen=info.api_name in chosen and can,
                obstacle="" if can else _("This module has no e-mail field, by which tickets are found."),
                cure_url="" if can else crm.fields_url(info.api_name),
            )
        )
    return sorted(found, key=lambda one: bool(one.obstacle))


@transaction.atomic
def choose_modules(connection: Connection, crm: CrmSide, wanted: Collection[str], *, actor: Actor) -> None:
    """What cannot be chosen is left out."""
    able = {one.module for one in ticket_modules(connection, crm) if not one.obstacle}
    before = set(connection.ticket_modules.values_list("module", flat=True))
    after = set(wanted) & able
    connection.ticket_modules.exclude(module__in=after).delete()
    TicketModule.objects.bulk_create(
        TicketModule(connection=connection, module=module) for module in sorted(after - before)
    )
    if before != after:
        _tell(connection, {"modules": [sorted(before), sorted(after)]}, actor)


@transaction.atomic
def choose_sight(connection: Connection, wanted: str, *, actor: Actor) -> None:
    """Which tickets people without a Desk account see (spec P4). Raises `InvalidValues`."""
    if wanted not in SeatlessSight.values:
        raise InvalidValues({"seatless_sight": _("There is no such choice.")})
    before, connection.seatless_sight = connection.seatless_sight, wanted
    if before != wanted:
        connection.save(update_fields=["seatless_sight"])
        labels = [str(SeatlessSight(one).label) for one in (before, wanted)]
        _tell(connection, {"seatless_sight": labels}, actor)


def _tell(connection: Connection, changes: Mapping[str, Sequence[object]], actor: Actor) -> None:
    data = {"changes": dict(changes)}
    fact = Fact(connection.tenant, "bridge.related_lists.updated", "bridge.connection", connection.pk, data)
    write_fact(fact, actor)


def _by(module: str, emails: Sequence[Text]) -> Text:
    """How the tickets of its records are found (spec R3)."""
    if module == "Accounts":
        return _("Tickets of the account and of its contacts")
    if module == "Deals":
        return _("Linked tickets first, then those of its contact and account")
    if module == "Contacts":
        return _("Tickets of the person, by link or by e-mail")
    return _("By e-mail: %(fields)s") % {"fields": _(", ").join(str(label) for label in emails)}
