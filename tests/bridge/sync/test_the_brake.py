"""Many deletions at once stop the sync until somebody has looked (design §6)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.actions import resume
from kakehashi.bridge.connection.models import State
from kakehashi.bridge.sync import brake
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.actions import delete_records, restore_records
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y2")]
Drain = Callable[[], int]


@pytest.fixture
def deleted(drain: Drain, monkeypatch: pytest.MonkeyPatch) -> tuple[Joined, list[int]]:
    """Six of eight contacts were deleted in the CRM; four would be few."""
    monkeypatch.setattr(brake, "FEW", 4)
    joined = make_joined()
    ids = [make_record(joined.org, Last_Name=f"相沢{number}").pk for number in range(8)]
    drain()
    delete_records(schema_of(joined.org)["Contacts"], record_ids=ids[:6], actor=SYSTEM)
    drain()
    joined.connection.refresh_from_db()
    return joined, ids[:6]


def live(joined: Joined) -> int:
    return Contact.objects.filter(portal=joined.portal, deleted_at=None).count()


def test_it_stops_and_says_why(deleted: tuple[Joined, list[int]]) -> None:
    joined, _ids = deleted
    assert (joined.connection.state, live(joined)) == (State.PAUSED, 8)
    client = Client()
    client.force_login(joined.administrator.person)
    page = client.get(reverse("desk_integration", args=[joined.org.pk])).content.decode()
    assert "The sync has stopped by itself" in page
    assert "Paused by itself: many records would be deleted" in page


def test_restored_and_resumed_nothing_was_lost(deleted: tuple[Joined, list[int]], drain: Drain) -> None:
    joined, ids = deleted
    restore_records(schema_of(joined.org)["Contacts"], record_ids=ids, actor=SYSTEM)
    resume(joined.connection, actor=joined.administrator.actor)
    drain()
    joined.connection.refresh_from_db()
    assert (joined.connection.state, live(joined)) == (State.CONNECTED, 8)


def test_resumed_all_the_same_it_does_what_was_meant(deleted: tuple[Joined, list[int]], drain: Drain) -> None:
    joined, _ids = deleted
    resume(joined.connection, actor=joined.administrator.actor)
    drain()
    joined.connection.refresh_from_db()
    assert (joined.connection.state, live(joined)) == (State.CONNECTED, 2)


def test_where_deletions_are_not_carried_across_there_is_nothing_to_stop(
    drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brake, "FEW", 1)
    joined = make_joined()
    SyncedModule.objects.update(delete_rule="keep")
    ids = [make_record(joined.org, Last_Name=f"相沢{number}").pk for number in range(3)]
    drain()
    delete_records(schema_of(joined.org)["Contacts"], record_ids=ids, actor=SYSTEM)
    drain()
    joined.connection.refresh_from_db()
    assert (joined.connection.state, live(joined)) == (State.CONNECTED, 3)
