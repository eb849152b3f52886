"""What still names a record in the recycle bin, and what becomes of it when the record is erased."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import ngettext, pgettext

from kakehashi.core.actors import Actor
from kakehashi.desk.deadlines.jobs import follow_later
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.record_merging.relations import Repointing, relations_of
from kakehashi.desk.records.writing import Kind
from kakehashi.desk.tickets.models import Ticket

Ties = Mapping[str, int]  # what it is ("ticket", "contact", "account"), how many


def ties_of(kind: Kind[Any], portal: Portal, ids: Sequence[int]) -> dict[int, Counter[str]]:
    """By record. One query for each relation, however many records. What an account was promised is a tie like any other here."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for relation in relations_of(kind.name):
        rows = relation.rows(portal).filter(**{f"{relation.column}__in": ids}).order_by()
        what = "promise" if relation.is_promise else relation.name.partition(".")[0]
        for record_id, count in rows.values_list(relation.column).annotate(Count("pk")):
            found[record_id][what] += count
    return found


def untied(kind: Kind[Any], portal: Portal, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that neither tickets nor people name. What an account was promised goes with it and keeps nothing."""
    for relation in relations_of(kind.name):
        if not relation.is_promise:
            rows = rows.exclude(Exists(relation.rows(portal).filter(**{relation.column: OuterRef("pk")})))
    return rows


def untie(kind: Kind[Any], portal: Portal, records: Sequence[Any], actor: Actor) -> None:
    """Inside a transaction: whatever named one of them names none, and what was promised to them goes."""
    ids = [record.pk for record in records]
    if kind.name == "contact":
        _leave_addresses(portal, records)
    moving = Repointing(portal, {record.pk: record.name for record in records}, actor)
    for relation in relations_of(kind.name):
        rows = sorted(relation.find(portal, ids))
        if rows and relation.is_promise:
            relation.rows(portal).filter(pk__in=rows).delete()
            follow_later(portal)
        elif rows:
            relation.move(moving, rows, None)


def words_of_ties(ties: Ties) -> str:
    """As in "3 tickets, 1 contact"; promises are no reason to stay."""
    tickets, contacts = ties.get("ticket", 0), ties.get("contact", 0)
    words = [
        ngettext("%(count)d ticket", "%(count)d tickets", tickets) % {"count": tickets} if tickets else "",
        ngettext("%(count)d contact", "%(count)d contacts", contacts) % {"count": contacts} if contacts else "",
    ]
    return pgettext("between things", ", ").join(word for word in words if word)


def _leave_addresses(portal: Portal, records: Sequence[Any]) -> None:
    """A ticket that loses its contact can still be answered."""
    for record in records:
        if address := getattr(record, "email", ""):
            Ticket.objects.filter(portal=portal, contact_id=record.pk, email="").update(email=address)
