"""An org full of contacts, a portal, and the connection of both."""

import time
from dataclasses import dataclass

from bench.records import BATCH, contact_values
from bench.world import make_org
from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Dirty, Run
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.core.actors import Actor
from kakehashi.core.events.loop import run_until_idle
from kakehashi.core.events.reading import count_after
from kakehashi.core.events.subscribers import position_of
from kakehashi.crm.modules.queries import find_module, schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.desk.customers.actions import write_contacts
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Draft
from kakehashi.identity.people.models import Person

CONTACTS = "Contacts"
MODULES = ["accounts", "contacts"]


@dataclass(frozen=True, slots=True)
class Joined:
    org: Org
    portal: Portal
    connection: Connection
    actor: Actor

    @property
    def contacts(self) -> ModuleSchema:
        return schema_of(self.org)[CONTACTS]


def fill(org: Org, actor: Actor, n: int) -> None:
    """n contacts of a tenth as many accounts."""
    accounts = write_records(
        find_module(org, "Accounts"),
        drafts=[RecordDraft({"Account_Name": f"月見坂食品{number}"}) for number in range(max(1, n // 10))],
        actor=actor,
    )
    ids = [result.record.pk for result in accounts if result.record]
    drafts = [RecordDraft({**contact_values(number), "Account_Name": ids[number % len(ids)]}) for number in range(n)]
    for start in range(0, n, BATCH):
        write_records(find_module(org, CONTACTS), drafts=drafts[start : start + BATCH], actor=actor)


def join(org: Org, actor: Actor, *, is_two_way: bool = False, known: int = 0) -> Joined:
    """Connect the org to a new portal, which knows the first of its contacts already if so wanted. The first sync begins."""
    portal = create_portal(name=f"{org.name} support", administrator=Person.objects.get(pk=actor.person_id))
    for start in range(0, known, BATCH):
        drafts = [Draft(desk_values(number)) for number in range(start, min(start + BATCH, known))]
        write_contacts(portal, drafts=drafts, actor=actor)
    connection = connect(org_id=org.pk, portal_id=portal.pk, modules=MODULES, actor=actor)
    if is_two_way:
        SyncedModule.objects.filter(connection=connection).update(direction=Direction.BOTH)
    return Joined(org, portal, connection, actor)


def desk_values(number: int) -> dict[str, str]:
    """As the Desk knows them from their mails."""
    values = contact_values(number)
    return {"lastName": values["Last_Name"], "email": values["Email"], "phone": f"03-9999-{number % 10_000:04}"}


def world_of(name: str, n: int, *, is_two_way: bool = False) -> Joined:
    """Joined and in step."""
    org, actor = make_org(name)
    fill(org, actor, n)
    joined = join(org, actor, is_two_way=is_two_way)
    run_until_idle()
    return joined


def until_quiet(joined: Joined, *, subscriber: str = "bridge.sync") -> None:
    """The log is read, and nothing waits to be looked at."""
    from kakehashi.bridge.sides.embedded.events import TOPICS as READ

    while (
        count_after(position_of(subscriber), topics=READ)
        or Dirty.objects.filter(connection=joined.connection).exists()
        or Run.objects.filter(connection=joined.connection, finished_at=None).exists()
    ):
        time.sleep(0.02)
