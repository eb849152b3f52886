"""What happens to a membership after somebody was taken in (`orgs.actions.add_member`). Nothing of its history is ever deleted."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.hearing.actions import end_hearing
from kakehashi.core.hearing.keys import person_hearing
from kakehashi.crm.orgs.models import Membership, Profile, Role

LAST_ADMINISTRATOR = _("Somebody has to be administrator. Make somebody else one first.")


@transaction.atomic
def change_place(membership: Membership, *, profile: Profile, role: Role | None, actor: Actor) -> Membership:
    """Another profile or role. The last administrator keeps theirs. Raises `InvalidValues`."""
    administrators = _lock_administrators(membership)
    loses = membership.profile.is_administrator and not profile.is_administrator
    if loses and membership.is_active and administrators == [membership.pk]:
        raise InvalidValues({"profile": LAST_ADMINISTRATOR})
    pairs: dict[str, list[Any]] = {"profile": [membership.profile, profile], "role": [membership.role, role]}
    changes = {key: [str(old or ""), str(new or "")] for key, (old, new) in pairs.items() if old != new}
    if changes:
        membership.profile, membership.role = profile, role
        membership.save(update_fields=["profile", "role"])
        _tell(membership, "updated", {"changes": changes}, actor)
    return membership


@transaction.atomic
def deactivate_member(membership: Membership, *, actor: Actor) -> Membership:
    """No more of this org from the next request on; what they own stays theirs until it is handed over. Raises `InvalidValues`."""
    if membership.person_id == actor.person_id:
        raise InvalidValues({"member": _("You cannot deactivate yourself.")})
    if _lock_administrators(membership) == [membership.pk]:
        raise InvalidValues({"member": LAST_ADMINISTRATOR})
    return _set_active(membership, False, "deactivated", actor)


@transaction.atomic
def reactivate_member(membership: Membership, *, actor: Actor) -> Membership:
    """As before, with the profile and role they had."""
    return _set_active(membership, True, "reactivated", actor)


@transaction.atomic
def withdraw_invitation(membership: Membership, *, actor: Actor) -> Membership:
    """Nobody who never came in needs to stay in the list as a former colleague."""
    if not is_invited(membership):
        raise InvalidValues({"member": _("This person has signed in already; deactivate them instead.")})
    if _lock_administrators(membership) == [membership.pk]:
        raise InvalidValues({"member": LAST_ADMINISTRATOR})
    return _set_active(membership, False, "withdrawn", actor)


def note_invitation(membership: Membership, *, actor: Actor) -> None:
    """The mail went out again."""
    with transaction.atomic():
        _tell(membership, "invited", {}, actor)


def is_invited(membership: Membership) -> bool:
    """Whether somebody was asked and has not come yet."""
    person = membership.person
    return membership.is_active and person.last_login is None and not person.has_usable_password()


def _set_active(membership: Membership, is_active: bool, deed: str, actor: Actor) -> Membership:
    changed = Membership.objects.filter(pk=membership.pk, is_active=not is_active).update(is_active=is_active)
    membership.is_active = is_active
    if changed:
        _tell(membership, deed, {}, actor)
    if changed and not is_active:
        end_hearing(person_hearing(membership.org.tenant, membership.person_id))
    return membership


def _lock_administrators(membership: Membership) -> list[int]:
    """The ids of the active administrators, locked so that two at once cannot both be let go."""
    found = Membership.objects.select_for_update(of=("self",)).filter(
        org=membership.org_id, is_active=True, profile__is_administrator=True
    )
    return [one.pk for one in found.order_by("pk")]


def _tell(membership: Membership, deed: str, data: Mapping[str, Any], actor: Actor) -> None:
    data = {**data, "person": membership.person.name}
    write_fact(Fact(f"org:{membership.org_id}", f"crm.member.{deed}", "crm.member", membership.pk, data), actor)
