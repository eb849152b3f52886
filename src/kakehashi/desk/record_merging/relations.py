"""What names a contact, an account or a product, and how it comes to name another one, and back."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from kakehashi.core.actors import Actor
from kakehashi.desk.business_hours.models import CalendarUse
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Draft, write_many
from kakehashi.desk.targets.models import TargetSet
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.moving import Column, repoint_tickets

Was = Mapping[int, int]  # row -> the record that it names now


@dataclass(frozen=True, slots=True)
class Repointing:
    """`names` are those of the records, for what the history says."""

    portal: Portal
    names: Mapping[int, str]
    actor: Actor


Move = Callable[[Repointing, Sequence[int], int | None], Sequence[int]]  # (…, rows, record) -> the rows that moved


@dataclass(frozen=True, slots=True)
class Relation:
    """`rows` of a portal name a record of `kind` in their `column`; `move` lets some of them name another one, all of those that can, or none.

    Promises are made to one account and to none else: they never name none.
    """

    name: str
    kind: str
    rows: Callable[[Portal], QuerySet[Any]]
    column: str
    move: Move
    is_promise: bool = False

    def find(self, portal: Portal, ids: Sequence[int]) -> Was:
        """Which rows name some of these records."""
        return dict(self.rows(portal).filter(**{f"{self.column}__in": ids}).values_list("pk", self.column))


def _tickets(portal: Portal) -> QuerySet[Ticket]:
    return Ticket.objects.filter(portal=portal)


def _move_tickets(column: Column, moving: Repointing, rows: Sequence[int], to_id: int | None) -> Sequence[int]:
    repoint_tickets(moving.portal, column, rows, to_id=to_id, names=moving.names, actor=moving.actor)
    return rows


def _people(portal: Portal) -> QuerySet[Contact]:
    return Contact.objects.filter(portal=portal)


def _move_people(moving: Repointing, rows: Sequence[int], to_id: int | None) -> Sequence[int]:
    """Those out of sight move, too: whoever comes back must not name an account that is gone."""
    drafts = [Draft({"accountId": to_id}, pk) for pk in rows]
    results = write_many(CONTACT, moving.portal, drafts, moving.actor)
    hidden = [pk for pk, result in zip(rows, results, strict=True) if result.state == "missing"]
    Contact.objects.filter(portal=moving.portal, pk__in=hidden).update(account_id=to_id)
    refused = {pk for pk, result in zip(rows, results, strict=True) if result.state == "refused"}
    return [pk for pk in rows if pk not in refused]


def _target_sets(portal: Portal) -> QuerySet[TargetSet]:
    return TargetSet.objects.filter(portal=portal)


def _move_targets(moving: Repointing, rows: Sequence[int], to_id: int | None) -> Sequence[int]:
    """What was promised to the survivor stands before what was promised to the others."""
    if to_id is None:
        return []
    taken: set[int | None] = set(
        TargetSet.objects.filter(portal=moving.portal, account_id=to_id).values_list("department_id", flat=True)
    )
    moved = []
    for one in TargetSet.objects.filter(pk__in=rows).order_by("pk"):
        if one.department_id not in taken:
            taken.add(one.department_id)
            one.account_id = to_id
            one.save(update_fields=["account"])
            moved.append(one.pk)
    return moved


def _calendar_uses(portal: Portal) -> QuerySet[CalendarUse]:
    return CalendarUse.objects.filter(calendar__portal=portal)


def _move_calendars(moving: Repointing, rows: Sequence[int], to_id: int | None) -> Sequence[int]:
    if to_id is None or CalendarUse.objects.filter(account_id=to_id).exists():
        return []
    first = sorted(rows)[:1]
    CalendarUse.objects.filter(pk__in=first).update(account_id=to_id)
    return first


RELATIONS: Sequence[Relation] = (
    Relation("ticket.contact", "contact", _tickets, "contact_id", partial(_move_tickets, "contact_id")),
    Relation("account.target", "account", _target_sets, "account_id", _move_targets, is_promise=True),
    Relation("account.calendar", "account", _calendar_uses, "account_id", _move_calendars, is_promise=True),
    Relation("contact.account", "account", _people, "account_id", _move_people),
    Relation("ticket.account", "account", _tickets, "account_id", partial(_move_tickets, "account_id")),
    Relation("ticket.product", "product", _tickets, "product_id", partial(_move_tickets, "product_id")),
)


def relations_of(kind: str) -> list[Relation]:
    return [relation for relation in RELATIONS if relation.kind == kind]


def grouped(was: Was) -> dict[int, list[int]]:
    """Rows by the record that each named."""
    found: dict[int, list[int]] = defaultdict(list)
    for row_id, record_id in was.items():
        found[record_id].append(row_id)
    return found
