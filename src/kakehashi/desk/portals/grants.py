"""What a seat may be given: a role, or a profile that the portal has put together. Nobody gives more than they hold themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed, Text
from kakehashi.core.ids import is_id

from .models import Agent, AgentProfile, AgentRole, Portal
from .rights import Rights, rights_of_actor, rights_of_profile, rights_of_role

_PREFIX = "profile:"


@dataclass(frozen=True, slots=True)
class Grant:
    """`role` is what lists of people who can be given tickets go by, also where a profile says the rest."""

    role: AgentRole
    profile: AgentProfile | None = None

    @property
    def rights(self) -> Rights:
        return rights_of_profile(self.profile) if self.profile else rights_of_role(self.role)


def read_grant(portal: Portal, text: str) -> Grant:
    """From a form: a role, or "profile:7". Raises `InvalidValues`."""
    if text in AgentRole.values:
        return Grant(AgentRole(text))
    key = text.removeprefix(_PREFIX)
    is_profile = text.startswith(_PREFIX) and is_id(key)
    profile = portal.profiles.filter(pk=int(key)).first() if is_profile else None
    if profile is None:
        raise InvalidValues({"role": _("There is no such choice.")})
    return Grant(role_of(profile.permissions), profile)


def role_of(permissions: Sequence[str]) -> AgentRole:
    """Whoever may change tickets can be given some."""
    return AgentRole.AGENT if "may_update" in permissions else AgentRole.LIGHT_AGENT


def grants_of(portal: Portal) -> list[tuple[str, Text]]:
    """(value, label) of all that a seat may be given in a portal."""
    profiles = [(f"{_PREFIX}{profile.pk}", profile.name) for profile in portal.profiles.all()]
    return [*((str(value), label) for value, label in AgentRole.choices), *profiles]


def rights_held(agent: Agent) -> Rights:
    """Those of the seat, whether or not it is active."""
    return rights_of_profile(agent.profile) if agent.profile else rights_of_role(agent.role)


def require_to_give(portal: Portal, actor: Actor, *given: Rights) -> None:
    """Refuse whoever would give, or take from somebody, rights that they do not have themselves."""
    own = rights_of_actor(portal, actor)
    if any(getattr(rights, name) and not getattr(own, name) for rights in given for name in Rights.__slots__):
        raise NotAllowed(
            who_can=_("Nobody gives or takes more rights than they have. Administrators of this portal can.")
        )
