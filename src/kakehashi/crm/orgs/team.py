"""Who stands below whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .models import Membership, Role


@dataclass(frozen=True, slots=True)
class RoleTree:
    """The roles of an org. `parents`: role -> the one above it; `sharing`: roles whose holders see each other's records. Pure."""

    parents: Mapping[int, int | None]
    sharing: frozenset[int] = frozenset()

    def above(self, role_id: int) -> Iterator[int]:
        """The roles over one, the nearest first."""
        role = self.parents.get(role_id)
        while role is not None:
            yield role
            role = self.parents.get(role)

    def is_below(self, role_id: int, other_id: int) -> bool:
        """Whether a role stands somewhere under another one."""
        return other_id in self.above(role_id)

    def below(self, role_id: int) -> set[int]:
        return {role for role in self.parents if self.is_below(role, role_id)}

    def reach(self, role_id: int) -> set[int]:
        """Roles whose holders' records are the team's: those below, and one's own if it shares among peers."""
        return self.below(role_id) | ({role_id} & self.sharing)


def tree_of(org_id: int) -> RoleTree:
    rows = Role.objects.filter(org_id=org_id).values_list("pk", "parent_id", "shares_with_peers")
    return RoleTree(
        {role: parent for role, parent, _shares in rows}, frozenset(role for role, _parent, shares in rows if shares)
    )


def team_of(membership: Membership) -> frozenset[int]:
    """The people whose records count as the team's, oneself among them; also those who have left. Two queries."""
    itself = frozenset([membership.person_id])
    if membership.role_id is None:
        return itself
    roles = tree_of(membership.org_id).reach(membership.role_id)
    people = Membership.objects.filter(org_id=membership.org_id, role_id__in=roles)
    return itself | frozenset(people.values_list("person_id", flat=True))
