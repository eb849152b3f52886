"""Design §6, invariants 2–6, over the real sides: random histories with a crash before or after any write, and at any save.

Each history is an org and a portal of its own. A crash is an exception that nothing of ours catches, as a killed process is.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.runs import compare_everything, start_run
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.loop import run_until_idle
from kakehashi.core.events.reading import head_of_log
from kakehashi.core.events.subscribers import move_cursor
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import delete_contact, restore_contact, update_contact
from kakehashi.desk.customers.models import Contact
from tests.bridge.sync.worlds import Bomb, Killed
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER

PLACES = st.integers(0, 5)
VALUES = st.sampled_from(["", "1", "2", "3"])


BOMB = Bomb()


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bomb]:
    BOMB.plant(monkeypatch)
    yield BOMB
    BOMB.left = 0


class History(RuleBasedStateMachine):
    """People work on both sides while the sync runs, dies, starts again, is paused and resumed."""

    joined: Joined

    @initialize()
    def begin(self) -> None:
        self.joined = make_joined()
        self.records: list[int] = []
        self.typed_in_desk: set[tuple[int, str]] = set()
        self.deleted_in_desk: set[int] = set()
        self.numbers = 0

    @rule(with_email=st.booleans(), phone=VALUES)
    def create(self, with_email: bool, phone: str) -> None:
        if len(self.records) < 6:
            email = f"p{len(self.records)}@x.example" if with_email else ""
            self.records.append(make_record(self.joined.org, Last_Name="相沢", Email=email, Phone=phone).pk)

    @rule(place=PLACES, value=VALUES)
    def edit_in_crm(self, place: int, value: str) -> None:
        record = self.crm(place)
        if record and not record.deleted_at:
            update_record(record, values={"Phone": value}, actor=SYSTEM)

    @rule(place=PLACES)
    def delete_in_crm(self, place: int) -> None:
        record = self.crm(place)
        if record and not record.deleted_at:
            delete_record(record, actor=SYSTEM)

    @rule(place=PLACES)
    def restore_in_crm(self, place: int) -> None:
        record = self.crm(place)
        if record and record.deleted_at:
            restore_record(record, actor=SYSTEM)

    @rule(place=PLACES)
    def edit_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and not contact.deleted_at:
            self.numbers += 1
            update_contact(contact, values={"phone": f"{self.numbers}000"}, actor=MAKER)
            self.typed_in_desk = {(pk, value) for pk, value in self.typed_in_desk if pk != contact.pk}
            self.typed_in_desk.add((contact.pk, f"{self.numbers}000"))

    @rule(place=PLACES, value=VALUES)
    def edit_on_both_sides(self, place: int, value: str) -> None:
        self.edit_in_desk(place)
        self.edit_in_crm(place, value)

    @rule(place=PLACES, value=VALUES)
    def edit_while_paused(self, place: int, value: str) -> None:
        self.joined.connection.refresh_from_db()
        if not self.joined.connection.is_paused:
            self.pause_or_resume()
        self.edit_in_crm(place, value)
        run_until_idle()
        self.pause_or_resume()

    @rule(place=PLACES)
    def delete_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and not contact.deleted_at:
            delete_contact(contact, actor=MAKER)
            self.deleted_in_desk.add(contact.pk)

    @rule(place=PLACES)
    def restore_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and contact.deleted_at:
            restore_contact(contact, actor=MAKER)
            self.deleted_in_desk.discard(contact.pk)

    @rule(points=st.integers(0, 9), rounds=st.integers(1, 3))
    def work(self, points: int, rounds: int) -> None:
        BOMB.left = points
        try:
            run_until_idle(rounds=rounds)
        except Killed:
            pass
        finally:
            BOMB.left = 0

    @rule()
    def pause_or_resume(self) -> None:
        self.joined.connection.refresh_from_db()
        change = resume if self.joined.connection.is_paused else pause
        change(self.joined.connection, actor=self.joined.administrator.actor)

    def teardown(self) -> None:
        if not hasattr(self, "joined"):
            return
        self.joined.connection.refresh_from_db()
        if self.joined.connection.is_paused:
            resume(self.joined.connection, actor=self.joined.administrator.actor)
        run_until_idle()
        self.check_nothing_waits_or_is_there_twice()
        self.check_no_desk_edit_is_lost()
        self.check_another_look_writes_nothing()
        self.check_the_crm_reaches_the_desk()
        assert not Contact.objects.filter(pk__in=self.deleted_in_desk, deleted_at=None).exists(), (
            "it came back by itself"
        )

    def check_nothing_waits_or_is_there_twice(self) -> None:
        assert not Dirty.objects.filter(connection=self.joined.connection).exists()
        contacts = Contact.objects.filter(portal=self.joined.portal)
        keys = list(contacts.values_list("origin_key", flat=True))
        assert len(keys) == len(set(keys)) <= len(self.records)
        for link in Link.objects.filter(connection=self.joined.connection, state="live"):
            assert Contact.objects.get(pk=link.desk_id).origin_key.endswith(f":{link.crm_id}")

    def check_no_desk_edit_is_lost(self) -> None:
        lost = JournalRow.objects.filter(connection=self.joined.connection, kind="lost")
        journalled = {(row.desk_id, row.changes["phone"][0]) for row in lost if "phone" in row.changes}
        for contact_id, value in self.typed_in_desk:
            assert Contact.objects.get(pk=contact_id).phone == value or (contact_id, value) in journalled

    def check_another_look_writes_nothing(self) -> None:
        before = self.versions(), JournalRow.objects.filter(connection=self.joined.connection).count()
        start_run(self.joined.connection, Run.Kind.COMPARE)
        run_until_idle()
        assert (self.versions(), JournalRow.objects.filter(connection=self.joined.connection).count()) == before

    def check_the_crm_reaches_the_desk(self) -> None:
        """A live record has exactly one partner, unless the Desk deleted it; a deleted one has none alive."""
        for place, record_id in enumerate(self.records):
            record, contact = self.crm(place), self.desk(place)
            if record and not record.deleted_at:
                update_record(record, values={"Phone": f"{record_id}99"}, actor=SYSTEM)
                run_until_idle()
                contact = self.desk(place)
                assert contact
                assert contact.deleted_at or contact.phone == f"{record_id}99"
            elif contact:
                link = Link.objects.filter(connection=self.joined.connection, crm_id=record_id).first()
                assert contact.deleted_at or (link and link.ending == "gone")

    def versions(self) -> list[tuple[int, int]]:
        return list(Contact.objects.filter(portal=self.joined.portal).order_by("pk").values_list("pk", "version"))

    def crm(self, place: int) -> Record | None:
        wanted = self.records[place] if place < len(self.records) else 0
        return Record.objects.select_related("module__org").defer("search").filter(pk=wanted).first()

    def desk(self, place: int) -> Contact | None:
        if place >= len(self.records):
            return None
        key = f"connection:{self.joined.connection.pk}:contacts:{self.records[place]}"
        return Contact.objects.filter(portal=self.joined.portal, origin_key=key).first()


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Y2", "Y4", "Y9")
def test_no_history_with_crashes_breaks_an_invariant(bomb: Bomb) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    phases = [
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ]  # shrinking takes minutes: add Phase.shrink to look into a failure
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, phases=phases, suppress_health_check=checks
        ),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", range(1, 7))
def test_a_first_sync_that_dies_anywhere_goes_on_and_makes_nobody_twice(bomb: Bomb, point: int) -> None:
    joined = make_joined()
    for number in range(3):
        make_record(joined.org, Last_Name=f"相沢{number}", Email=f"p{number}@x.example")
    bomb.left = point
    with pytest.raises(Killed):
        run_until_idle()
    bomb.left = 0
    run_until_idle()
    assert Contact.objects.filter(portal=joined.portal).count() == 3
    assert Link.objects.filter(connection=joined.connection, state="live").count() == 3
    assert Run.objects.get(connection=joined.connection).finished_at


@pytest.mark.django_db(transaction=True)
def test_a_comparison_for_what_nobody_heard_of_starts_from_the_beginning() -> None:
    """A walk in progress has passed the record that changed, and its event is lost with the log's positions."""
    joined = make_joined(modules=["accounts", "contacts"])
    run_until_idle()
    start_run(joined.connection, Run.Kind.COMPARE)
    Run.objects.filter(connection=joined.connection).update(module="contacts", after_id=2**40)
    make_record(joined.org, "Accounts", Account_Name="月見坂食品")
    move_cursor("bridge.sync", head_of_log())
    compare_everything()
    run_until_idle()
    assert Link.objects.filter(connection=joined.connection, module="accounts", state="live").count() == 1


