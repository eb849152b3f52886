"""Inviting people to a portal: a mail with a link that works once and for seven days (spec P1)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.identity.invitations.links import LIFETIME, LinkIsVoid
from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.people.models import Person

from .actions import activate_agent, add_agent
from .models import Agent, AgentState, Department, Portal
from .rights import require

_SALT = "kakehashi.desk.activation"


class IsNoInvitation(ProductError):
    code = "is_no_invitation"
    status = 409
    message = _("This person is not waiting for an invitation any more.")


@transaction.atomic
def invite_agent(
    portal: Portal, *, person: Person, role: str, actor: Actor, departments: Iterable[Department] = ()
) -> Agent:
    """A seat that waits for the person, and the mail that lets them take it. Who sits already keeps the seat, in the new role."""
    seat = Agent.objects.filter(portal=portal, person=person, state=AgentState.ACTIVE).first()
    state = AgentState.ACTIVE if seat else AgentState.INVITED
    agent = add_agent(portal, person=person, role=role, actor=actor, state=state, departments=departments)
    if state == AgentState.INVITED:
        send_activation(agent, actor=actor)
    return agent


@transaction.atomic
def send_activation(agent: Agent, *, actor: Actor) -> str:
    """The mail, once more if need be; answers its link. Only the last one sent works."""
    require(agent.portal, actor, "may_manage_agents")
    if agent.state != AgentState.INVITED:
        raise IsNoInvitation
    agent.invitation_mark, agent.invited_at, agent.invited_by_name = get_random_string(20), clock.now(), actor.name
    agent.save(update_fields=["invitation_mark", "invited_at", "invited_by_name"])
    link = _link(agent)
    context = {
        "inviter_name": actor.name,
        "portal_name": agent.portal.name,
        "role": lambda: agent.grant_label,
        "link": link,
    }
    queue_mail("desk/portals/templates/activation", agent.person.email, context, person=agent.person)
    write_fact(Fact(agent.portal.tenant, "desk.agent.invited", "desk.agent", agent.pk), actor)
    return link


@transaction.atomic
def withdraw_invitation(agent: Agent, *, actor: Actor) -> Agent:
    """The seat is taken back before it was ever used; its link is void at once."""
    require(agent.portal, actor, "may_manage_agents")
    if agent.state != AgentState.INVITED:
        raise IsNoInvitation
    agent.state, agent.invitation_mark = AgentState.INACTIVE, ""
    agent.save(update_fields=["state", "invitation_mark"])
    write_fact(Fact(agent.portal.tenant, "desk.agent.withdrawn", "desk.agent", agent.pk), actor)
    return agent


def read_activation(token: str) -> Agent:
    """The invited seat. Raises `LinkIsVoid` for a link that was used, replaced, withdrawn, is too old or was never ours."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise LinkIsVoid from None
    seats = Agent.objects.select_related("portal", "person").filter(pk=content["agent"], state=AgentState.INVITED)
    agent = seats.filter(invitation_mark=content["mark"], person__is_active=True).first()
    if agent is None or clock.now() > datetime.fromtimestamp(content["until"], UTC):
        raise LinkIsVoid
    return agent


def take_seat(agent: Agent) -> Agent:
    """By the invited person, who has shown who they are."""
    return activate_agent(agent, actor=agent.person.as_actor())


def expires_at(agent: Agent) -> datetime | None:
    return agent.invited_at + LIFETIME if agent.invited_at else None


def _link(agent: Agent) -> str:
    until = int((clock.now() + LIFETIME).timestamp())
    token = signing.dumps({"agent": agent.pk, "mark": agent.invitation_mark, "until": until}, salt=_SALT)
    return settings.PUBLIC_URL.rstrip("/") + reverse("desk_activation", args=[token])
