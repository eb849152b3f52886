"""What a person may do in a portal (spec P2, P4). Every action asks here, whoever calls it: page, bridge, bulk."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, Text

from .models import Agent, AgentProfile, AgentRole, AgentState, Portal


@dataclass(frozen=True, slots=True)
class Rights:
    """`may_read` is for the Desk's own pages; someone without a seat reads only what the bridge has let them see.

    `sees_all_departments` counts for those who were given departments; whoever was given none sees all of them anyway.
    """

    has_seat: bool = False
    may_read: bool = False
    may_comment: bool = False
    may_comment_publicly: bool = False
    may_reply: bool = False
    may_forward: bool = False
    may_create: bool = False
    may_update: bool = False
    may_assign: bool = False
    may_merge: bool = False
    may_bulk: bool = False
    may_delete: bool = False
    may_edit_customers: bool = False
    may_merge_customers: bool = False
    may_erase_customers: bool = False
    may_export: bool = False
    sees_all_departments: bool = False
    may_administer: bool = False
    may_manage_agents: bool = False


WITHOUT_A_SEAT = Rights(may_comment=True)
_OF_LIGHT_AGENTS = Rights(has_seat=True, may_read=True, may_comment=True)
_OF_AGENTS = Rights(
    has_seat=True,
    may_read=True,
    may_comment=True,
    may_comment_publicly=True,
    may_reply=True,
    may_forward=True,
    may_create=True,
    may_update=True,
    may_merge=True,
    may_bulk=True,
    may_delete=True,
    may_edit_customers=True,
    may_merge_customers=True,
    may_export=True,
)
_OF_ADMINISTRATORS = Rights(**dict.fromkeys(Rights.__slots__, True))
_BY_ROLE = {
    AgentRole.ADMINISTRATOR: _OF_ADMINISTRATORS,
    AgentRole.AGENT: _OF_AGENTS,
    AgentRole.LIGHT_AGENT: _OF_LIGHT_AGENTS,
}
_FOR_AGENTS: Text = _("Agents and administrators of this portal can, unless their profile leaves it out.")
_WHO_CAN: dict[str, Text] = {
    **dict.fromkeys(
        (
            "may_comment_publicly", "may_reply", "may_forward", "may_create", "may_update", "may_merge", "may_bulk",
            "may_delete", "may_edit_customers", "may_merge_customers", "may_export",
        ),
        _FOR_AGENTS,
    ),
    "may_assign": _("Administrators of this portal can assign tickets to others."),
    "may_erase_customers": _("Administrators of this portal can."),
    "may_administer": _("Administrators of this portal can."),
    "may_manage_agents": _("Administrators of this portal can."),
}  # fmt: skip


def rights_of(agent: Agent | None) -> Rights:
    """The rights of a seat; without an active one a person may only comment, where somebody let them read."""
    if agent is None or agent.state != AgentState.ACTIVE:
        return WITHOUT_A_SEAT
    return rights_of_profile(agent.profile) if agent.profile else rights_of_role(agent.role)


def rights_of_role(role: str) -> Rights:
    return _BY_ROLE[AgentRole(role)]


def rights_of_profile(profile: AgentProfile) -> Rights:
    """Whoever has a seat reads and comments internally; the rest is what the profile says."""
    known = {name: True for name in profile.permissions if name in Rights.__slots__}
    return Rights(**{**known, "has_seat": True, "may_read": True, "may_comment": True})


def rights_of_actor(portal: Portal, actor: Actor) -> Rights:
    """The rights of whoever acts. The product itself, imports without a person and connections may do everything."""
    if is_trusted(actor):
        return _OF_ADMINISTRATORS
    return rights_of(agent_of(portal, actor))


def agent_of(portal: Portal, actor: Actor) -> Agent | None:
    """The active seat of the person who acts."""
    if actor.person_id is None:
        return None
    return (
        Agent.objects.select_related("person", "profile")
        .filter(portal=portal, person_id=actor.person_id, state=AgentState.ACTIVE)
        .first()
    )


def is_trusted(actor: Actor) -> bool:
    return actor.origin.startswith("connection:") or (actor.person_id is None and bool(actor.origin))


def require(portal: Portal, actor: Actor, right: str) -> None:
    """Refuse whoever lacks a right, named as in `Rights`."""
    require_right(rights_of_actor(portal, actor), right)


def require_right(rights: Rights, right: str) -> None:
    if not getattr(rights, right):
        raise NotAllowed(who_can=_WHO_CAN.get(right, ""))
