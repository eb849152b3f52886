"""Who is in an org, found by name, address, state, profile and role."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership

STATES = ("active", "invited", "inactive")
_NEVER_CAME = Q(person__last_login=None, person__password__startswith=UNUSABLE_PASSWORD_PREFIX)


@dataclass(frozen=True, slots=True)
class PeopleChoice:
    text: str = ""
    state: str = ""
    profile: str = ""
    role: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.state or self.profile or self.role)


def read_choice(query: Mapping[str, str]) -> PeopleChoice:
    state = query.get("state", "")
    numbers = {name: value for name in ("profile", "role") if is_id(value := query.get(name, ""))}
    return PeopleChoice(query.get("q", "").strip()[:100], state if state in STATES else "", **numbers)


def members_matching(access: CrmAccess, choice: PeopleChoice) -> QuerySet[Membership]:
    """Who works here first, then who left; in the order of joining."""
    found = Membership.objects.select_related("person", "profile", "role").filter(org=access.org)
    for word in choice.text.split():
        found = found.filter(
            Q(person__family_name__icontains=word)
            | Q(person__given_name__icontains=word)
            | Q(person__email__icontains=word)
        )
    states = {
        "active": Q(is_active=True) & ~_NEVER_CAME,
        "invited": Q(is_active=True) & _NEVER_CAME,
        "inactive": Q(is_active=False),
    }
    if choice.state:
        found = found.filter(states[choice.state])
    if choice.profile:
        found = found.filter(profile_id=int(choice.profile))
    if choice.role:
        found = found.filter(role_id=int(choice.role))
    return found.order_by("-is_active", "pk")


def find_member(access: CrmAccess, membership_id: int | str | None) -> Membership:
    """Raises `NotFound`."""
    text = str(membership_id or "")
    members = Membership.objects.select_related("org", "person", "profile", "role").filter(org=access.org)
    member = members.filter(pk=int(text)).first() if is_id(text) else None
    if member is None:
        raise NotFound
    return member


def possible_takers(access: CrmAccess, giver: Membership) -> list[Membership]:
    """Who can get somebody's records."""
    members = Membership.objects.select_related("person").filter(org=access.org, is_active=True, person__is_active=True)
    return sorted(members.exclude(pk=giver.pk), key=lambda member: member.person.name)
