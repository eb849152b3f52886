"""Tags in lists: asked for in filters, shown as a column, put on many records, and back after a deletion."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.filters.checking import clean_condition
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.list_views.queries import filtered_records
from kakehashi.crm.mass_actions import running
from kakehashi.crm.mass_actions.actions import start_mass_tagging, start_mass_untagging, undo_mass_action
from kakehashi.crm.mass_actions.models import MassAction, MassState
from kakehashi.crm.mass_actions.running import work_off
from kakehashi.crm.mass_actions.selection import Selection
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Membership, Org
from kakehashi.crm.records.actions import delete_record
from kakehashi.crm.records.belongings import hand_over
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.actions import delete_tag, find_or_make, restore_tag, untag_record
from kakehashi.crm.tags.jobs import KEPT, erase_deleted_tags
from kakehashi.crm.tags.many import tag_each, untag_each
from kakehashi.crm.tags.models import RecordTag, Tag
from kakehashi.crm.tags.queries import tags_of
from tests.makers.belongings import make_tag
from tests.makers.crm import make_member, make_org, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def records(org: Org) -> list[Record]:
    return [make_record(org, Last_Name=name) for name in ("相沢", "石井", "上田", "江藤")]


def names_on(*records: Record) -> list[list[str]]:
    found = tags_of([record.pk for record in records])
    return [[tag.name for tag in found.get(record.pk, [])] for record in records]


def found(access: CrmAccess, operator: str, *values: object) -> list[str]:
    module = access.schema["Contacts"]
    condition = clean_condition(Condition("Tag", operator, tuple(map(str, values))), subjects_of(module))
    return sorted(filtered_records(access, module, [filter_of(condition)]).values_list("name", flat=True))


def chosen(*records: Record) -> Selection:
    return Selection(ids=tuple(record.pk for record in records))


def test_records_are_found_by_their_tags(access: CrmAccess, records: list[Record]) -> None:
    first, second, third, _fourth = records
    vip, fair = make_tag(first, "VIP"), make_tag(first, "展示会")
    make_tag(second, "VIP")
    make_tag(third, "展示会")
    assert found(access, "any_of", vip.pk) == ["相沢", "石井"]
    assert found(access, "any_of", vip.pk, fair.pk) == ["上田", "相沢", "石井"]
    assert found(access, "all_of", vip.pk, fair.pk) == ["相沢"]
    assert found(access, "none_of", vip.pk) == ["上田", "江藤"]
    assert found(access, "filled") == ["上田", "相沢", "石井"]
    assert found(access, "empty") == ["江藤"]


def test_a_deleted_tag_is_on_no_record_and_its_condition_finds_it_again_once_it_is_back(
    access: CrmAccess, records: list[Record]
) -> None:
    vip = make_tag(records[0], "VIP")
    delete_tag(vip, actor=SYSTEM)
    assert names_on(records[0]) == [[]]
    assert found(access, "any_of", vip.pk) == []
    assert found(access, "filled") == []
    restore_tag(vip, actor=SYSTEM)
    assert names_on(records[0]) == [["VIP"]]
    assert found(access, "any_of", vip.pk) == ["相沢"]


def test_a_condition_on_another_orgs_tag_finds_nothing(access: CrmAccess, records: list[Record]) -> None:
    theirs = make_tag(make_record(make_org()), "VIP")
    make_tag(records[0], "VIP")
    assert found(access, "any_of", theirs.pk) == []
    assert found(access, "any_of", "'; drop") == []


def test_the_filter_builder_offers_the_tags_of_the_module_and_names_a_lost_one(
    page: Client, org: Org, records: list[Record]
) -> None:
    make_tag(records[0], "VIP")
    make_tag(make_record(org, "Accounts"), "代理店")
    gone = make_tag(records[1], "旧顧客")
    delete_tag(gone, actor=SYSTEM)
    asked = as_text(filter_of(Condition("Tag", "any_of", (str(gone.pk),))))
    text = page.get(f"/crm/{org.pk}/Contacts/views/filter", {"filter": asked}, headers=HTMX).text
    assert ">VIP</option>" in text
    assert "代理店" not in text
    assert "（削除済み）</option>" in text
    assert "タグがない" in text


def test_a_list_shows_tags_in_a_column_for_one_query_more(page: Client, org: Org, records: list[Record]) -> None:
    address = f"/crm/{org.pk}/Contacts/"
    make_tag(records[0], "VIP")
    page.get(address, {"columns": "Tag,Email"})
    with CaptureQueriesContext(connection) as few:
        text = page.get(address, {"columns": "Tag,Email"}).text
    assert '<span class="k-tag is-' in text
    for record in records:
        for name in ("VIP", "展示会", "代理店"):
            make_tag(record, name)
    with CaptureQueriesContext(connection) as many:
        page.get(address, {"columns": "Tag,Email"})
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as without:
        page.get(address, {"columns": "Email"})
    assert len(without) == len(many) - 1


def test_an_export_holds_the_tags_of_the_column(page: Client, org: Org, records: list[Record]) -> None:
    make_tag(records[0], "VIP")
    make_tag(records[0], "展示会")
    answer = page.get(f"/crm/{org.pk}/Contacts/export.csv", {"columns": "Tag", "sort": "name"})
    assert "VIP;展示会" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_tags_are_put_on_many_records_and_taken_back_where_they_were_new(
    access: CrmAccess, records: list[Record]
) -> None:
    first, second, third, _fourth = records
    make_tag(first, "VIP")
    make_tag(second, "展示会")
    action = start_mass_tagging(
        access, module=access.schema["Contacts"], selection=chosen(first, second, third), names=["ｖｉｐ", "展示会"]
    )
    assert names_on(*records) == [["VIP", "展示会"], ["VIP", "展示会"], ["VIP", "展示会"], []]
    assert (action.changed_count, action.unchanged_count, action.skipped_count) == (3, 0, 0)
    undo_mass_action(access, action)
    assert names_on(*records) == [["VIP"], ["展示会"], [], []]


def test_tags_are_taken_off_many_records_and_put_back_where_they_were(access: CrmAccess, records: list[Record]) -> None:
    for record in records[:2]:
        make_tag(record, "VIP")
    action = start_mass_untagging(
        access, module=access.schema["Contacts"], selection=Selection(is_everything=True), names=["VIP"]
    )
    assert names_on(*records) == [[], [], [], []]
    assert (action.changed_count, action.unchanged_count) == (2, 2)
    back = undo_mass_action(access, action)
    assert names_on(*records) == [["VIP"], ["VIP"], [], []]
    assert back.changed_count == 2


def test_undoing_leaves_alone_what_somebody_did_since(access: CrmAccess, records: list[Record]) -> None:
    first, second, *_rest = records
    action = start_mass_tagging(
        access, module=access.schema["Contacts"], selection=chosen(first, second), names=["VIP"]
    )
    untag_record(first, tag=Tag.objects.get(name="VIP"), actor=SYSTEM)
    delete_record(second, actor=SYSTEM)
    back = undo_mass_action(access, action)
    assert (back.changed_count, back.unchanged_count, back.skipped_count) == (0, 1, 1)


def test_only_records_that_one_may_change_are_tagged(org: Org, access: CrmAccess) -> None:
    seller = make_member(org, permissions=["edit_records"])
    theirs, others = make_record(org, owner=seller.person), make_record(org, owner=access.person)
    action = start_mass_tagging(
        seller, module=seller.schema["Contacts"], selection=chosen(theirs, others), names=["VIP"]
    )
    assert names_on(theirs, others) == [["VIP"], []]
    assert action.total == 1
    reader = make_member(org, permissions=["see_all_records"])
    with pytest.raises(NotAllowed):
        start_mass_tagging(reader, module=reader.schema["Contacts"], selection=chosen(theirs), names=["VIP"])


def test_a_killed_tagging_goes_on_and_tells_each_record_once(
    access: CrmAccess, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.crm.mass_actions.actions.BATCH_RECORDS", 1)
    monkeypatch.setattr(running, "BATCH_RECORDS", 1)
    action = start_mass_tagging(
        access, module=access.schema["Contacts"], selection=Selection(is_everything=True), names=["VIP"]
    )
    assert action.state == MassState.RUNNING
    work = running._work_batch
    calls: list[int] = []

    def dying(*arguments: object) -> None:
        calls.append(1)
        work(*arguments)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "_work_batch", dying)
    with pytest.raises(KeyboardInterrupt):
        work_off(action.pk)
    work_off(action.pk)
    assert MassAction.objects.get(pk=action.pk).changed_count == 4
    assert RecordTag.objects.count() == 4
    assert Event.objects.filter(topic="crm.record.tagged").count() == 4


def test_a_tag_that_is_no_name_is_refused(access: CrmAccess, records: list[Record]) -> None:
    module = access.schema["Contacts"]
    for names in ([], [" "], ["x" * 61]):
        with pytest.raises(InvalidValues):
            start_mass_tagging(access, module=module, selection=chosen(*records), names=names)
    with pytest.raises(InvalidValues):
        start_mass_untagging(access, module=module, selection=chosen(*records), names=["ない"])
    assert not MassAction.objects.exists()
    assert not Tag.objects.exists()


def test_the_dialog_refuses_beside_the_field_and_keeps_what_was_typed(
    page: Client, org: Org, records: list[Record]
) -> None:
    address = f"/crm/{org.pk}/Contacts/changes/tagging"
    sent = {"selected": [records[0].pk], "tags": ["展示会", "x" * 61]}
    answer = page.post(address, sent, headers=HTMX)
    assert answer.status_code == 422
    assert "<option selected>展示会</option>" in answer.text
    assert "60" in answer.text
    done = page.post(address, {**sent, "tags": ["展示会", "VIP"]}, headers=HTMX)
    assert done.headers["HX-Redirect"]
    shown = page.get(f"/crm/{org.pk}/changes/").text
    assert "タグを追加：展示会、VIP" in shown


def test_a_tag_comes_back_after_its_deletion_from_the_settings(
    page: Client, org: Org, records: list[Record], django_assert_num_queries: Callable
) -> None:
    tag = make_tag(records[0], "VIP")
    address = f"/crm/{org.pk}/settings/tags/Contacts/{tag.pk}"
    text = page.post(f"{address}/deletion", follow=True).text
    assert f"{address}/restoration" in text
    assert names_on(records[0]) == [[]]
    assert page.post(f"{address}/restoration", headers=HTMX).status_code == 204
    assert names_on(records[0]) == [["VIP"]]
    assert page.post(f"{address}/restoration", headers=HTMX).status_code == 204  # a second click does no harm
    assert names_on(records[0]) == [["VIP"]]


def test_a_tag_whose_name_was_taken_meanwhile_comes_back_as_the_new_one(records: list[Record]) -> None:
    first, second, *_rest = records
    old = make_tag(first, "VIP")
    delete_tag(old, actor=SYSTEM)
    new = make_tag(second, "vip")
    assert restore_tag(old, actor=SYSTEM).pk == new.pk
    assert names_on(first, second) == [["vip"], ["vip"]]
    assert not Tag.objects.filter(pk=old.pk).exists()


def test_an_import_does_not_put_a_deleted_tag_on_records(access: CrmAccess, records: list[Record]) -> None:
    first, second, *_rest = records
    delete_tag(make_tag(first, "VIP"), actor=SYSTEM)
    module = access.schema["Contacts"]
    tag_each(module, {first.pk: ["VIP"], second.pk: ["VIP"]}, actor=SYSTEM)
    assert names_on(first, second) == [["VIP"], ["VIP"]]
    assert Tag.objects.filter(deleted_at=None).count() == 1
    untag_each(module, {first.pk: ["VIP"]}, actor=SYSTEM)
    assert names_on(first, second) == [[], ["VIP"]]


def test_a_deleted_tag_moves_along_at_a_merge_and_is_back_on_the_one_that_stays(records: list[Record]) -> None:
    first, second, *_rest = records
    tag = make_tag(first, "VIP")
    delete_tag(tag, actor=SYSTEM)
    list(hand_over(first.pk, second.pk))
    restore_tag(tag, actor=SYSTEM)
    assert names_on(first, second) == [[], ["VIP"]]


def test_a_deleted_tag_is_erased_after_a_month_and_not_before(records: list[Record]) -> None:
    tag = make_tag(records[0], "VIP")
    kept = find_or_make(tag.org_id, tag.module_id, "展示会", SYSTEM)
    delete_tag(tag, actor=SYSTEM)
    erase_deleted_tags(timestamp=0)
    assert Tag.objects.filter(pk=tag.pk).exists()
    with clock.frozen_at(clock.now() + KEPT + timedelta(minutes=1)):
        erase_deleted_tags(timestamp=0)
    assert list(Tag.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not RecordTag.objects.exists()


def test_who_left_the_org_tags_nothing_more(
    access: CrmAccess, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.crm.mass_actions.actions.BATCH_RECORDS", 0)
    action = start_mass_tagging(access, module=access.schema["Contacts"], selection=chosen(*records), names=["VIP"])
    Membership.objects.filter(pk=access.membership.pk).update(is_active=False)
    work_off(action.pk)
    assert MassAction.objects.get(pk=action.pk).state == MassState.FAILED
    assert not RecordTag.objects.exists()
