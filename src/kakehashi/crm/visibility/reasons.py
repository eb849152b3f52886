"""Why somebody may see or change a record, or not. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.orgs.rights import Scope
from kakehashi.crm.orgs.team import RoleTree


class Why(StrEnum):
    ADMINISTRATOR = "administrator"
    ALL = "all"
    OWNER = "owner"
    ABOVE = "above"
    PEER = "peer"
    NO_MODULE = "no_module"
    NO_OWNER = "no_owner"
    ONLY_OWN = "only_own"
    ONLY_TEAM = "only_team"
    INACTIVE = "inactive"


_YES = frozenset([Why.ADMINISTRATOR, Why.ALL, Why.OWNER, Why.ABOVE, Why.PEER])


@dataclass(frozen=True, slots=True)
class Answer:
    why: Why

    @property
    def is_yes(self) -> bool:
        return self.why in _YES


def answer(member: Membership, owner: Membership | None, scope: Scope, tree: RoleTree) -> Answer:
    """For one right (its scope in the member's profile) and a record of this owner; None for one without."""
    if not member.is_active:
        return Answer(Why.INACTIVE)
    if member.profile.is_administrator:
        return Answer(Why.ADMINISTRATOR)
    if scope in (Scope.ALL, Scope.NONE):
        return Answer(Why.ALL if scope == Scope.ALL else Why.NO_MODULE)
    if owner is None:
        return Answer(Why.NO_OWNER)
    if owner.person_id == member.person_id:
        return Answer(Why.OWNER)
    if scope == Scope.OWN:
        return Answer(Why.ONLY_OWN)
    return Answer(_in_team(member, owner, tree))


def _in_team(member: Membership, owner: Membership, tree: RoleTree) -> Why:
    if member.role_id and owner.role_id:
        if tree.is_below(owner.role_id, member.role_id):
            return Why.ABOVE
        if owner.role_id == member.role_id and member.role_id in tree.sharing:
            return Why.PEER
    return Why.ONLY_TEAM
