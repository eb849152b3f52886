"""Making portals, departments and seats."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.hearing.actions import end_hearing
from kakehashi.core.hearing.keys import person_hearing
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.addresses.actions import problem_of_address, set_answering_address
from kakehashi.desk.business_hours.actions import found_calendar
from kakehashi.desk.conversations.html import clean_html
from kakehashi.desk.reply_templates.placeholders import IN_SIGNATURES, placeholders_in
from kakehashi.desk.tickets.models import STANDARD_STATUSES, Status
from kakehashi.identity.people.actions import follow_language
from kakehashi.identity.people.models import Person

from .grants import read_grant, require_to_give, rights_held
from .models import Agent, AgentRole, AgentState, Department, Portal
from .rights import require


class LastAdministrator(ProductError):
    code = "last_administrator"
    status = 409
    message = _("A portal keeps at least one active administrator. Make somebody else administrator first.")


@transaction.atomic
def create_portal(*, name: str, administrator: Person, language: str = "ja") -> Portal:
    """A portal with the four standard statuses, one department, and its first administrator."""
    name = name.strip()
    if not name:
        raise InvalidValues({"name": _("Enter a name.")})
    portal = Portal.objects.create(
        name=name, slug=_free_slug(name), language=language, time_zone=administrator.time_zone
    )
    Status.objects.bulk_create(
        Status(portal=portal, name=status, type=type_, position=position)
        for position, (status, (type_, _label)) in enumerate(STANDARD_STATUSES.items())
    )
    with override(language):
        Department.objects.create(portal=portal, name=gettext("Support"))
    found_calendar(portal)
    agent = Agent.objects.create(portal=portal, person=administrator, role=AgentRole.ADMINISTRATOR)
    _tell(portal, "desk.portal.created", "desk.portal", portal.pk, administrator.as_actor())
    _tell(portal, "desk.agent.added", "desk.agent", agent.pk, administrator.as_actor())
    return portal


@transaction.atomic
def update_portal(portal: Portal, *, name: str, language: str, actor: Actor) -> Portal:
    """Agents who never chose a language follow that of the portal."""
    require(portal, actor, "may_administer")
    if not name.strip():
        raise InvalidValues({"name": _("Enter a name.")})
    was = portal.language
    portal.name, portal.language = name.strip(), language
    portal.save(update_fields=["name", "language"])
    seats = Agent.objects.filter(portal=portal).values_list("person_id", flat=True)
    follow_language(list(seats), was=was, language=language)
    _tell(portal, "desk.portal.updated", "desk.portal", portal.pk, actor)
    return portal


@transaction.atomic
def create_department(
    portal: Portal, *, name: str, mail_address: str = "", mail_name: str = "", signature_html: str = "", actor: Actor
) -> Department:
    require(portal, actor, "may_administer")
    department = Department(portal=portal, position=portal.departments.count())
    department.signature_html = clean_html(signature_html)
    return _write_department(department, name, mail_address, mail_name, actor)


@transaction.atomic
def update_department(
    department: Department,
    *,
    name: str,
    mail_address: str = "",
    mail_name: str = "",
    signature_html: str | None = None,
    actor: Actor,
) -> Department:
    """Without a signature the one it has stays."""
    require(department.portal, actor, "may_administer")
    if signature_html is not None:
        department.signature_html = clean_html(signature_html)
    return _write_department(department, name, mail_address, mail_name, actor)


@transaction.atomic
def add_agent(
    portal: Portal,
    *,
    person: Person,
    role: str,
    actor: Actor,
    state: str = AgentState.ACTIVE,
    departments: Iterable[Department] = (),
) -> Agent:
    """Give a person a seat, or their old seat back in another role; `role` may name a profile (`grants.read_grant`).

    Without departments they see all of them.
    """
    require(portal, actor, "may_manage_agents")
    grant = read_grant(portal, role)
    agent = (
        Agent.objects.select_for_update(of=("self",))
        .select_related("profile")
        .filter(portal=portal, person=person)
        .first()
    )
    if agent is None:
        require_to_give(portal, actor, grant.rights)
        agent = Agent(portal=portal, person=person, role=grant.role, profile=grant.profile, state=AgentState(state))
        agent.save()
    else:
        require_to_give(portal, actor, grant.rights, rights_held(agent))
        _guard_last_administrator(agent, role=grant.role, state=state)
        agent.role, agent.profile, agent.state = grant.role, grant.profile, AgentState(state)
        agent.save(update_fields=["role", "profile", "state"])
    agent.departments.set(departments)
    _tell(portal, "desk.agent.added", "desk.agent", agent.pk, actor, {"grant": agent.grant_in_log})
    return agent


@transaction.atomic
def change_role(agent: Agent, *, role: str, actor: Actor) -> Agent:
    """Another role, or a profile in its place. Raises `InvalidValues`, `LastAdministrator`."""
    require(agent.portal, actor, "may_manage_agents")
    grant, old = read_grant(agent.portal, role), agent.grant_in_log
    if (grant.role, grant.profile) == (agent.role, agent.profile):
        return agent
    require_to_give(agent.portal, actor, grant.rights, rights_held(agent))
    _guard_last_administrator(agent, role=grant.role, state=agent.state)
    agent.role, agent.profile = grant.role, grant.profile
    agent.save(update_fields=["role", "profile"])
    _tell_change(agent, {"role": [old, agent.grant_in_log]}, actor)
    return agent


@transaction.atomic
def set_departments(agent: Agent, *, departments: Sequence[Department], actor: Actor) -> Agent:
    """Which departments' tickets a seat sees; none means all. Teams of departments that it leaves are left, too."""
    require(agent.portal, actor, "may_manage_agents")
    require_to_give(agent.portal, actor, rights_held(agent))
    if any(one.portal_id != agent.portal_id for one in departments):
        raise InvalidValues({"departments": _("There is no such choice.")})
    old = list(agent.departments.all())
    if {one.pk for one in old} == {one.pk for one in departments}:
        return agent
    agent.departments.set(departments)
    if departments:
        agent.teams.remove(*agent.teams.exclude(department__in=departments))
    names = [", ".join(one.name for one in sorted(some, key=lambda one: one.pk)) for some in (old, departments)]
    _tell_change(agent, {"departments": names}, actor)
    return agent