def make_pair() -> tuple[Joined, Record, Contact]:
    """One person on both sides, in step, with the phone number "1"."""
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢", Email="p@x.example", Phone="1")
    run_until_idle()
    return joined, record, Contact.objects.get(portal=joined.portal)


def lost_phones(joined: Joined) -> list[tuple[str, str]]:
    """What the journal says was overwritten, each with what it gave way to."""
    rows = JournalRow.objects.filter(connection=joined.connection, kind="lost")
    return [tuple(row.changes["phone"]) for row in rows]


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Y2")
@pytest.mark.parametrize("point", range(1, 7))
def test_a_value_that_loses_is_in_the_journal_wherever_the_sync_dies(bomb: Bomb, point: int) -> None:
    """Invariant 2, at the very moment: whoever reads the journal before the sync lives again finds the value there."""
    joined, record, contact = make_pair()
    update_contact(contact, values={"phone": "4711"}, actor=MAKER)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    bomb.left = point
    with pytest.raises(Killed):
        run_until_idle()
    bomb.left = 0
    contact.refresh_from_db()
    assert contact.phone == "4711" or lost_phones(joined) == [("4711", "2")]
    run_until_idle()
    contact.refresh_from_db()
    assert contact.phone == "2"
    assert ("4711", "2") in lost_phones(joined)


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("Y2")
@pytest.mark.parametrize("point", range(1, 5))
def test_what_somebody_writes_between_reading_and_writing_is_not_lost(bomb: Bomb, point: int) -> None:
    """Invariant 2: a write asks for the version that was read, and looks again where it is another one by now."""
    joined, record, contact = make_pair()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)

    found: list[str] = []

    def somebody_writes() -> None:
        own = Contact.objects.get(pk=contact.pk)
        found.append(own.phone)
        update_contact(own, values={"phone": "4711"}, actor=MAKER)

    bomb.left, bomb.deed = point, somebody_writes
    run_until_idle()
    bomb.disarm()
    contact.refresh_from_db()
    overwritten = ("2", {("4711", "2")})
    assert (contact.phone, set(lost_phones(joined))) == (overwritten if found == ["1"] else ("4711", set()))
