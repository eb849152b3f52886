"""Records that a person must match, with the evidence; and those that were left apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.records import OTHER, SideName
from kakehashi.bridge.sync.approving import NOT_APPROVED
from kakehashi.bridge.sync.held import why_held
from kakehashi.bridge.sync.links import live_ids
from kakehashi.bridge.sync.models import Link, Module
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

from .evidence import Evidence, Exhibit, Key

PAGE_SIZE = 20
REASONS: Mapping[str, Text] = {
    "several_candidates": _("Several candidates"),
    "shared_key": _("Shared by several records"),
    "candidate_is_linked": _("Candidate belongs to another"),
    NOT_APPROVED: _("Left out of the plan"),
    "candidate_is_apart": _("Candidate was left apart"),
    "candidate_had_link": _("Candidate of a deleted record"),
    "candidate_differs": _("Another name or place"),
}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A record that it might be. One that has a partner already can only be looked at."""

    exhibit: Exhibit
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A record without a partner (`home`; None where this person may not see it), why it waits, and whom it might be."""

    link: Link
    module: str
    label: Text
    side: SideName
    home: Exhibit | None
    sentence: Text
    labels: Sequence[Text]
    suspects: Sequence[Suspect]

    @property
    def was_left_out(self) -> bool:
        """Of a plan that was approved."""
        return bool(self.link.evidence.get("reason") == NOT_APPROVED)

    @property
    def rows(self) -> list[tuple[Text, Any, list[Any]]]:
        """Line by line: what the fact is called, the record's own, each suspect's."""
        own = self.home.facts if self.home else []
        found = []
        for place, label in enumerate(self.labels):
            theirs = [one.exhibit.facts[place] for one in self.suspects]
            mine = own[place] if own else None
            if (mine and mine.text) or any(one.text for one in theirs):
                found.append((label, mine, theirs))
        return found


def open_matches(connection: Connection, *, module: str = "", reason: str = "") -> QuerySet[Link]:
    """Those that nobody has decided yet, the oldest first."""
    links = Link.objects.filter(connection=connection, state=Link.State.HELD).exclude(evidence__has_key="chosen")
    return _filtered(links, module, reason).order_by("agreed_at", "pk")


def left_apart(connection: Connection, *, module: str = "", reason: str = "") -> QuerySet[Link]:
    return _filtered(Link.objects.filter(connection=connection, state=Link.State.APART), module, reason).order_by("-pk")


def counts_of(links: QuerySet[Link]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By module and by reason. One query."""
    rows = links.order_by().values_list("module", KT("evidence__reason")).annotate(Count("id"))
    modules: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for module, reason, count in rows:
        modules[module] = modules.get(module, 0) + count
        reasons[reason or ""] = reasons.get(reason or "", 0) + count
    return modules, reasons


def page_of(links: QuerySet[Link], number: str) -> Page[Link]:
    return Paginator(links, PAGE_SIZE).get_page(number)


def questions(connection: Connection, links: Sequence[Link], actor: Actor) -> list[Question]:
    """With their evidence: a few queries per module and side, however many they are."""
    suspects = {link.pk: _suspects_of(link) for link in links}
    homes: dict[int, Key] = {link.pk: (link.module, *link.home) for link in links}
    evidence = Evidence(
        connection, actor, frozenset([*homes.values(), *(one for all_ in suspects.values() for one in all_)])
    )
    linked = _linked(connection, [one for all_ in suspects.values() for one in all_])
    return [_question(link, evidence, homes[link.pk], suspects[link.pk], linked) for link in links]


def _question(link: Link, evidence: Evidence, home: Key, suspects: Sequence[Key], linked: frozenset[Key]) -> Question:
    shown = [(key, evidence.exhibit(key, beside=home)) for key in suspects]
    module, side, _id = home
    return Question(
        link=link,
        module=module,
        label=Module(module).label,
        side=side,
        home=evidence.exhibit(home),
        sentence=why_held(link.evidence, side, str(evidence.label(module, side, link.evidence.get("field", "")))),
        labels=evidence.labels(module),
        suspects=[Suspect(exhibit, key in linked) for key, exhibit in shown if exhibit],
    )


def _suspects_of(link: Link) -> list[Key]:
    away = OTHER[link.home[0]]
    return [(link.module, away, int(one)) for one in link.evidence.get("candidates", [])]


def _linked(connection: Connection, keys: Sequence[Key]) -> frozenset[Key]:
    """Those that a living link holds."""
    found: set[Key] = set()
    for module, side in sorted({(module, side) for module, side, _id in keys}):
        ids = [one for one_module, one_side, one in keys if (one_module, one_side) == (module, side)]
        found |= {(module, side, one) for one in live_ids(connection, module, side, ids)}
    return frozenset(found)


def _filtered(links: QuerySet[Link], module: str, reason: str) -> QuerySet[Link]:
    if module in Module.values:
        links = links.filter(module=module)
    return links.filter(evidence__reason=reason) if reason in REASONS else links
