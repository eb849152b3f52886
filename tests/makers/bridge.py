"""A CRM org joined to a Desk portal."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
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


def make_joined(
    *, language: str = "en", modules: Sequence[str] = ("accounts", "contacts"), direction: str = Direction.TO_DESK
) -> Joined:
    """One administrator on both sides; the modules go one way unless said. Nothing is synced yet: `drain` does it."""
    person = make_person(language=language)
    org = make_org(administrator=person, language=language)
    portal = make_portal(administrator=person, language=language)
    connection = connect(org_id=org.pk, portal_id=portal.pk, modules=modules, actor=person.as_actor())
    if direction != Direction.TO_DESK:
        SyncedModule.objects.filter(connection=connection).update(direction=direction)
    return Joined(org, portal, connection, find_access(person, org.pk))


def make_two_way(*, modules: Sequence[str] = ("accounts", "contacts", "products")) -> Joined:
    return make_joined(modules=modules, direction=Direction.BOTH)
