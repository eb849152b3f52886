"""Making and changing profiles: what their holders may do, from their next request on."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.grants import Grant, read_grant, require_to_give, role_of
from kakehashi.desk.portals.models import Agent, AgentProfile, AgentRole, Portal
from kakehashi.desk.portals.rights import require, rights_of_profile

from .words import NEEDS_UPDATE, PERMISSIONS

MOST_PROFILES = 100
_LONGEST = 80


class ProfileIsHeld(ProductError):
    code = "profile_is_held"
    status = 409
    message = _("Somebody has this profile. Choose what they get instead.")


@transaction.atomic
def copy_profile(portal: Portal, *, name: str, source: str, actor: Actor) -> AgentProfile:
    """A new profile that allows what a role or another profile does (`grants.read_grant`). Raises `InvalidValues`."""
    _guard(portal, actor)
    if portal.profiles.count() >= MOST_PROFILES:
        raise InvalidValues({"name": _("At most %(limit)s profiles.") % {"limit": MOST_PROFILES}})
    grant = read_grant(portal, source)
    held = [name for name in PERMISSIONS if getattr(grant.rights, name)]
    profile = AgentProfile(portal=portal, name=_free_name(portal, name), permissions=held)
    require_to_give(portal, actor, rights_of_profile(profile))
    profile.save()
    _tell(profile, "created", actor, {"source": grant.profile.name if grant.profile else str(grant.role)})
    return profile


@transaction.atomic
def update_profile(profile: AgentProfile, *, name: str, permissions: Iterable[str], actor: Actor) -> AgentProfile:
    """Raises `InvalidValues`."""
    portal = profile.portal
    _guard(portal, actor)
    before = (profile.name, profile.permissions)
    old = rights_of_profile(profile)
    profile.name, profile.permissions = _free_name(portal, name, but=profile), _in_order(permissions)
    require_to_give(portal, actor, old, rights_of_profile(profile))
    if before == (profile.name, profile.permissions):
        return profile
    profile.save(update_fields=["name", "permissions"])
    profile.agents.update(role=role_of(profile.permissions))
    changes = {"name": [before[0], profile.name], "permissions": [before[1], profile.permissions]}
    _tell(profile, "updated", actor, {"changes": {key: pair for key, pair in changes.items() if pair[0] != pair[1]}})
    return profile


@transaction.atomic
def delete_profile(profile: AgentProfile, *, successor: str, actor: Actor) -> int:
    """Who holds it gets the successor. Answers how many. Raises `ProfileIsHeld`, `InvalidValues`."""
    portal = profile.portal
    _guard(portal, actor)
    holders = list(Agent.objects.select_for_update(of=("self",)).filter(profile=profile))
    if holders and not successor:
        raise ProfileIsHeld
    grant = read_grant(portal, successor) if holders else Grant(AgentRole.AGENT)
    if grant.profile and grant.profile.pk == profile.pk:
        raise InvalidValues({"role": _("There is no such choice.")})
    require_to_give(portal, actor, rights_of_profile(profile), *([grant.rights] if holders else []))
    for agent in holders:
        agent.role, agent.profile = grant.role, grant.profile
        agent.save(update_fields=["role", "profile"])
        changes = {"role": [profile.name, agent.grant_in_log]}
        write_fact(Fact(portal.tenant, "desk.agent.updated", "desk.agent", agent.pk, {"changes": changes}), actor)
    _tell(profile, "deleted", actor, {"people": len(holders)})
    profile.delete()
    return len(holders)


def _guard(portal: Portal, actor: Actor) -> None:
    """The portal's row makes two administrators wait for each other."""
    require(portal, actor, "may_manage_agents")
    Portal.objects.select_for_update(no_key=True).get(pk=portal.pk)


def _in_order(permissions: Iterable[str]) -> list[str]:
    """Those that there are; without the right to change tickets, nothing that needs it."""
    wanted = set(permissions)
    if "may_update" not in wanted:
        wanted -= NEEDS_UPDATE
    return [name for name in PERMISSIONS if name in wanted]


def _free_name(portal: Portal, name: str, *, but: AgentProfile | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidValues({"name": _("Enter a name.")})
    if len(name) > _LONGEST:
        raise InvalidValues({"name": _("At most %(limit)s characters.") % {"limit": _LONGEST}})
    others = portal.profiles.exclude(pk=but.pk if but else 0).values_list("name", flat=True)
    taken = {*(other.casefold() for other in others), *(str(label).casefold() for label in AgentRole.labels)}
    if name.casefold() in taken:
        raise InvalidValues({"name": _("There is a role or profile of this name already.")})
    return name


def _tell(profile: AgentProfile, deed: str, actor: Actor, data: dict[str, object]) -> None:
    fact = Fact(
        profile.portal.tenant, f"desk.profile.{deed}", "desk.profile", profile.pk, {"name": profile.name, **data}
    )
    write_fact(fact, actor)
