"""Portals, seats, customers and tickets for tests. Four people everywhere: an administrator, an agent, a light agent and a stranger."""

import itertools
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.desk.addresses.actions import add_address
from kakehashi.desk.addresses.models import MailAddress
from kakehashi.desk.customers.actions import create_account, create_contact
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.actions import add_agent, create_portal
from kakehashi.desk.portals.models import AgentRole, Portal
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

_numbers = itertools.count(1)
SUPPORT = "support@minamo.example"
MAKER = Actor(person_id=None, name="Maker", origin="demo")


def make_desk_person(*, family_name: str = "森本", given_name: str = "葵", language: str = "en") -> Person:
    """A person who can only be signed in with `force_login`: hashing a password takes a third of a second."""
    return Person.objects.create_user(
        f"desk-{next(_numbers)}@example.com", None, family_name=family_name, given_name=given_name, language=language
    )


def make_portal(*, name: str = "Minamo Support", administrator: Person | None = None, language: str = "en") -> Portal:
    portal = create_portal(name=name, administrator=administrator or make_desk_person(), language=language)
    first = not MailAddress.objects.filter(address_normal=SUPPORT).exists()
    address = SUPPORT if first else f"support-{portal.pk}@minamo.example"
    add_address(portal.departments.all()[0], address=address, name="Minamo Support", actor=MAKER)
    return portal


def make_seat(portal: Portal, role: str = AgentRole.AGENT, **person: Any) -> DeskAccess:
    """A colleague with a seat in the portal."""
    someone = make_desk_person(**{"family_name": "戸田", "given_name": "陸", **person})
    add_agent(portal, person=someone, role=role, actor=MAKER)
    return find_access(someone, portal.pk)


def make_administrator(portal: Portal, **person: Any) -> DeskAccess:
    return make_seat(portal, AgentRole.ADMINISTRATOR, **person)


def make_light_agent(portal: Portal, **person: Any) -> DeskAccess:
    return make_seat(portal, AgentRole.LIGHT_AGENT, **person)


def make_desk_stranger() -> Person:
    """A person who is at home in another portal and must not learn anything of this one."""
    person = make_desk_person(family_name="他社", given_name="太郎")
    make_portal(administrator=person, name="Elsewhere")
    return person


def make_account(portal: Portal, *, name: str = "月見坂食品株式会社", **values: Any) -> Account:
    return create_account(portal, values={"accountName": name, **values}, actor=MAKER)


def make_contact(portal: Portal, *, account: Account | None = None, **values: Any) -> Contact:
    given = {"lastName": "相沢", "firstName": "美咲", "email": f"misaki-{next(_numbers)}@tsukimizaka.example"}
    if account is not None:
        given["accountId"] = account.pk  # type: ignore[assignment]  # values are of any type
    return create_contact(portal, values={**given, **values}, actor=MAKER)


def make_ticket(portal: Portal, *, subject: str = "ロガーが切断される", actor: Actor = MAKER, **options: Any) -> Ticket:
    department = options.pop("department", None) or portal.departments.all()[0]
    return open_ticket(portal, department=department, subject=subject, actor=actor, **options)
