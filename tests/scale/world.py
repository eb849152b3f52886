"""A company on both sides, small enough that everything collides."""

from dataclasses import dataclass

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.core.actors import Actor
from kakehashi.crm.orgs.access import find_access
from kakehashi.crm.orgs.actions import ADMINISTRATOR, add_member, create_org
from kakehashi.crm.orgs.models import Profile
from kakehashi.desk.addresses.actions import add_address
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.actions import add_agent, create_portal
from kakehashi.desk.portals.models import AgentRole, Portal
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_record

PASSWORD = "kills-are-welcome"
SUPPORT = "support@scale.example"
PEOPLE = 60
CREWS = 5
MAKER = Actor(person_id=None, name="Maker", origin="scale")


@dataclass(frozen=True)
class World:
    people: list[Person]  # one for each crew: at one sign-in, five at once look like somebody who guesses
    org_id: int
    portal_id: int
    connection: Connection
    records: list[int]


def email_of(number: int) -> str:
    return f"customer{number}@scale.example"


def make_person(number: int) -> Person:
    return Person.objects.create_user(
        f"colleague{number}@scale.example", PASSWORD, family_name="高瀬", given_name=f"悠{number}", language="ja"
    )


def make_world() -> World:
    """Nothing is synced yet: the workers do that, too."""
    people = [make_person(number) for number in range(CREWS)]
    person = people[0]
    org = create_org(name="Scale", administrator=person, currency="JPY", language="ja")
    portal = create_portal(name="Scale", administrator=person, language="ja")
    add_address(portal.departments.all()[0], address=SUPPORT, name="Scale", actor=MAKER)
    administrators = Profile.objects.get(org=org, name=ADMINISTRATOR)
    for colleague in people[1:]:
        add_member(org, person=colleague, profile=administrators, actor=MAKER)
        add_agent(portal, person=colleague, role=AgentRole.ADMINISTRATOR, actor=MAKER)
    access = find_access(person, org.pk)
    account = make_record(org, "Accounts", actor=access.actor, owner=person, Account_Name="月見坂食品株式会社")
    records = [
        make_record(
            org,
            "Contacts",
            actor=access.actor,
            owner=person,
            Last_Name=f"相沢{number}",
            Email=email_of(number),
            Account_Name=account.pk,
        ).pk
        for number in range(PEOPLE)
    ]
    connection = connect(org_id=org.pk, portal_id=portal.pk, modules=["accounts", "contacts"], actor=person.as_actor())
    SyncedModule.objects.filter(connection=connection).update(direction=Direction.BOTH)
    return World(people, org.pk, portal.pk, connection, records)


def open_tickets(world: World) -> dict[int, int]:
    """One for each contact, once the first sync has brought it over. Answers ticket -> number of the customer."""
    portal = Portal.objects.get(pk=world.portal_id)
    found = {contact.email: contact for contact in Contact.objects.filter(portal=portal)}
    department = portal.departments.all()[0]
    return {
        open_ticket(
            portal, department=department, subject=f"古い件 {number}", contact=found[email_of(number)], actor=MAKER
        ).pk: number
        for number in range(PEOPLE)
    }
