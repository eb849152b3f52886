"""The comparison of both sides finds what no event told of, mends it, and says so; by night once, and when somebody asks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.actions import pause, resume
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import JournalRow, PlanRow
from kakehashi.bridge.sync_health.comparison import (
    CannotCompareNow,
    next_night,
    start_comparison,
    start_due_comparisons,
)
from kakehashi.bridge.sync_health.reports import recent_reports, repairs_of
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.events.reading import head_of_log
from kakehashi.core.events.subscribers import move_cursor
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined, make_two_way
from tests.makers.crm import make_member, make_record
from tests.makers.desk import MAKER, make_contact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y8", "Y9")]
Drain = Callable[[], int]


def lose_all_events() -> None:
    """As if nobody had told the sync of what was done since."""
    move_cursor("bridge.sync", head_of_log())


def compare(joined: Joined, drain: Drain) -> Run:
    run = start_comparison(joined.connection, Run.Occasion.PERSON, by_name="高瀬 悠")
    drain()
    run.refresh_from_db()
    assert run.finished_at
    return run


def contact_named(last_name: str) -> Contact:
    return Contact.objects.get(last_name=last_name)


def test_it_mends_what_events_missed_and_lists_it(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    edited, deleted = make_record(joined.org, Last_Name="相沢", Phone="1"), make_record(joined.org, Last_Name="加瀬")
    make_record(joined.org, Last_Name="静野")
    drain()
    update_record(edited, values={"Phone": "2"}, actor=SYSTEM)
    delete_record(deleted, actor=SYSTEM)
    make_record(joined.org, Last_Name="新田")
    make_contact(joined.portal, lastName="窓口")
    lose_all_events()
    drain()
    assert contact_named("相沢").phone == "1"
    run = compare(joined, drain)
    assert contact_named("相沢").phone == "2"
    assert contact_named("加瀬").deleted_at
    assert contact_named("新田")
    assert Record.objects.filter(org=joined.org, values__Last_Name="窓口").exists()
    found = sorted((row.kind, row.name) for row in repairs_of(run))
    assert found == [("create", "新田"), ("create", "窓口 美咲"), ("remove", "加瀬"), ("update", "相沢")]
    [report] = recent_reports(joined.connection)
    assert report.repaired == 4
    assert JournalRow.objects.filter(run=run, kind="updated", crm_id=edited.pk).exists()


def test_a_pair_that_is_in_step_is_not_touched(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢")
    drain()
    before = list(Link.objects.values_list("pk", "agreed_at", "crm_version", "desk_version"))
    lines = JournalRow.objects.count()
    run = compare(joined, drain)
    assert list(Link.objects.values_list("pk", "agreed_at", "crm_version", "desk_version")) == before
    assert (JournalRow.objects.count(), PlanRow.objects.filter(run=run).count()) == (lines, 0)
    assert run.progress["contacts"]["seen"] == 2


def test_a_deletion_in_the_crm_that_nobody_told_of_is_found_one_way_too(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    delete_record(record, actor=SYSTEM)
    lose_all_events()
    run = compare(joined, drain)
    assert contact_named("相沢").deleted_at
    assert [row.kind for row in repairs_of(run)] == ["remove"]


def test_what_is_on_its_way_is_no_repair(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    held = make_record(joined.org, Last_Name="加瀬", Email="b@x.example")
    for _twin in range(2):
        make_contact(joined.portal, lastName="加瀬", email="b@x.example")
    drain()
    assert Link.objects.filter(crm_id=held.pk, state="held").exists()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    run = compare(joined, drain)
    assert contact_named("相沢").phone == "2"
    assert list(repairs_of(run)) == []


def test_one_record_that_cannot_be_rehearsed_does_not_stop_it(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    from kakehashi.bridge.sync import comparing

    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    lose_all_events()

    def fail(*_args: object) -> None:
        raise ValueError

    monkeypatch.setattr(comparing, "rehearse", fail)
    compare(joined, drain)
    assert contact_named("相沢").phone == "2"


def at(joined: Joined, hours: float) -> datetime:
    """So many hours after the first midnight in Tokyo that follows the set-up."""
    tokyo = timedelta(hours=9)
    local = joined.connection.set_up_at.astimezone(UTC) + tokyo
    midnight = datetime(local.year, local.month, local.day, tzinfo=UTC) + timedelta(days=1) - tokyo
    return midnight + timedelta(hours=hours)


def nightly(connection: Connection) -> int:
    return Run.objects.filter(connection=connection, occasion=Run.Occasion.NIGHT).count()


def test_every_night_once_in_the_time_zone_of_the_organisation_also_after_a_standstill(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    drain()
    for hours, expected in ((1, 0), (2.6, 1), (3, 1), (25, 1), (30, 2), (24 * 5, 3), (24 * 5 + 1, 3)):
        with clock.frozen_at(at(joined, hours)):
            start_due_comparisons()
            drain()
            assert nightly(joined.connection) == expected, hours
    Org.objects.filter(pk=joined.org.pk).update(time_zone="Europe/Berlin")
    with clock.frozen_at(at(joined, 24 * 5 + 3)):
        assert next_night(joined.connection).astimezone(UTC).hour in {0, 1}


def test_it_waits_while_the_sync_is_paused_and_is_made_up_for(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    drain()
    pause(joined.connection, actor=MAKER)
    with clock.frozen_at(at(joined, 3)):
        start_due_comparisons()
        with pytest.raises(CannotCompareNow):
            start_comparison(joined.connection, Run.Occasion.PERSON)
        assert nightly(joined.connection) == 0
        resume(joined.connection, actor=MAKER)
        start_due_comparisons()
        start_due_comparisons()
        assert nightly(joined.connection) == 1


def test_the_page_starts_one_shows_it_and_leads_to_the_journal(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    lose_all_events()
    page = Client()
    page.force_login(joined.administrator.person)
    text = page.post(reverse("desk_integration_comparing", args=[joined.org.pk]), follow=True).content.decode()
    assert "Both sides are being compared." in text
    drain()
    run = Run.objects.get(occasion="person")
    text = page.get(reverse("desk_integration_report", args=[joined.org.pk, run.pk])).content.decode()
    assert "相沢" in text
    assert f"crm_id={record.pk}" in text
    colleague = Client()
    colleague.force_login(make_member(joined.org).person)
    assert colleague.post(reverse("desk_integration_comparing", args=[joined.org.pk])).status_code == 403
    other = make_two_way(modules=["contacts"])
    page.force_login(other.administrator.person)
    assert page.get(reverse("desk_integration_report", args=[other.org.pk, run.pk])).status_code == 404


def test_a_record_that_fails_is_listed_once(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    make_record(joined.org, Last_Name="相沢")
    drain()
    Dirty.objects.create(
        connection=joined.connection,
        module="contacts",
        side="crm",
        record_id=Record.objects.get(org=joined.org).pk,
        seq=1,
        first_seen_at=clock.now(),
        attempts=1,
        next_try_at=clock.now() + timedelta(hours=1),
        reason="Phone: no",
    )
    update_record(Record.objects.get(org=joined.org), values={"Phone": "2"}, actor=SYSTEM)
    lose_all_events()
    assert list(repairs_of(compare(joined, drain))) == []
