"""The plan: what the sync would do, told before; and the sync then does that (design §6, invariant 7)."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db.models import Q

from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.ending import disable, take_up_again
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync import planning
from kakehashi.bridge.sync.approving import PlanIsNotReady, approve_plan, approve_rows, latest_plan
from kakehashi.bridge.sync.batch import Batch
from kakehashi.bridge.sync.mapping import ModulePair
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import Conflict, JournalRow, PlanRow
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync.subjects import Subject
from kakehashi.bridge.sync.workbench import Workbench
from kakehashi.core.events.models import Event
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import Portal
from tests.makers.crm import make_org, make_person, make_record
from tests.makers.desk import make_account, make_contact, make_portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y4", "Y8")]
Drain = Callable[[], int]


class World:
    """Two sides that disagree in a few ways, joined but only planned."""

    def __init__(self, *, direction: str = "both") -> None:
        person = make_person(language="en")
        self.actor = person.as_actor()
        self.org: Org = make_org(administrator=person, language="en")
        self.portal: Portal = make_portal(administrator=person, language="en")
        self.fill()
        self.connection: Connection = connect(
            org_id=self.org.pk,
            portal_id=self.portal.pk,
            modules=["accounts", "contacts"],
            actor=self.actor,
            plans_first=True,
        )
        SyncedModule.objects.update(direction=direction)

    def fill(self) -> None:
        account = make_record(self.org, "Accounts", Account_Name="月見坂食品株式会社", Phone="0258-00-1147")
        make_account(self.portal, name="月見坂食品株式会社", website="https://tsukimizaka.example")
        make_record(self.org, Last_Name="相沢", Email="misaki@tsukimizaka.example", Account_Name=account.pk)
        make_record(self.org, Last_Name="戸田", Email="riku@x.example")
        make_contact(self.portal, firstName="", lastName="Toda", email="riku@x.example", title="課長")
        make_contact(self.portal, firstName="", lastName="森本", email="aoi@y.example")
        make_record(self.org, Last_Name="総務", Email="info@z.example")
        make_contact(self.portal, firstName="", lastName="代表", email="info@z.example")
        make_contact(self.portal, firstName="", lastName="受付", email="info@z.example")

    def rows(self, module: str = "contacts") -> dict[str, tuple[str, str]]:
        return {row.name: (row.kind, row.side) for row in PlanRow.objects.filter(run=self.plan, module=module)}

    @property
    def plan(self) -> Run:
        plan = latest_plan(self.connection)
        assert plan
        return plan


def test_a_plan_says_of_each_record_what_would_become_of_it(drain: Drain) -> None:
    world = World()
    drain()
    assert world.rows("accounts") == {"月見坂食品株式会社": ("link", "crm")}
    assert world.rows() == {
        "相沢": ("create", "crm"),
        "戸田": ("link", "crm"),
        "総務": ("hold", "crm"),
        "森本": ("create", "desk"),
        "代表": ("hold", "desk"),
        "受付": ("hold", "desk"),
    }
    linked = PlanRow.objects.get(run=world.plan, name="戸田")
    assert linked.partner_name == "Toda"
    assert linked.changes == {"lastName": ["Toda", "戸田", "desk"], "title": [None, "課長", "crm"]}
    account = PlanRow.objects.get(run=world.plan, module="accounts")
    assert account.changes == {
        "website": [None, "https://tsukimizaka.example", "crm"],
        "phone": [None, "0258-00-1147", "desk"],
    }
    assert world.plan.counts == {"link": 2, "create": 2, "hold": 3}


def test_a_plan_leaves_no_trace(drain: Drain) -> None:
    world = World()
    drain()
    Event.objects.all().delete()
    start_run(world.connection, Run.Kind.PLAN)
    before = counts(world)
    drain()
    assert counts(world) == before
    assert PlanRow.objects.count() == 7
    assert not Link.objects.exists()
    assert not JournalRow.objects.exists()
    assert not Event.objects.exclude(topic__startswith="bridge.").exists()


def counts(world: World) -> list[tuple[int, int]]:
    records = list(Record.objects.filter(org=world.org).order_by("pk").values_list("pk", "version"))
    contacts = list(Contact.objects.filter(portal=world.portal).order_by("pk").values_list("pk", "version"))
    accounts = list(Account.objects.filter(portal=world.portal).order_by("pk").values_list("pk", "version"))
    return records + contacts + accounts


def test_what_is_applied_equals_the_plan(drain: Drain) -> None:
    world = World()
    drain()
    planned = Counter(PlanRow.objects.filter(run=world.plan).values_list("kind", flat=True))
    told = {
        (row.module, row.crm_id, name): change[:2]
        for row in PlanRow.objects.filter(run=world.plan, kind="link")
        for name, change in row.changes.items()
    }
    run = approve_plan(world.connection, actor=world.actor)
    drain()
    run.refresh_from_db()
    assert (run.counts["created"], run.counts["linked"], run.counts["held"]) == (
        planned["create"],
        planned["link"],
        planned["hold"],
    )
    done = {
        (row.module, row.crm_id, name): change
        for row in JournalRow.objects.filter(kind="updated")
        for name, change in row.changes.items()
        if name != "accountId"
    }
    assert done == told
    assert not Dirty.objects.exists()


def test_what_is_not_approved_stays_without_a_partner(drain: Drain) -> None:
    world = World()
    drain()
    left_out = Q(name__in=["戸田", "森本"])
    assert approve_rows(world.plan, left_out, approved=False) == 2
    approve_plan(world.connection, actor=world.actor)
    drain()
    assert Link.objects.filter(state="apart").count() == 3  # 戸田, whom she would have been linked to, and 森本
    assert not Record.objects.filter(org=world.org, values__Last_Name="森本").exists()
    assert Contact.objects.get(portal=world.portal, email="riku@x.example").last_name == "Toda"
    assert Contact.objects.filter(portal=world.portal, last_name="相沢").exists()


def test_nothing_is_synced_until_the_plan_is_approved_and_nothing_typed_meanwhile_is_lost(drain: Drain) -> None:
    world = World()
    drain()
    make_record(world.org, Last_Name="後から", Email="later@x.example")
    drain()
    assert not Contact.objects.filter(portal=world.portal, last_name="後から").exists()
    approve_plan(world.connection, actor=world.actor)
    drain()
    assert Contact.objects.filter(portal=world.portal, last_name="後から").exists()
    with pytest.raises(PlanIsNotReady):
        approve_plan(world.connection, actor=world.actor)


def test_one_way_a_plan_tells_nothing_of_the_desks_own(drain: Drain) -> None:
    world = World(direction="to_desk")
    drain()
    assert {side for _kind, side in world.rows().values()} == {"crm"}
    assert all(change[2] == "desk" for row in PlanRow.objects.filter(run=world.plan) for change in row.changes.values())


def test_a_record_that_cannot_be_judged_stands_alone_in_the_plan(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sync parks it and goes on; the plan says so beforehand."""
    world = World()
    real = planning.act

    def act(bench: Workbench, module: ModulePair, subjects: Sequence[Subject]) -> Batch:
        if any(one.crm and one.crm.values.get("Last_Name") == "相沢" for one in subjects):
            raise ValueError("a value that nobody expected")
        return real(bench, module, subjects)

    monkeypatch.setattr(planning, "act", act)
    drain()
    rows = world.rows()
    assert rows["相沢"] == ("refuse", "crm")
    assert rows["戸田"] == ("link", "crm")
    assert PlanRow.objects.get(name="相沢").reason == "a value that nobody expected"


