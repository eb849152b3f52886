"""Taking back what the sync did: both sides are as they were, and stay so (design §6, invariant 8)."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.held import look_for_partner
from kakehashi.bridge.sync.models import Link, Run
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.sync.undo_plan import CHANGED_SINCE, IN_USE, IS_UNDONE, NOT_HERE, plan_undo
from kakehashi.bridge.sync.undoing import SyncIsBusy, undo
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_two_way
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y2")]
Drain = Callable[[], int]


def journal(joined: Joined, *kinds: str) -> list[JournalRow]:
    return list(JournalRow.objects.filter(connection=joined.connection, kind__in=kinds))


def contact_of(joined: Joined) -> Contact:
    return Contact.objects.select_related("portal").get(portal=joined.portal)


def compare(connection: Connection, drain: Drain) -> None:
    start_run(connection, Run.Kind.COMPARE)
    drain()


def test_a_written_value_gives_way_to_what_was_there_and_the_sync_leaves_it_alone(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    [done] = undo(joined.connection, journal(joined, "updated"), actor=MAKER)
    assert done.changes == {"phone": ("2", "1")}
    compare(joined.connection, drain)
    record.refresh_from_db()
    assert (record.values["Phone"], contact_of(joined).phone) == ("2", "1")
    update_record(record, values={"Phone": "3"}, actor=SYSTEM)
    drain()
    assert contact_of(joined).phone == "3"


def test_what_somebody_changed_since_stays(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1", Title="課長")
    drain()
    update_record(record, values={"Phone": "2", "Title": "部長"}, actor=SYSTEM)
    drain()
    update_contact(contact_of(joined), values={"phone": "9"}, actor=MAKER)
    [planned] = plan_undo(joined.connection, journal(joined, "updated")[:1])
    assert (planned.changes, planned.kept) == ({"title": ("部長", "課長")}, {"phone": CHANGED_SINCE})


def test_what_was_made_goes_and_comes_back_when_it_is_matched_after_all(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    undo(joined.connection, journal(joined, "created"), actor=MAKER)
    compare(joined.connection, drain)
    assert contact_of(joined).deleted_at
    assert Record.objects.get(pk=record.pk).deleted_at is None
    look_for_partner(joined.connection, Link.objects.get().pk)
    drain()
    assert contact_of(joined).deleted_at is None
    assert Link.objects.get().state == "live"


def test_what_has_tickets_by_now_is_not_taken_back(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢")
    drain()
    make_ticket(joined.portal, contact=contact_of(joined))
    [refused] = undo(joined.connection, journal(joined, "created"), actor=MAKER)
    assert (refused.refusal, contact_of(joined).deleted_at) == (IN_USE, None)


def test_a_match_is_taken_back_with_all_that_it_wrote(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    contact = make_contact(joined.portal, firstName="", lastName="Aizawa", email="m@x.example", title="課長")
    record = make_record(joined.org, Last_Name="相沢", Email="m@x.example")
    before = dict(record.values)
    drain()
    run = Run.objects.get(kind="first")
    undo(joined.connection, list(JournalRow.objects.filter(run=run)), actor=MAKER)
    compare(joined.connection, drain)
    contact.refresh_from_db()
    record.refresh_from_db()
    assert (contact.last_name, contact.title) == ("Aizawa", "課長")
    assert {name: value for name, value in record.values.items() if value} == before
    assert set(Link.objects.values_list("state", flat=True)) == {"apart"}


def test_a_lost_value_comes_back_and_travels(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_contact(contact_of(joined), values={"phone": "3"}, actor=MAKER)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    assert contact_of(joined).phone == "2"
    undo(joined.connection, journal(joined, "lost"), actor=MAKER)
    drain()
    record.refresh_from_db()
    assert (contact_of(joined).phone, record.values["Phone"]) == ("3", "3")


def test_a_line_is_taken_back_once_and_says_by_whom(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    lines = journal(joined, "updated")
    undo(joined.connection, lines, actor=MAKER)
    [again] = undo(joined.connection, lines, actor=MAKER)
    assert again.refusal == IS_UNDONE
    told = JournalRow.objects.get(kind="undone")
    assert (told.undoes, told.by_name, told.changes) == (lines[0].pk, MAKER.name, {"phone": ["2", "1"]})


def test_nothing_is_taken_back_while_the_sync_is_at_work(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    from kakehashi.bridge.sync import undoing

    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢")
    drain()

    @contextmanager
    def held_by_a_worker(name: str):  # type: ignore[no-untyped-def]
        yield False

    monkeypatch.setattr(undoing, "claim", held_by_a_worker)
    monkeypatch.setattr(undoing, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(SyncIsBusy):
        undo(joined.connection, journal(joined, "created"), actor=MAKER)


def test_several_lines_of_one_field_are_planned_as_they_are_taken_back(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    for phone in ("2", "3"):
        update_record(record, values={"Phone": phone}, actor=SYSTEM)
        drain()
        record.refresh_from_db()
    lines = journal(joined, "updated")
    planned = [one.changes for one in plan_undo(joined.connection, lines)]
    assert planned == [{"phone": ("3", "2")}, {"phone": ("2", "1")}]
    assert [one.changes for one in undo(joined.connection, lines, actor=MAKER)] == planned
    assert contact_of(joined).phone == "1"


def test_a_plan_of_many_lines_costs_no_more_queries_than_one_of_few(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    counts = []
    for size in (2, 10):
        for number in range(size):
            make_record(joined.org, Last_Name=f"相沢{size}{number}")
        drain()
        with CaptureQueriesContext(database) as queries:
            assert len(plan_undo(joined.connection, journal(joined, "created")[:size])) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_field_of_a_line_is_taken_back_and_then_the_others(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1", Title="課長")
    drain()
    update_record(record, values={"Phone": "2", "Title": "部長"}, actor=SYSTEM)
    drain()
    [line] = journal(joined, "updated")
    [planned] = plan_undo(joined.connection, [line], only="phone")
    assert planned.changes == {"phone": ("2", "1")}
    undo(joined.connection, [line], actor=MAKER, only="phone")
    compare(joined.connection, drain)
    contact = contact_of(joined)
    assert (contact.phone, contact.title) == ("1", "部長")
    line.refresh_from_db()
    assert line.undone_at is None
    [again] = plan_undo(joined.connection, [line], only="phone")
    assert again.refusal == IS_UNDONE
    [rest] = undo(joined.connection, [line], actor=MAKER)
    assert (rest.changes, rest.kept) == ({"title": ("部長", "課長")}, {"phone": IS_UNDONE})
    line.refresh_from_db()
    assert line.undone_at


def test_a_line_whose_fields_were_all_taken_back_one_by_one_is_taken_back(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1", Title="課長")
    drain()
    update_record(record, values={"Phone": "2", "Title": "部長"}, actor=SYSTEM)
    drain()
    for name in ("phone", "title"):
        undo(joined.connection, journal(joined, "updated"), actor=MAKER, only=name)
    [line] = journal(joined, "updated")
    assert line.undone_at


def test_of_what_was_made_no_single_field_is_taken_back(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    [planned] = plan_undo(joined.connection, journal(joined, "created"), only="phone")
    assert planned.refusal == NOT_HERE