@transaction.atomic
def activate_agent(agent: Agent, *, actor: Actor) -> Agent:
    """By an administrator, or by the invited person themselves."""
    if actor.person_id != agent.person_id or agent.state != AgentState.INVITED:
        require(agent.portal, actor, "may_manage_agents")
        require_to_give(agent.portal, actor, rights_held(agent))
    return _set_state(agent, AgentState.ACTIVE, "desk.agent.activated", actor)


@transaction.atomic
def deactivate_agent(agent: Agent, *, actor: Actor) -> Agent:
    """Take a seat away. Its tickets stay assigned, so that nothing is lost sight of without a decision."""
    require(agent.portal, actor, "may_manage_agents")
    require_to_give(agent.portal, actor, rights_held(agent))
    _guard_last_administrator(agent, role=agent.role, state=AgentState.INACTIVE)
    return _set_state(agent, AgentState.INACTIVE, "desk.agent.deactivated", actor)


def _set_state(agent: Agent, state: AgentState, topic: str, actor: Actor) -> Agent:
    if agent.state != state:
        agent.state = state
        agent.save(update_fields=["state"])
        _tell(agent.portal, topic, "desk.agent", agent.pk, actor)
        if state == AgentState.INACTIVE:
            end_hearing(person_hearing(agent.portal.tenant, agent.person_id))
    return agent


def _guard_last_administrator(agent: Agent, *, role: str, state: str) -> None:
    """The portal row is locked so that two administrators cannot remove each other at once."""
    if role == AgentRole.ADMINISTRATOR and state == AgentState.ACTIVE:
        return
    Portal.objects.select_for_update().get(pk=agent.portal_id)
    others = Agent.objects.filter(
        portal_id=agent.portal_id, role=AgentRole.ADMINISTRATOR, state=AgentState.ACTIVE
    ).exclude(pk=agent.pk)
    if agent.role == AgentRole.ADMINISTRATOR and agent.state == AgentState.ACTIVE and not others.exists():
        raise LastAdministrator


def _write_department(department: Department, name: str, mail_address: str, mail_name: str, actor: Actor) -> Department:
    problems: dict[str, Text] = {}
    taken = Department.objects.filter(portal=department.portal, name=name.strip()).exclude(pk=department.pk)
    if not name.strip():
        problems["name"] = _("Enter a name.")
    elif taken.exists():
        problems["name"] = _("There is a department of this name already.")
    if mail_address.strip() and (problem := _problem_of_address(department, mail_address)):
        problems["mail_address"] = problem
    if gaps := [gap for gap in placeholders_in(department.signature_html) if gap not in IN_SIGNATURES]:
        problems["signature_html"] = _("There is no placeholder %(name)s.") % {"name": gaps[0]}
    if problems:
        raise InvalidValues(problems)
    topic = "desk.department.updated" if department.pk else "desk.department.created"
    department.name = name.strip()
    department.save()
    set_answering_address(department, address=mail_address, name=mail_name, actor=actor)
    _tell(department.portal, topic, "desk.department", department.pk, actor)
    return department


def _problem_of_address(department: Department, address: str) -> Text:
    own = department.mail_addresses.filter(address_normal=normal_email(address)).first() if department.pk else None
    return problem_of_address(address, besides=own.pk if own else None)


def _free_slug(name: str) -> str:
    wish = slugify(name, allow_unicode=True)[:100] or "desk"
    taken = set(Portal.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
    return wish if wish not in taken else next(s for n in range(2, len(taken) + 3) if (s := f"{wish}-{n}") not in taken)


def _tell_change(agent: Agent, changes: dict[str, list[str]], actor: Actor) -> None:
    _tell(agent.portal, "desk.agent.updated", "desk.agent", agent.pk, actor, {"changes": changes})


def _tell(
    portal: Portal, topic: str, kind: str, subject_id: int, actor: Actor, data: dict[str, object] | None = None
) -> None:
    write_fact(Fact(portal.tenant, topic, kind, subject_id, data or {}), actor)
