"""What the sync remembers of the records that are not simply linked and quiet: read in a handful of queries, however many records there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import SideName, side_named
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.naming import Key
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.unread import unread_changes

from .standing import Facts

Mark = Literal["waits", "fails"]
QUIET = (Link.State.LIVE, Link.State.OUTSIDE)  # so many that they are counted
_BEFORE: Mapping[str, int] = {
    Link.State.DEAD: 0,
    Link.State.OUTSIDE: 1,
    Link.State.APART: 2,
    Link.State.HELD: 3,
    Link.State.LIVE: 4,
}


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link as far as it tells how its records stand."""

    id: int
    module: str
    crm_id: int | None
    desk_id: int | None
    state: str

    def has(self, side: SideName) -> bool:
        return (self.crm_id if side == "crm" else self.desk_id) is not None

    @property
    def ends(self) -> list[Key]:
        found: list[Key] = [(self.module, "crm", self.crm_id)] if self.crm_id is not None else []
        return [*found, (self.module, "desk", self.desk_id)] if self.desk_id is not None else found


@dataclass
class Remembered:
    """`marks`: records to be looked at, or looked at in vain. `links`: those that a mark touches, that are disputed, or that are neither alive nor left out;
    of several that name a record the most alive one is its own. `disputed` are ids of links.
    """

    marks: dict[Key, Mark] = field(default_factory=dict)
    links: dict[Key, LinkFacts] = field(default_factory=dict)
    disputed: frozenset[int] = frozenset()

    @property
    def keys(self) -> set[Key]:
        return {*self.marks, *self.links}

    def facts(self, key: Key, *, is_looked_for: bool) -> Facts:
        """Of a record that lives."""
        link, mark = self.links.get(key), self.mark_of(key)
        return Facts(
            is_looked_for=is_looked_for,
            link=link.state if link else "",
            waits=mark == "waits",
            fails=mark == "fails",
            is_disputed=bool(link and link.id in self.disputed),
        )

    def mark_of(self, key: Key) -> Mark | None:
        """Its own or its partner's; failing goes before waiting."""
        link = self.links.get(key)
        marks = {self.marks.get(one) for one in (link.ends if link else [key])}
        return "fails" if "fails" in marks else "waits" if "waits" in marks else None


def remembered(connection: Connection) -> Remembered:
    """Four queries, and one for each side that has changed since the sync read the log last."""
    unread, disputes = unread_changes(connection), Conflict.objects.filter(connection=connection, choice="")
    marks: dict[Key, Mark] = {**dict.fromkeys(unread, "waits"), **_marks(connection)}
    found = Remembered(marks, disputed=frozenset(disputes.values_list("link", flat=True)))
    for link in _links(connection, unread):
        for key in link.ends:
            if key not in found.links or _BEFORE[found.links[key].state] < _BEFORE[link.state]:
                found.links[key] = link
    return found


def _marks(connection: Connection) -> dict[Key, Mark]:
    """What is written down as dirty."""
    rows = Dirty.objects.filter(connection=connection).values_list("module", "side", "record_id", "reason")
    return {
        (module, side_named(side), record_id): "fails" if reason else "waits"
        for module, side, record_id, reason in rows
    }


def _links(connection: Connection, unread: Iterable[Key]) -> Iterable[LinkFacts]:
    own = Link.objects.filter(connection=connection)
    disputed = Conflict.objects.filter(connection=connection, choice="").values("link")
    parts = [own.exclude(state__in=QUIET), own.filter(pk__in=disputed)]
    parts += [own.filter(_is_marked(connection, "crm")), own.filter(_is_marked(connection, "desk"))]
    parts += [own.filter(_is_among(unread)), own.filter(_shares_its_desk_record(connection), state__in=QUIET)]
    columns = ("pk", "module", "crm_id", "desk_id", "state")
    first, *others = [part.order_by().values_list(*columns) for part in parts]
    rows: QuerySet[Link, tuple[int, str, int | None, int | None, str]] = first.union(*others)
    return [LinkFacts(*row) for row in rows]


def _is_marked(connection: Connection, side: SideName) -> Exists:
    return Exists(
        Dirty.objects.filter(
            connection=connection, module=OuterRef("module"), side=side, record_id=OuterRef(f"{side}_id")
        )
    )


def _shares_its_desk_record(connection: Connection) -> Exists:
    """With the tombstone of a merge, for instance: the living link is the record's own."""
    others = Link.objects.filter(connection=connection, module=OuterRef("module"), desk_id=OuterRef("desk_id"))
    return Exists(others.exclude(state=Link.State.LIVE).exclude(pk=OuterRef("pk")))


def _is_among(keys: Iterable[Key]) -> Q:
    wanted = Q(pk__in=[])
    by_part: dict[tuple[str, SideName], list[int]] = {}
    for module, side, record_id in keys:
        by_part.setdefault((module, side), []).append(record_id)
    for (module, side), ids in by_part.items():
        wanted |= Q(module=module, **{f"{side}_id__among": ids})
    return wanted
