"""A CRM org joined to a Desk portal."""

from dataclasses import dataclass

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.models import Org
from kakehashi.desk.portals.models import Portal
from tests.makers.crm import make_org, make_person
from tests.makers.desk import make_portal


@dataclass(frozen=True)
class Joined:
    org: Org
    portal: Portal
    connection: Connection
    administrator: CrmAccess


def make_joined(*, language: str = "en") -> Joined:
    """One administrator on both sides; accounts and contacts go one way. Nothing is synced yet: `drain` does it."""
    person = make_person(language=language)
    org = make_org(administrator=person, language=language)
    portal = make_portal(administrator=person, language=language)
    connection = connect(org_id=org.pk, portal_id=portal.pk, modules=["accounts", "contacts"], actor=person.as_actor())
    return Joined(org, portal, connection, find_access(person, org.pk))
