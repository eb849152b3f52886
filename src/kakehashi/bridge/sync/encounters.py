"""Records without a partner meet those of the other side that hold the same keys. What comes of it is decided here; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kakehashi.bridge.sides.records import OTHER, SideName, SideRecord, Value
from kakehashi.core.normalise.text import fold

from .batch import Batch
from .doubts import is_doubtful
from .links import apart_ids, live_ids
from .mapping import MatchKey, ModuleName
from .matching import Candidate, Create, Decision, LinkTo, Rung, decide
from .outcome import mention
from .subjects import Subject

NEW = "new"  # what a person says of a held record that is nobody yet
_CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds the values of one match key: record ids here and there, by value."""

    key: MatchKey
    here: Mapping[Value, tuple[int, ...]]
    there: Mapping[Value, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Others:
    """The records of the other side that hold a key of anybody in this batch, and what the ladder has to know of them."""

    records: Mapping[int, SideRecord]
    candidates: Mapping[int, Candidate]


@dataclass(frozen=True, slots=True)
class Encounter:
    """A subject, where it lived when it was met (what is joined or made has another home from then on), and whom it meets."""

    module: ModuleName
    subject: Subject
    home: SideName
    holders: Sequence[Holders]
    others: Others

    @property
    def away(self) -> SideName:
        return OTHER[self.home]

    @property
    def choice(self) -> str:
        """What a person decided about a held record: whom it is, or that it is nobody yet; empty where nobody has."""
        link = self.subject.link
        return str(link.evidence.get(_CHOSEN, "")) if link else ""

    def decide(self) -> Decision:
        """What a person chose goes first."""
        if self.choice:
            return Create() if self.choice == NEW else LinkTo(int(self.choice), "")
        return decide(self._ladder())

    def keys(self) -> tuple[tuple[str, Value], ...]:
        """By which somebody over there would be the same."""
        return tuple((one.key.name_on(self.away), value) for one, value in self._held())

    def told_apart(self) -> frozenset[int]:
        """Those over there that hold one of the keys and are somebody else all the same: their strong key differs, or a person has seen
        them and said so.
        """
        found = {one for holders, value in self._held() for one in holders.there[value]}
        if self.choice == NEW:
            return frozenset(found)
        return frozenset(one for one in found if one in self.others.records and self._differs(self.others.records[one]))

    def mentions(self) -> list[str]:
        """Everybody who holds a key of this one, here and there: when one of them changes, this one is looked at again."""
        mentioned: set[str] = set()
        for holders, value in self._held():
            mentioned |= {mention(self.home, one) for one in holders.here[value] if one != self._id}
            mentioned |= {mention(self.away, one) for one in holders.there[value]}
        return sorted(mentioned)

    @property
    def _id(self) -> int | None:
        return self.subject.crm_id if self.home == "crm" else self.subject.desk_id

    def _held(self) -> list[tuple[Holders, Value]]:
        """The keys that this one has, with its values."""
        return [
            (one, value) for one in self.holders if (value := self.subject.value(self.home, one.key.name_on(self.home)))
        ]

    def _ladder(self) -> list[Rung]:
        """A record with a code of its own may share its name with others here: they are other things, unless one there has no code."""
        rungs = []
        has_strong = any(one.key.is_strong for one, _value in self._held())
        for one, value in self._held():
            here = [other for other in one.here[value] if other != self._id]
            same = self._same_as(one.there[value])
            is_told_apart = has_strong and not one.key.is_strong and not same
            rungs.append(Rung(one.key.name_on(self.home), 1 if is_told_apart else 1 + len(here), same))
        return rungs

    def _same_as(self, ids: Sequence[int]) -> tuple[Candidate, ...]:
        known = [self.others.records[one] for one in ids if one in self.others.records]
        return tuple(
            replace(self.others.candidates[one.id], is_doubtful=self._is_doubtful(one))
            for one in known
            if not self._differs(one)
        )

    def _is_doubtful(self, other: SideRecord) -> bool:
        mine = self.subject.record(self.home)
        values = {self.home: mine.values if mine else {}, self.away: other.values}
        return is_doubtful(self.module, values["crm"], values["desk"])

    def _differs(self, other: SideRecord) -> bool:
        """Two codes that differ are two things, however alike the names are (design §6)."""
        for one, mine in self._held():
            theirs = other.values.get(one.key.name_on(self.away))
            if one.key.is_strong and theirs and fold(str(mine)) != fold(str(theirs)):
                return True
        return False


def meet(batch: Batch, subjects: Sequence[Subject], home: SideName) -> list[Encounter]:
    """A few reads for all subjects of one home."""
    holders = _holders(batch, subjects, home)
    others = _others(batch, {one for each in holders for ids in each.there.values() for one in ids}, OTHER[home])
    return [Encounter(batch.module.name, subject, home, holders, others) for subject in subjects]


def decide_all(batch: Batch, encounters: Sequence[Encounter]) -> list[tuple[Encounter, Decision]]:
    """What an earlier attempt made is found by its stamp, whatever else the ladder says: creating looks for it."""
    decisions = [(one, one.decide()) for one in encounters]
    keys = {batch.key_of(one.subject) for one, decision in decisions if not isinstance(decision, Create)}
    if not keys:
        return decisions
    away = encounters[0].away
    made = batch.bench.side(away).find_keys(batch.module.name_on(away), sorted(keys))
    return [(one, Create() if batch.key_of(one.subject) in made else decision) for one, decision in decisions]


def forget_choice(subject: Subject) -> bool:
    """What a person chose is void when that one is not to be had any more. Answers whether there was a choice."""
    return bool(subject.link and subject.link.evidence.pop(_CHOSEN, None))


def _holders(batch: Batch, subjects: Sequence[Subject], home: SideName) -> list[Holders]:
    bench, module, away, holders = batch.bench, batch.module, OTHER[home], []
    for key in bench.keys(module):
        name = key.name_on(home)
        values = list({value for one in subjects if (value := one.value(home, name))})
        if values:
            here = _holders_here(batch, key, home, values)
            there = bench.side(away).find(module.name_on(away), key.name_on(away), values)
            holders.append(Holders(key, here, there))
    return holders


def _holders_here(
    batch: Batch, key: MatchKey, home: SideName, values: Sequence[Value]
) -> Mapping[Value, tuple[int, ...]]:
    """Whoever has it by this field, or by one that goes before it: a secondary address may be somebody else's primary one (lesson C1)."""
    names = list(dict.fromkeys(one.name_on(home) for one in batch.bench.keys(batch.module) if one.type == key.type))
    names = names[: names.index(key.name_on(home)) + 1] if key.type == "email" else [key.name_on(home)]
    side, there = batch.bench.side(home), batch.module.name_on(home)
    found = [side.find(there, name, values) for name in names]
    return {value: tuple(dict.fromkeys(one for holders in found for one in holders[value])) for value in values}


def _others(batch: Batch, ids: set[int], away: SideName) -> Others:
    if not ids:
        return Others({}, {})
    name = batch.module.name
    records = batch.bench.side(away).fetch(batch.module.name_on(away), sorted(ids))
    linked = live_ids(batch.connection, name, away, ids) | batch.claimed(away, ids)
    apart = apart_ids(batch.connection, name, away, ids)
    candidates = {
        one: Candidate(one, one in linked, record.key.startswith(batch.key_prefix), one in apart)
        for one, record in records.items()
    }
    return Others(records, candidates)
