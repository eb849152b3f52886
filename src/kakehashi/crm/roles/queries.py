from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import id_in
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership, Role
from kakehashi.crm.orgs.team import tree_of


@dataclass(frozen=True, slots=True)
class Place:
    """A role in the tree, with who stands there and what is below."""

    role: Role
    url: str
    people: Sequence[Membership]
    below: Sequence["Place"]


def tree_to_show(access: CrmAccess) -> list[Place]:
    """The whole hierarchy from the top. Two queries."""
    roles = list(Role.objects.filter(org=access.org).order_by("pk"))
    members: dict[int | None, list[Membership]] = {}
    for member in Membership.objects.select_related("person").filter(org=access.org, is_active=True).order_by("pk"):
        members.setdefault(member.role_id, []).append(member)

    def below(parent_id: int | None) -> list[Place]:
        return [
            Place(role, reverse("crm_role", args=[access.org.pk, role.pk]), members.get(role.pk, []), below(role.pk))
            for role in roles
            if role.parent_id == parent_id
        ]

    return below(None)


def find_role(access: CrmAccess, role_id: int | str | None) -> Role:
    """Raises `NotFound`."""
    text = str(role_id or "")
    role = Role.objects.select_related("parent").filter(org=access.org, pk=id_in(text) or 0).first()
    if role is None:
        raise NotFound
    return role


def roles_in_order(access: CrmAccess) -> list[tuple[Role, str]]:
    """(role, name with its depth shown) from the top down, for drop-downs."""

    def walk(places: Sequence[Place], depth: int) -> list[tuple[Role, str]]:
        rows: list[tuple[Role, str]] = []
        for place in places:
            rows += [(place.role, "\u3000" * depth + str(place.role)), *walk(place.below, depth + 1)]
        return rows

    return walk(tree_to_show(access), 0)


def possible_parents(access: CrmAccess, role: Role) -> list[tuple[Role, str]]:
    """Every role that is neither this one nor below it."""
    tree = tree_of(access.org.pk)
    return [
        (other, name)
        for other, name in roles_in_order(access)
        if other.pk != role.pk and not tree.is_below(other.pk, role.pk)
    ]
