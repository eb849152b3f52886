"""Who is told of a ticket. Pure: who may see what is asked of both sides before and after."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.bridge.sides.questions import Place

from .kinds import AUDIENCE_OF, Audience

_FIRST = ("Contacts", "Leads", "Accounts", "Deals")  # by which record a person knows the customer


@dataclass(frozen=True, slots=True)
class Relation:
    """A record of the customer and who owns it."""

    place: Place
    owner_id: int

    @property
    def audience(self) -> Audience:
        return AUDIENCE_OF[self.place[0]]


def candidates(
    relations: Iterable[Relation], audiences: Collection[Audience], doer_id: int | None
) -> Mapping[int, Sequence[Relation]]:
    """The owners to be told, each with the records that make them owners, the nearest to the customer first. Nobody hears of their own
    deed (spec G4).
    """
    found: dict[int, list[Relation]] = {}
    for relation in relations:
        if relation.audience in audiences and relation.owner_id != doer_id:
            found.setdefault(relation.owner_id, []).append(relation)
    return {person: sorted(own, key=_nearness) for person, own in found.items()}


def _nearness(relation: Relation) -> tuple[int, int]:
    return _FIRST.index(relation.place[0]), relation.place[1]
