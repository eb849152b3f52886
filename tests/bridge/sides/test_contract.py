"""What the bridge relies on, of every implementation of the seam (design §5). A new side is added to `SIDES` and must pass all of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kakehashi.bridge.sides.embedded.crm import crm_side
from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.protocols import RecordSide
from kakehashi.bridge.sides.records import Ensure, Patch
from kakehashi.core.actors import Actor
from kakehashi.core.events.reading import PositionIsVoid
from tests.makers.crm import make_org
from tests.makers.desk import make_portal

pytestmark = pytest.mark.django_db(transaction=True)
INTEGRATION = Actor(person_id=None, name="Integration", origin="connection:7")


@dataclass(frozen=True)
class World:
    """A side, and how it names what the tests need."""

    side: RecordSide
    people: str
    companies: str
    last_name: str
    email: str
    phone: str
    account: str
    company_name: str

    def person(self, key: str, **values: object) -> Ensure:
        names = {"last_name": self.last_name, "email": self.email, "phone": self.phone, "account": self.account}
        given = {names[name]: value for name, value in {"last_name": "相沢", **values}.items()}
        keys = ((self.email, values["email"]),) if values.get("email") else ()
        return Ensure(key, given, keys)

    def make(self, key: str = "connection:7:contacts:1", **values: object) -> int:
        outcome = self.side.ensure(self.people, [self.person(key, **values)], INTEGRATION)[0]
        assert outcome.state == "created", outcome
        assert outcome.record
        return outcome.record.id

    def make_company(self, name: str) -> int:
        item = Ensure("connection:7:accounts:1", {self.company_name: name}, ((self.company_name, name),))
        record = self.side.ensure(self.companies, [item], INTEGRATION)[0].record
        assert record
        return record.id


def embedded_crm() -> World:
    org = make_org()
    return World(
        crm_side(org.pk), "Contacts", "Accounts", "Last_Name", "Email", "Phone", "Account_Name", "Account_Name"
    )


def embedded_desk() -> World:
    portal = make_portal()
    return World(desk_side(portal.pk), "contacts", "accounts", "lastName", "email", "phone", "accountId", "accountName")


SIDES: dict[str, Callable[[], World]] = {"embedded crm": embedded_crm, "embedded desk": embedded_desk}


@pytest.fixture(params=SIDES)
def world(request: pytest.FixtureRequest) -> World:
    return SIDES[request.param]()


def test_it_describes_its_modules_and_fields(world: World) -> None:
    modules = {module.api_name: module for module in world.side.describe()}
    fields = {field.api_name: field for field in modules[world.people].fields}
    assert (fields[world.email].type, fields[world.phone].type) == ("email", "phone")
    assert fields[world.last_name].is_required
    assert (fields[world.account].type, fields[world.account].lookup_module) == ("lookup", world.companies)


def test_what_is_made_can_be_fetched_counted_scanned_and_found_by_its_key(world: World) -> None:
    first, second = world.make("connection:7:contacts:1"), world.make("connection:7:contacts:2")
    assert set(world.side.fetch(world.people, [first, second, 10**12])) == {first, second}
    assert world.side.count(world.people) == 2
    assert list(world.side.scan(world.people, limit=1)) == [first]
    assert list(world.side.scan(world.people, after_id=first)) == [second]
    assert world.side.find_keys(world.people, ["connection:7:contacts:2", "other"]) == {
        "connection:7:contacts:2": second
    }


def test_a_second_attempt_finds_the_first(world: World) -> None:
    made = world.make(email="a@b.example")
    again = world.side.ensure(world.people, [world.person("connection:7:contacts:1", email="a@b.example")], INTEGRATION)
    assert (again[0].state, again[0].record and again[0].record.id) == ("found", made)


def test_nothing_is_made_while_somebody_else_holds_the_match_key(world: World) -> None:
    made = world.make(email="Info@Tsukimizaka.example")
    item = world.person("connection:7:contacts:2", email="info@tsukimizaka.example")
    assert world.side.ensure(world.people, [item], INTEGRATION)[0].state == "stale"
    assert world.side.count(world.people) == 1
    assert world.side.find(world.people, world.email, ["info@tsukimizaka.example", "x@y.example"]) == {
        "info@tsukimizaka.example": (made,),
        "x@y.example": (),
    }


def test_of_two_items_with_one_match_key_only_the_first_is_made(world: World) -> None:
    items = [world.person(f"connection:7:contacts:{number}", email="a@b.example") for number in (1, 2)]
    assert [outcome.state for outcome in world.side.ensure(world.people, items, INTEGRATION)] == ["created", "stale"]


def test_a_refused_item_does_not_stop_the_others(world: World) -> None:
    items = [world.person("connection:7:contacts:1", last_name=""), world.person("connection:7:contacts:2")]
    outcomes = world.side.ensure(world.people, items, INTEGRATION)
    assert [outcome.state for outcome in outcomes] == ["refused", "created"]
    assert str(outcomes[0].reason)


def test_a_patch_writes_only_what_still_has_the_version(world: World) -> None:
    record_id = world.make()
    before = world.side.fetch(world.people, [record_id])[record_id]
    patch = Patch(record_id, before.version, {world.phone: "0258-00-1147"})
    written = world.side.patch(world.people, [patch], INTEGRATION)[0]
    assert (written.state, written.record and written.record.values[world.phone]) == ("updated", "0258-00-1147")
    late = Patch(record_id, before.version, {world.phone: "0258-00-2000"})
    assert world.side.patch(world.people, [late], INTEGRATION)[0].state == "stale"
    assert world.side.fetch(world.people, [record_id])[record_id].values[world.phone] == "0258-00-1147"


def test_a_patch_that_changes_nothing_writes_nothing(world: World) -> None:
    record_id = world.make(phone="0258-00-1147")
    before = world.side.fetch(world.people, [record_id])[record_id]
    same = Patch(record_id, before.version, {world.phone: "0258-00-1147"})
    assert world.side.patch(world.people, [same], INTEGRATION)[0].state == "unchanged"
    assert world.side.fetch(world.people, [record_id])[record_id].version == before.version


def test_what_is_removed_is_still_fetched_but_no_longer_found_and_comes_back(world: World) -> None:
    record_id = world.make(email="a@b.example")
    assert [one.state for one in world.side.remove(world.people, [record_id, 10**12], INTEGRATION)] == [
        "removed",
        "missing",
    ]
    assert world.side.fetch(world.people, [record_id])[record_id].is_deleted
    assert world.side.find(world.people, world.email, ["a@b.example"]) == {"a@b.example": ()}
    assert world.side.count(world.people) == 0
    gone = Patch(record_id, 2, {world.phone: "1"})
    assert world.side.patch(world.people, [gone], INTEGRATION)[0].state == "missing"
    assert world.side.restore(world.people, [record_id], INTEGRATION)[0].state == "restored"
    assert world.side.find(world.people, world.email, ["a@b.example"]) == {"a@b.example": (record_id,)}


def test_a_company_is_found_by_its_normalised_name_and_by_who_refers_to_it(world: World) -> None:
    company = world.make_company("月見坂食品 株式会社")
    person = world.make(account=company)
    found = world.side.find(world.companies, world.company_name, ["月見坂食品株式会社"])
    assert found == {"月見坂食品株式会社": (company,)}
    assert list(world.side.referring(world.people, world.account, company)) == [person]


def test_changes_after_a_position_are_its_own_and_name_their_origin(world: World) -> None:
    position = world.side.head()
    embedded_crm()
    record_id = world.make()
    page = world.side.changes(position)
    assert [(change.module, change.id, change.origin) for change in page.changes] == [
        (world.people, record_id, "connection:7")
    ]
    assert world.side.changes(page.after).changes == ()


def test_a_position_of_another_life_is_refused(world: World) -> None:
    with pytest.raises(PositionIsVoid):
        world.side.changes("not-a-position")