def test_what_a_person_will_be_asked_is_told(drain: Drain) -> None:
    world = World()
    synced = SyncedModule.objects.get(module="contacts")
    FieldMapping.objects.create(synced=synced, crm="Last_Name", desk="lastName", rule="ask")
    FieldMapping.objects.create(synced=synced, crm="Email", desk="email")
    start_run(world.connection, Run.Kind.PLAN)
    drain()
    row = PlanRow.objects.get(run=world.plan, name="戸田")
    assert (row.kind, row.changes["lastName"]) == ("conflict", ["戸田", "Toda", ""])
    approve_plan(world.connection, actor=world.actor)
    drain()
    assert Conflict.objects.get().field == "lastName"


def test_a_deletion_that_waits_is_told_and_a_pair_that_is_left_out_is_parted(drain: Drain) -> None:
    """Of a connection that lives again: pairs of old whose record is gone, and pairs that a person leaves out."""
    world = World()
    drain()
    approve_plan(world.connection, actor=world.actor)
    drain()
    disable(world.connection, actor=world.actor)
    gone = Record.objects.get(org=world.org, values__Last_Name="相沢")
    delete_record(gone, actor=world.actor)
    changed = Record.objects.get(org=world.org, values__Last_Name="戸田")
    update_record(changed, values={"Last_Name": "戸田山"}, actor=world.actor)
    take_up_again(world.connection, modules=["accounts", "contacts"], actor=world.actor, plans_first=True)
    drain()
    rows = world.rows()
    assert rows["相沢"] == ("remove", "crm")
    assert rows["戸田山"] == ("update", "crm")
    assert approve_rows(world.plan, Q(name="戸田山"), approved=False) == 1
    approve_plan(world.connection, actor=world.actor)
    drain()
    assert Contact.objects.get(portal=world.portal, email="riku@x.example").last_name == "戸田"
    assert Link.objects.get(crm_id=changed.pk).state == "apart"
    assert Link.objects.filter(state="apart", crm_id=None).count() == 1, "her partner is alone, too"
    assert Contact.objects.get(portal=world.portal, last_name="相沢").deleted_at
