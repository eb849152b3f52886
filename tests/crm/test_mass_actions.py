"""Changing many records at once: by rights, resumable, with an account and a way back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.crm.mass_actions import running
from kakehashi.crm.mass_actions.actions import (
    CannotBeUndone,
    SelectionIsUnclear,
    start_mass_deletion,
    start_mass_update,
    undo_mass_action,
)
from kakehashi.crm.mass_actions.models import MassAction, MassActionRow, MassState
from kakehashi.crm.mass_actions.running import work_off
from kakehashi.crm.mass_actions.selection import Selection
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership, Org
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_mass_update, make_member, make_org, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def titles() -> list[Any]:
    return [record.values.get("Title") for record in Record.objects.order_by("pk")]


def everything(*conditions: Condition) -> Selection:
    return Selection(filters=(filter_of(*conditions),), is_everything=True)


def counts(action: MassAction) -> tuple[int, int, int]:
    return action.changed_count, action.unchanged_count, action.skipped_count


def test_a_field_of_chosen_records_is_changed_and_put_back(org: Org, access: CrmAccess) -> None:
    first, second, third = make_record(org, Title="主任"), make_record(org), make_record(org, Title="課長")
    action = make_mass_update(access, first, second, third, Title="課長")
    assert titles() == ["課長", "課長", "課長"]
    assert counts(action) == (2, 1, 0)
    back = undo_mass_action(access, action)
    assert titles() == ["主任", None, "課長"]
    assert counts(back) == (2, 0, 0)


def test_what_somebody_changed_since_is_not_put_back_and_said(org: Org, access: CrmAccess) -> None:
    first, second = make_record(org, Title="主任"), make_record(org, Title="主任")
    action = make_mass_update(access, first, second, Title="課長")
    update_record(first, values={"Title": "部長"}, actor=SYSTEM)
    update_record(second, values={"Phone": "0258-00-1147"}, actor=SYSTEM)
    back = undo_mass_action(access, action)
    assert titles() == ["部長", "主任"]
    assert counts(back) == (1, 0, 1)
    assert MassActionRow.objects.get(action=back, state="skipped").record_id == first.pk


def test_a_change_is_taken_back_once(org: Org, access: CrmAccess) -> None:
    action = make_mass_update(access, make_record(org))
    back = undo_mass_action(access, action)
    for again in (action, back):
        with pytest.raises(CannotBeUndone):
            undo_mass_action(access, again)


def test_everything_that_fits_is_changed_even_if_it_fits_no_longer_after_it(
    org: Org, access: CrmAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH_RECORDS", 3)
    for number in range(8):
        make_record(org, Last_Name=f"N{number}", Title="主任")
    other = make_record(org, Title="部長")
    module = access.schema["Contacts"]
    meant = everything(Condition("Title", "is", ("主任",)))
    action = start_mass_update(access, module=module, selection=meant, changes={"Title": "課長"})
    work_off(action.pk)
    action.refresh_from_db()
    assert counts(action) == (8, 0, 0)
    other.refresh_from_db()
    assert other.values["Title"] == "部長"


def test_a_killed_run_goes_on_where_it_was_and_tells_each_change_once(
    org: Org, access: CrmAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH_RECORDS", 2)
    monkeypatch.setattr("kakehashi.crm.mass_actions.actions.BATCH_RECORDS", 0)
    for _ in range(7):
        make_record(org)
    action = start_mass_update(
        access, module=access.schema["Contacts"], selection=everything(), changes={"Title": "課長"}
    )
    work, batches = running._work_batch, []

    def die_in_the_third(*what: Any) -> None:
        batches.append(1)
        if len(batches) == 3:
            raise SystemExit
        work(*what)

    with monkeypatch.context() as dying:
        dying.setattr(running, "_work_batch", die_in_the_third)
        with pytest.raises(SystemExit):
            work_off(action.pk)
    action.refresh_from_db()
    assert action.done_count == 4
    work_off(action.pk)
    action.refresh_from_db()
    assert (action.state, counts(action)) == (MassState.FINISHED, (7, 0, 0))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT subject_id) FROM core_event WHERE topic = 'crm.record.updated' AND origin = %s",
            [f"mass_action:{action.pk}"],
        )
        assert cursor.fetchone() == (7, 7)


def test_what_one_may_not_change_is_left_out_and_said(org: Org, access: CrmAccess) -> None:
    reader = make_member(org, permissions=["see_all_records"])
    with pytest.raises(NotAllowed):
        make_mass_update(reader, make_record(org))
    taken = make_record(org, "Products", Product_Code="A")
    free = make_record(org, "Products", Product_Code="B")
    action = make_mass_update(access, taken, free, Product_Category="x" * 500)
    assert action.skipped_count == 2
    assert MassActionRow.objects.filter(action=action).first().reasons


def test_a_record_of_another_org_is_never_touched(org: Org, access: CrmAccess) -> None:
    other = make_record(make_org(name="別会社"), Title="主任")
    selection = Selection(ids=(other.pk,))
    action = start_mass_update(access, module=access.schema["Contacts"], selection=selection, changes={"Title": "課長"})
    other.refresh_from_db()
    assert other.values["Title"] == "主任"
    assert action.done_count == 0


def test_nothing_is_done_with_a_filter_of_which_a_part_is_left_out(org: Org, access: CrmAccess) -> None:
    make_record(org)
    with pytest.raises(SelectionIsUnclear):
        start_mass_deletion(access, module=access.schema["Contacts"], selection=everything(Condition("Gone", "empty")))
    assert Record.objects.filter(deleted_at=None).exists()


def test_many_are_deleted_and_come_back(org: Org, access: CrmAccess) -> None:
    for _ in range(4):
        make_record(org)
    action = start_mass_deletion(access, module=access.schema["Contacts"], selection=everything())
    assert not Record.objects.filter(deleted_at=None).exists()
    undo_mass_action(access, action)
    assert Record.objects.filter(deleted_at=None).count() == 4


def test_who_left_the_org_meanwhile_changes_nothing_more(
    org: Org, access: CrmAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.crm.mass_actions.actions.BATCH_RECORDS", 0)
    make_record(org, Title="主任")
    action = start_mass_update(
        access, module=access.schema["Contacts"], selection=everything(), changes={"Title": "課長"}
    )
    Membership.objects.filter(pk=access.membership.pk).update(is_active=False)
    work_off(action.pk)
    action.refresh_from_db()
    assert action.state == MassState.FAILED
    assert titles() == ["主任"]


def test_the_dialog_says_how_many_and_the_list_offers_the_way_back(org: Org, page: Client) -> None:
    records = [make_record(org, Title="主任") for _ in range(3)]
    address = f"/crm/{org.pk}/Contacts/changes/update"
    dialog = page.get(address, {"everything": "1", "query": "view=all&q=", "field": "Title"}, headers=HTMX)
    assert dialog.context["counted"] == 3
    sent = {"selected": [record.pk for record in records[:2]], "query": "view=all", "field": "Title", "Title": "課長"}
    answer = page.post(address, sent, headers=HTMX)
    assert answer["HX-Redirect"] == f"/crm/{org.pk}/Contacts/?view=all"
    assert titles() == ["課長", "課長", "主任"]
    undo = next(iter(page.get(answer["HX-Redirect"]).context["messages"])).extra_tags
    assert page.post(undo, headers=HTMX).status_code == 204
    assert titles() == ["主任", "主任", "主任"]


def test_a_wrong_value_comes_back_beside_its_field(org: Org, page: Client) -> None:
    record = make_record(org, "Deals")
    sent = {"selected": [record.pk], "query": "view=all", "field": "Closing_Date", "Closing_Date": "いつか"}
    answer = page.post(f"/crm/{org.pk}/Deals/changes/update", sent, headers=HTMX)
    assert answer.status_code == 422
    assert "いつか" in answer.content.decode()


def test_the_account_names_what_was_left_out(org: Org, page: Client, access: CrmAccess) -> None:
    first, second = make_record(org, Last_Name="相沢", Title="主任"), make_record(org, Title="主任")
    action = make_mass_update(access, first, second, Title="課長")
    update_record(first, values={"Title": "部長"}, actor=SYSTEM)
    answer = page.post(f"/crm/{org.pk}/changes/{action.pk}/undo", follow=True)
    assert "相沢" in answer.content.decode()
    assert answer.context["action"].skipped_count == 1
    assert page.get(f"/crm/{org.pk}/changes/").status_code == 200


def test_a_colleagues_mass_change_is_not_shown_to_others(org: Org, access: CrmAccess) -> None:
    action = make_mass_update(access, make_record(org))
    colleague = Client()
    colleague.force_login(make_member(org).person)
    assert colleague.get(f"/crm/{org.pk}/changes/{action.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_log_says_which_mass_change_it_was(org: Org, access: CrmAccess, drain: Callable[[], int]) -> None:
    action = make_mass_update(access, make_record(org))
    updated = Event.objects.get(topic="crm.record.updated")
    assert updated.origin == f"mass_action:{action.pk}"
