"""Changing the hierarchy. It holds from everybody's next request."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.orgs.models import Membership, Role
from kakehashi.crm.orgs.team import tree_of


@transaction.atomic
def add_role(parent: Role, *, name: str, actor: Actor) -> Role:
    """A place below another one."""
    name = _free_name(parent.org_id, name)
    role = Role.objects.create(org_id=parent.org_id, name=name, parent=parent)
    _tell(role, "created", {"parent": str(parent)}, actor)
    return role


@transaction.atomic
def update_role(role: Role, *, name: str, parent: Role | None, shares_with_peers: bool, actor: Actor) -> Role:
    """Rename, move below another role, share among peers or not. Raises `InvalidValues` for a ring and for moving the top."""
    list(
        Role.objects.select_for_update().filter(org_id=role.org_id).order_by("pk")
    )  # two moves at once must not make a ring
    role.refresh_from_db()
    before = {"name": str(role), "parent": str(role.parent or ""), "shares_with_peers": role.shares_with_peers}
    if role.parent_id is not None:
        _check_place(role, parent)
        role.parent = parent
    if name != str(role):
        role.name, role.is_system = _free_name(role.org_id, name, but=role), False
    role.shares_with_peers = shares_with_peers
    after = {"name": str(role), "parent": str(role.parent or ""), "shares_with_peers": shares_with_peers}
    changes = {key: [before[key], value] for key, value in after.items() if before[key] != value}
    if changes:
        role.save(update_fields=["name", "is_system", "parent", "shares_with_peers"])
        _tell(role, "updated", {"changes": changes}, actor)
    return role


@transaction.atomic
def delete_role(role: Role, *, replacement: Role, actor: Actor) -> None:
    """Remove a place: its people get the replacement, the roles below it move up. Raises `InvalidValues` for the top."""
    list(Role.objects.select_for_update().filter(org_id=role.org_id).order_by("pk"))
    role.refresh_from_db()
    if role.parent_id is None:
        raise InvalidValues({"replacement": _("The role at the top stays.")})
    if replacement.pk == role.pk or replacement.org_id != role.org_id:
        raise InvalidValues({"replacement": _("Choose the role that its people get instead.")})
    moved = Membership.objects.filter(role=role).update(role=replacement)
    Role.objects.filter(parent=role).update(parent=role.parent_id)
    _tell(role, "deleted", {"replacement": str(replacement), "people": moved}, actor)
    role.delete()


def _check_place(role: Role, parent: Role | None) -> None:
    if parent is None or parent.org_id != role.org_id:
        raise InvalidValues({"parent": _("Choose the role above.")})
    if parent.pk == role.pk or tree_of(role.org_id).is_below(parent.pk, role.pk):
        raise InvalidValues({"parent": _("A role cannot stand below itself.")})


def _free_name(org_id: int, name: str, *, but: Role | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidValues({"name": _("Please give a name.")})
    others = Role.objects.filter(org_id=org_id).exclude(pk=but.pk if but else 0)
    if any(name.casefold() in (other.name.casefold(), str(other).casefold()) for other in others):
        raise InvalidValues({"name": _("There is a role of this name already.")})
    return name


def _tell(role: Role, deed: str, data: Mapping[str, Any], actor: Actor) -> None:
    write_fact(Fact(f"org:{role.org_id}", f"crm.role.{deed}", "crm.role", role.pk, {"name": str(role), **data}), actor)
