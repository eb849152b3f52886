"""The bell: who is told of what, and what they do with it."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker
from kakehashi.crm.imports.models import Import
from kakehashi.crm.imports.running import fail
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.notes.actions import add_note, change_note
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.hearing import hear
from kakehashi.crm.sales_signals.models import Signal
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colleague() -> CrmAccess:
    return make_member(make_org())


@pytest.fixture
def boss(colleague: CrmAccess) -> CrmAccess:
    return make_administrator(colleague.org, family_name="高瀬", given_name="悠")


def assign(record: Record, to: CrmAccess, by: Actor) -> Record:
    return update_record(record, values={"Owner": to.person.pk}, actor=by)


def unseen(access: CrmAccess) -> int:
    return Membership.objects.get(pk=access.membership.pk).unseen_signals


def test_who_becomes_owner_is_told_once(boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int]) -> None:
    record = assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    drain()
    hear([_marker(event) for event in Event.objects.filter(kind="crm.record")])  # at least once may be twice
    signal = Signal.objects.get()
    assert (signal.person, signal.record) == (colleague.person, record)
    assert (unseen(colleague), unseen(boss)) == (1, 0)


def test_nobody_is_told_of_their_own_doing(boss: CrmAccess, drain: Callable[[], int]) -> None:
    make_record(boss.org, actor=boss.actor)
    drain()
    assert not Signal.objects.exists()


def test_only_the_last_owner_is_told(boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int]) -> None:
    third = make_member(boss.org)
    record = make_record(boss.org, actor=boss.actor)
    assign(assign(record, third, boss.actor), colleague, boss.actor)
    drain()
    assert [signal.person for signal in Signal.objects.all()] == [colleague.person]


def test_an_import_does_not_ring_for_every_row(boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int]) -> None:
    make_record(boss.org, actor=boss.person.as_actor("import:7"), owner=colleague.person)
    drain()
    assert not Signal.objects.exists()


def test_what_went_to_the_recycle_bin_is_not_told(
    boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int]
) -> None:
    record = assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    delete_record(record, actor=boss.actor)
    drain()
    assert not Signal.objects.exists()


def test_a_subject_that_was_parked_is_looked_at_again(boss: CrmAccess, colleague: CrmAccess) -> None:
    record = assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    event = Event.objects.filter(kind="crm.record", subject_id=record.pk).latest("id")
    hear([Marker(0, event.tenant, "core.problem.retried", event.kind, record.pk, "", None, {}, event.at)])
    assert Signal.objects.get().event_id == event.pk


def test_opening_the_bell_clears_its_number_and_following_a_signal_reads_it(
    boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int], client: Client
) -> None:
    record = assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    drain()
    client.force_login(colleague.person)
    page = client.get(reverse("crm_list", args=[boss.org.pk, "Contacts"]))
    assert 'class="k-badge" aria-hidden="true">1<' in page.content.decode()
    bell = client.get(reverse("crm_bell", args=[boss.org.pk])).content.decode()
    assert boss.person.name in bell
    assert record.name in bell
    assert unseen(colleague) == 0
    signal = Signal.objects.get()
    assert signal.read_at is None
    answer = client.get(reverse("crm_signal", args=[boss.org.pk, signal.pk]))
    assert answer["Location"] == reverse("crm_record", args=[boss.org.pk, "Contacts", record.pk])
    signal.refresh_from_db()
    assert signal.read_at


def test_all_can_be_marked_as_read_and_that_taken_back(
    boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int], client: Client
) -> None:
    for _number in range(2):
        assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    drain()
    client.force_login(colleague.person)
    reading = reverse("crm_signals_reading", args=[boss.org.pk])
    said = client.post(reading, headers={"HX-Request": "true"})
    assert not Signal.objects.filter(read_at=None).exists()
    client.post(json.loads(said.headers["HX-Trigger"])["toast"]["undo"])
    assert Signal.objects.filter(read_at=None).count() == 2


def test_nobody_reads_the_signals_of_another(
    boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int], client: Client
) -> None:
    assign(make_record(boss.org, actor=boss.actor), colleague, boss.actor)
    drain()
    client.force_login(boss.person)
    signal = Signal.objects.get()
    assert client.get(reverse("crm_signal", args=[boss.org.pk, signal.pk])).status_code == 404
    client.post(reverse("crm_signals_reading", args=[boss.org.pk]), {"signal": signal.pk})
    signal.refresh_from_db()
    assert signal.read_at is None


def _marker(event: Event) -> Marker:
    return Marker(
        event.pk,
        event.tenant,
        event.topic,
        event.kind,
        event.subject_id,
        event.origin,
        event.person_id,
        event.data,
        event.at,
    )


def test_who_is_mentioned_in_a_note_is_told_once(
    boss: CrmAccess, colleague: CrmAccess, drain: Callable[[], int]
) -> None:
    note = add_note(
        make_record(boss.org, actor=boss.actor), html=f"<p>@{colleague.person.name} ?</p>", actor=boss.actor
    )
    drain()
    change_note(note, html=f"<p>@{colleague.person.name} !</p>", actor=boss.actor)
    drain()
    signal = Signal.objects.get()
    assert (signal.kind, signal.person, signal.record_id) == ("note_mentioned", colleague.person, note.record_id)


def test_who_may_not_see_a_record_is_not_told_of_its_notes(boss: CrmAccess, drain: Callable[[], int]) -> None:
    blind = make_member(boss.org, permissions=[], family_name="安斎", given_name="渚")
    add_note(make_record(boss.org, actor=boss.actor), html=f"<p>@{blind.person.name}</p>", actor=boss.actor)
    drain()
    assert not Signal.objects.exists()


@pytest.mark.parametrize(("rows", "count"), [(1_000, 1), (999, 0)])
def test_the_end_of_a_long_import_is_told_to_who_started_it(
    boss: CrmAccess, client: Client, drain: Callable[[], int], rows: int, count: int
) -> None:
    file = store_attachment(
        tenant=boss.org.tenant, name="people.csv", content=b"x", content_type="text/csv", actor=boss.actor
    )
    source = Import.objects.create(
        org=boss.org,
        module=find_module(boss.org, "Contacts"),
        file=file,
        encoding="utf-8",
        delimiter=",",
        state="running",
        rows_total=rows,
        rows_done=rows,
        started_by=boss.person,
    )
    fail(source.pk, "x")
    drain()
    signals = Signal.objects.filter(person=boss.person, kind="import_finished", data__import=source.pk)
    assert signals.count() == count
    client.force_login(boss.person)
    assert ("people.csv" in client.get(reverse("crm_signals", args=[boss.org.pk])).content.decode()) == bool(count)
