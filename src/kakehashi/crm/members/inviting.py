"""Taking colleagues in and writing to those who have no password yet."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from kakehashi.core.actors import Actor
from kakehashi.crm.orgs.actions import add_member
from kakehashi.crm.orgs.models import Membership, Org, Profile, Role
from kakehashi.identity.invitations.actions import send_invitation
from kakehashi.identity.people.actions import invite_person


@transaction.atomic
def invite_colleagues(
    org: Org, *, entries: Sequence[tuple[str, str]], profile: Profile, role: Role | None, actor: Actor
) -> list[Membership]:
    """Take in who is not here yet; (name, address) pairs. A former member comes back with this profile and role."""
    addresses = [address for _name, address in entries]
    here = set(
        Membership.objects.filter(org=org, person__email__in=addresses, is_active=True).values_list(
            "person__email", flat=True
        )
    )
    return [_invite(org, name, address, profile, role, actor) for name, address in entries if address not in here]


def send_again(membership: Membership, *, inviter_name: str) -> None:
    """The invitation's mail once more."""
    home = reverse("crm_home", args=[membership.org_id])
    send_invitation(membership.person, inviter_name=inviter_name, place_name=membership.org.name, next_url=home)


def _invite(org: Org, name: str, address: str, profile: Profile, role: Role | None, actor: Actor) -> Membership:
    family, given = _split(name, org.language)
    person, is_new = invite_person(address, family_name=family, given_name=given, language=org.language)
    membership = add_member(org, person=person, profile=profile, role=role, actor=actor)
    if is_new or not person.has_usable_password():
        send_again(membership, inviter_name=actor.name)
    return membership


def _split(name: str, language: str) -> tuple[str, str]:
    """Family and given name as they were written down: 相沢 美咲, but Misaki Aizawa."""
    first, _space, rest = " ".join(name.split()).partition(" ")
    if not rest:
        return first[:80], ""
    return (first[:80], rest[:80]) if language == "ja" or not name.isascii() else (rest[:80], first[:80])
