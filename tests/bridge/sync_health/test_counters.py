"""Five counters that add up, whatever has happened; and they never contradict what is said of a single record (design §6, health)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sync.held import decide_match
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync_health.counting import counts_of, totals_of
from kakehashi.bridge.sync_health.explaining import explain
from kakehashi.bridge.sync_health.standing import Facts, Standing, standing_of
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import ProductError
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import delete_contact, restore_contact, update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1")]
Drain = Callable[[], int]


def test_whatever_the_facts_are_a_record_stands_in_one_way() -> None:
    known = [
        standing_of(Facts(is_looked_for=looked_for, link=link, waits=waits, fails=fails, is_disputed=disputed))
        for looked_for, link, waits, fails, disputed in product(
            [True, False], ["", *Link.State.values], [True, False], [True, False], [True, False]
        )
    ]
    assert set(known) == set(Standing)
    assert standing_of(Facts(link="live")) == Standing.IN_STEP
    assert standing_of(Facts(link="live", is_disputed=True)) == Standing.UNDECIDED
    assert standing_of(Facts(link="held", waits=True, fails=True)) == Standing.FAILED
    assert standing_of(Facts(is_looked_for=False, waits=True)) == Standing.OUTSIDE


class World:
    """Two teams that do anything at all, with the sync at work now and then."""

    def __init__(self, chance: random.Random, joined: Joined, drain: Drain) -> None:
        self.chance, self.joined, self.drain = chance, joined, drain

    def record(self) -> Record:
        return self.chance.choice(list(Record.objects.select_related("org", "module").filter(org=self.joined.org)))

    def contact(self) -> Contact:
        found = Contact.objects.select_related("portal").filter(portal=self.joined.portal)
        return self.chance.choice(list(found))

    def address(self) -> str:
        return f"person{self.chance.randint(1, 6)}@x.example"

    def deeds(self) -> Iterator[Callable[[], object]]:
        joined = self.joined
        yield lambda: make_record(joined.org, Last_Name="相沢", Email=self.address())
        yield lambda: make_contact(joined.portal, lastName="戸田", email=self.address())
        yield lambda: update_record(self.record(), values={"Phone": str(self.chance.randint(1, 9))}, actor=SYSTEM)
        yield lambda: update_contact(self.contact(), values={"phone": str(self.chance.randint(1, 9))}, actor=MAKER)
        yield lambda: delete_record(self.record(), actor=SYSTEM)
        yield lambda: restore_record(self.record(), actor=SYSTEM)
        yield lambda: delete_contact(self.contact(), actor=MAKER)
        yield lambda: restore_contact(self.contact(), actor=MAKER)
        yield lambda: Dirty.objects.filter(connection=joined.connection).update(reason="Phone: no")
        yield self.decide
        yield lambda: pause(joined.connection, actor=MAKER)
        yield lambda: resume(joined.connection, actor=MAKER)
        yield self.drain
        yield self.drain

    def decide(self) -> None:
        link = self.chance.choice(list(Link.objects.filter(connection=self.joined.connection, state="held")))
        decide_match(self.joined.connection, link.pk, self.chance.choice(["apart", "new"]), actor=MAKER)

    def step(self) -> None:
        self.joined.connection.refresh_from_db()
        with suppress(ProductError, IndexError):
            self.chance.choice(list(self.deeds()))()


def counted_one_by_one(joined: Joined, module: str, side: str) -> Counter[Standing | None]:
    there = side_of(joined.connection, side)  # type: ignore[arg-type]
    ids = there.scan(BY_NAME[module].name_on(side))  # type: ignore[arg-type]
    return Counter(explain(joined.connection, module, side, one).standing for one in ids)  # type: ignore[arg-type]


@pytest.mark.parametrize("direction", ["both", "to_desk"])
@pytest.mark.parametrize("seed", range(4))
def test_they_add_up_in_any_history(seed: int, direction: str, drain: Drain) -> None:
    joined = make_joined(modules=["contacts"], direction=direction)
    synced = SyncedModule.objects.get(connection=joined.connection)
    for crm, desk, rule in (
        ("Last_Name", "lastName", "crm_wins"),
        ("Email", "email", "crm_wins"),
        ("Phone", "phone", "ask"),
    ):
        FieldMapping.objects.create(synced=synced, crm=crm, desk=desk, rule=rule)
    world = World(random.Random(seed), joined, drain)  # noqa: S311
    for _step in range(40):
        world.step()
        if world.chance.random() < 0.25:
            for row in counts_of(joined.connection):
                module = BY_NAME[row.module].name_on(row.side)
                assert row.total == side_of(joined.connection, row.side).count(module)
                found = {standing: count for standing, count in row.by_standing.items() if count}
                assert found == counted_one_by_one(joined, row.module, row.side)


def test_each_standing_is_counted_where_it_belongs(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢", Email="a@x.example")
    make_record(joined.org, Last_Name="加瀬", Email="b@x.example")
    for _twin in range(2):
        make_contact(joined.portal, lastName="加瀬", email="b@x.example")
    make_contact(joined.portal, lastName="窓口だけ")
    drain()
    make_record(joined.org, Last_Name="戸田")
    crm, desk = counts_of(joined.connection)
    assert dict(crm.cells) == {"in_step": 1, "waiting": 1, "undecided": 1, "failed": 0, "outside": 0}
    assert dict(desk.cells) == {"in_step": 1, "waiting": 0, "undecided": 0, "failed": 0, "outside": 3}
    assert totals_of([crm, desk])[Standing.OUTSIDE] == 3


def test_many_records_cost_no_more_questions(drain: Drain) -> None:
    joined = make_joined()
    make_record(joined.org, Last_Name="相沢", Email="a@x.example")
    drain()
    with CaptureQueriesContext(database) as few:
        counts_of(joined.connection)
    for number in range(30):
        make_record(joined.org, Last_Name=f"相沢{number}", Email=f"a{number + 1}@x.example")
        make_contact(joined.portal, lastName=f"戸田{number}", email=f"a{number % 10}@x.example")
    drain()
    Dirty.objects.filter(connection=joined.connection).delete()
    with CaptureQueriesContext(database) as many:
        counts_of(joined.connection)
    assert len(many) <= len(few) + 4
    assert len(many) < 40
