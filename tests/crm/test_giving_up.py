"""Long work that fails for good says so, and a person can go on."""

import pytest
from django.test import Client
from django.utils.translation import override

from kakehashi.core.events.models import Event
from kakehashi.core.jobs import tell_of_giving_up
from kakehashi.crm.audit.telling import tell
from kakehashi.crm.imports.actions import ImportHasMoved, resume_import, start_import, undo_import_of
from kakehashi.crm.imports.jobs import run_import, undo_import
from kakehashi.crm.imports.models import Import, ImportState
from kakehashi.crm.mass_actions.jobs import run_mass_action
from kakehashi.crm.mass_actions.models import MassAction, MassState
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.ownership.actions import start_transfer
from kakehashi.crm.ownership.jobs import run_transfer
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_org, make_record
from tests.makers.imports import check_rows, import_text, outcome_counts, upload_text

pytestmark = pytest.mark.django_db
FILE = "姓,メール\r\n一,a@example.com\r\n二,b@example.com\r\n"


@pytest.fixture
def access(client: Client) -> CrmAccess:
    access = make_administrator(make_org(), family_name="高瀬", given_name="悠")
    client.force_login(access.person)
    return access


def test_an_import_that_is_given_up_says_why_and_goes_on(access: CrmAccess, client: Client) -> None:
    source = start_import(check_rows(access, upload_text(access, FILE)), actor=access.actor)
    for _again in range(2):
        tell_of_giving_up("crm.run_import", {"import_id": source.pk})
    page = client.get(f"/crm/{access.org.pk}/imports/{source.pk}/").content.decode()
    assert "ファイルとは関係のない原因" in page
    assert f"/imports/{source.pk}/resumption" in page
    event = Event.objects.get(topic="crm.import.finished")
    with override("ja"):
        told = {str(change.label): change.new for change in tell(access, event).changes}
    assert told == {
        "ファイル名": "名簿.csv",
        "行数": "2",
        "作成": "0",
        "更新": "0",
        "スキップ": "0",
        "特定できない": "0",
        "失敗": "0",
    }
    client.post(f"/crm/{access.org.pk}/imports/{source.pk}/resumption")
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.state, outcome_counts(source)) == (ImportState.FINISHED, (2, 0, 0, 0))


def test_a_dry_run_that_is_given_up_is_never_taken_for_one_that_ended(access: CrmAccess, client: Client) -> None:
    source = upload_text(access, FILE)
    base = f"/crm/{access.org.pk}/imports/{source.pk}"
    client.post(f"{base}/mapping", {"match-0": "Email", "policy": "update"})
    tell_of_giving_up("crm.run_import", {"import_id": source.pk})
    source.refresh_from_db()
    assert source.state == ImportState.MAPPING
    assert "ファイルとは関係のない原因" in client.get(f"{base}/mapping").content.decode()
    assert client.post(f"{base}/resumption").status_code == 409
    assert not Record.objects.exists()


def test_a_taking_back_that_is_given_up_can_only_be_taken_back_further(access: CrmAccess, client: Client) -> None:
    source = undo_import_of(import_text(access, FILE), actor=access.actor)
    tell_of_giving_up("crm.undo_import", {"import_id": source.pk})
    source = Import.objects.get(pk=source.pk)
    assert source.is_half_undone
    with pytest.raises(ImportHasMoved):
        resume_import(source, actor=access.actor)
    assert "残りを取り消す" in client.get(f"/crm/{access.org.pk}/imports/{source.pk}/").content.decode()
    client.post(f"/crm/{access.org.pk}/imports/{source.pk}/undoing")
    undo_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.state, source.failure) == (ImportState.UNDONE, "")
    assert not Record.objects.filter(deleted_at=None).exists()


def test_a_mass_change_that_is_given_up_goes_on_or_is_taken_back(access: CrmAccess, client: Client) -> None:
    record = make_record(access.org, Last_Name="戸田", Title="主任")
    action = MassAction.objects.create(
        org=access.org,
        module=record.module,
        kind="update",
        changes={"Title": "課長"},
        selection={"ids": [record.pk]},
        up_to_id=record.pk,
        total=1,
        started_by=access.person,
    )
    tell_of_giving_up("crm.run_mass_action", {"action_id": action.pk})
    address = f"/crm/{access.org.pk}/changes/{action.pk}/"
    assert f"{address}resumption" in client.get(address).content.decode()
    client.post(f"{address}resumption")
    run_mass_action(action_id=action.pk)
    action.refresh_from_db()
    record.refresh_from_db()
    assert (action.state, action.failure, record.values["Title"]) == (MassState.FINISHED, "", "課長")
    assert client.post(f"{address}resumption").status_code == 409


def test_only_who_began_a_mass_change_goes_on_with_it(access: CrmAccess, client: Client) -> None:
    module = make_record(access.org).module
    seller = make_member(access.org)
    theirs = MassAction.objects.create(org=access.org, module=module, state="failed", started_by=seller.person)
    assert client.post(f"/crm/{access.org.pk}/changes/{theirs.pk}/resumption").status_code == 409


def test_what_a_failed_transfer_left_is_handed_over_by_another(access: CrmAccess, client: Client) -> None:
    giver = make_member(access.org)
    record = make_record(access.org, "Accounts", actor=giver.actor)
    transfer = start_transfer(
        giver.membership, taker=access.membership, choice=[str(record.module_id)], actor=access.actor
    )
    tell_of_giving_up("crm.run_transfer", {"transfer_id": transfer.pk})
    page = client.get(f"/crm/{access.org.pk}/settings/transfers/{transfer.pk}").content.decode()
    assert "残りを引き継ぐ" in page
    sent = {"taker": access.membership.pk, "choice": [str(record.module_id)]}
    again = client.post(f"/crm/{access.org.pk}/settings/people/{giver.membership.pk}/handover", sent)
    run_transfer(transfer_id=int(again["Location"].rstrip("/").rpartition("/")[2]))
    record.refresh_from_db()
    assert record.owner_id == access.person.pk


def test_what_nobody_waits_for_is_given_up_in_silence() -> None:
    tell_of_giving_up("core.nobody", {})
