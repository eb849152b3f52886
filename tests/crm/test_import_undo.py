import pytest

from kakehashi.core.events.models import Event
from kakehashi.crm.imports import undoing
from kakehashi.crm.imports.actions import (
    undo_changed_too,
    undo_import_of,
)
from kakehashi.crm.imports.jobs import undo_import
from kakehashi.crm.imports.models import ImportState
from kakehashi.crm.imports.undoing import undo_counts
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_org, make_record
from tests.makers.imports import import_text, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_taking_back_bins_what_was_made_and_restores_what_was_changed(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    touched = make_record(access.org, Last_Name="森本", Email="mori@example.com", Title="係長")
    source = import_text(
        access,
        "会社名,姓,メール,役職\r\n月見坂食品,戸田,toda@example.com,課長\r\n,森本,mori@example.com,課長\r\n"
        "月見坂食品,新,new@example.com,\r\n,後,later@example.com,\r\n",
    )
    later = Record.objects.get(name="後")
    update_record(later, values={"Title": "部長"}, actor=access.actor)
    touched.refresh_from_db()
    update_record(touched, values={"Title": "社長"}, actor=access.actor)
    take_back(access, source)
    there.refresh_from_db()
    assert (there.values["Title"], "Account_Name" in there.values) == ("主任", False)
    assert set(Record.objects.filter(deleted_at=None).values_list("name", flat=True)) == {"戸田", "森本", "後"}
    assert source.state == ImportState.UNDONE
    assert undo_counts(source) == {"binned": 2, "restored": 1, "kept": 2}
    undo_changed_too(source, actor=access.actor)
    undo_import(import_id=source.pk)
    touched.refresh_from_db()
    assert touched.values["Title"] == "係長"
    assert set(Record.objects.filter(deleted_at=None).values_list("name", flat=True)) == {"戸田", "森本"}


def test_taking_back_goes_on_after_a_kill(access: CrmAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "BATCH_ROWS", 10)
    rows = "".join(f"名{number},p{number}@example.com\r\n" for number in range(35))
    source = import_text(access, f"姓,メール\r\n{rows}")
    undo_import_of(source, actor=access.actor)
    for done, _rows in enumerate(undoing.undo_batches(source.pk), start=1):
        if done == 2:
            break
    assert Record.objects.filter(deleted_at=None).count() == 15
    undo_import(import_id=source.pk)
    assert not Record.objects.filter(deleted_at=None).exists()
    assert Event.objects.filter(topic="crm.record.deleted").count() == 35
