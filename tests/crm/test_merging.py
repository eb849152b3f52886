"""Merging records and taking it back: nothing is lost, and everything comes home."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.merging.choosing import (
    Contender,
    chosen_values,
    default_choices,
    in_order_of_merit,
    mergeable_fields,
)
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.queries import merged_into
from kakehashi.crm.merging.undoing import MergeIsUndone, SurvivorIsGone, unmerge
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record, RecordKey, RecordLookup
from kakehashi.crm.records.slots import RECORD_BELONGINGS, RecordBelongings
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db


def merge(survivor: Record, *losers: Record, **values: Any) -> Merge:
    schema = schema_of(survivor.org)
    versions = {record.pk: Record.objects.get(pk=record.pk).version for record in (survivor, *losers)}
    module = schema.by_id[survivor.module_id]
    return merge_records(schema, module, survivor_id=survivor.pk, versions=versions, values=values, actor=SYSTEM)


def fresh(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def test_the_others_go_out_of_sight_and_the_survivor_gets_the_chosen_values(org: Org) -> None:
    kept = make_record(org, Last_Name="相沢", Email="a@tsukimizaka.example")
    gone = make_record(org, Last_Name="相澤", Email="b@tsukimizaka.example", Phone="0258-00-1147")
    merge(kept, gone, Email="b@tsukimizaka.example", Phone="0258-00-1147")
    assert fresh(kept).values == {"Last_Name": "相沢", "Email": "b@tsukimizaka.example", "Phone": "0258-00-1147"}
    assert fresh(gone).deleted_at
    assert fresh(gone).gone_as == "merged"
    assert set(RecordKey.objects.filter(value="b@tsukimizaka.example").values_list("record_id", flat=True)) == {kept.pk}


def test_what_names_a_merged_record_names_the_survivor_also_from_the_recycle_bin(org: Org) -> None:
    kept, gone = make_record(org, "Accounts"), make_record(org, "Accounts")
    child = make_record(org, "Accounts", Parent_Account=gone.pk)
    contact = make_record(org, Account_Name=gone.pk)
    binned = delete_record(make_record(org, Account_Name=gone.pk), actor=SYSTEM)
    merge(kept, gone)
    assert fresh(child).values["Parent_Account"] == kept.pk
    assert fresh(contact).values["Account_Name"] == kept.pk
    assert restore_record(fresh(binned), actor=SYSTEM).values["Account_Name"] == kept.pk
    assert not RecordLookup.objects.filter(target=gone).exists()


def test_a_survivor_never_names_itself(org: Org) -> None:
    boss = make_record(org)
    kept = make_record(org, Reporting_To=boss.pk)
    done = merge(kept, boss)
    assert "Reporting_To" not in fresh(kept).values
    unmerge(schema_of(org), done, actor=SYSTEM)
    assert fresh(kept).values["Reporting_To"] == boss.pk


def test_a_merge_makes_no_circle_and_the_old_line_comes_back(org: Org) -> None:
    gone = make_record(org)
    between = make_record(org, Reporting_To=gone.pk)
    kept = make_record(org, Reporting_To=between.pk)
    done = merge(kept, gone)
    assert fresh(between).values["Reporting_To"] == kept.pk
    assert "Reporting_To" not in fresh(kept).values
    parted = unmerge(schema_of(org), done, actor=SYSTEM)
    assert parted.kept == []
    assert fresh(kept).values["Reporting_To"] == between.pk
    assert fresh(between).values["Reporting_To"] == gone.pk


def test_any_number_of_records_become_one_and_come_apart_again(org: Org) -> None:
    records = [make_record(org, Last_Name=f"相沢{number}", Email=f"{number}@a.example") for number in range(7)]
    done = merge(*records)
    assert Record.objects.filter(org=org, deleted_at=None).count() == 1
    unmerge(schema_of(org), done, actor=SYSTEM)
    assert Record.objects.filter(org=org, deleted_at=None).count() == 7


def test_what_went_into_a_record_counts_what_went_into_that_one_until_it_is_taken_back(
    org: Org, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second, third, other = (make_record(org) for _each in range(4))
    merge(second, first)
    later = merge(third, second)
    with django_assert_num_queries(1):
        assert set(merged_into([third.pk, other.pk])) == {first.pk, second.pk}
    unmerge(schema_of(org), later, actor=SYSTEM)
    assert merged_into([third.pk]) == []
    with django_assert_num_queries(0):
        assert merged_into([]) == []


def test_an_edit_since_the_form_was_opened_stops_the_merge(org: Org) -> None:
    kept, gone = make_record(org), make_record(org)
    update_record(gone, values={"Phone": "03-0000-0001"}, actor=SYSTEM)
    schema = schema_of(org)
    with pytest.raises(StaleVersion):
        merge_records(
            schema,
            schema["Contacts"],
            survivor_id=kept.pk,
            versions={kept.pk: 1, gone.pk: 1},
            values={},
            actor=SYSTEM,
        )
    assert fresh(gone).deleted_at is None


def test_both_sides_are_told(org: Org) -> None:
    kept, gone = make_record(org), make_record(org, Last_Name="別")
    done = merge(kept, gone)
    told = {event.subject_id: event.data for event in Event.objects.filter(topic="crm.record.merged")}
    assert told[kept.pk] == {"module": "Contacts", "merge": done.pk, "losers": [[gone.pk, "別"]]}
    assert told[gone.pk] == {"module": "Contacts", "merge": done.pk, "survivor": kept.pk}


def test_what_was_changed_since_the_merge_stays_and_is_said(org: Org) -> None:
    kept = make_record(org, Phone="1", Mobile="2")
    gone = make_record(org, Phone="3", Mobile="4")
    contact = make_record(org, Reporting_To=gone.pk)
    done = merge(kept, gone, Phone="3", Mobile="4")
    update_record(fresh(kept), values={"Mobile": "5"}, actor=SYSTEM)
    update_record(fresh(contact), values={"Reporting_To": None}, actor=SYSTEM)
    parted = unmerge(schema_of(org), done, actor=SYSTEM)
    assert parted.kept == ["Mobile"]
    assert parted.stuck == 1
    assert fresh(kept).values["Phone"] == "1"
    assert fresh(kept).values["Mobile"] == "5"
    assert fresh(gone).values["Mobile"] == "4"
    assert "Reporting_To" not in fresh(contact).values


def test_a_unique_value_that_somebody_took_since_stops_the_way_back_and_names_them(org: Org) -> None:
    kept, gone = make_record(org), make_record(org, Email="a@a.example")
    done = merge(kept, gone)
    make_record(org, Last_Name="横取", Email="a@a.example")
    with pytest.raises(InvalidValues, match="横取"):
        unmerge(schema_of(org), done, actor=SYSTEM)
    assert fresh(gone).gone_as == "merged"


def test_a_merge_is_taken_back_once_and_the_later_one_first(org: Org) -> None:
    first, second, third = make_record(org), make_record(org), make_record(org)
    inner = merge(second, first)
    outer = merge(third, second)
    with pytest.raises(SurvivorIsGone):
        unmerge(schema_of(org), inner, actor=SYSTEM)
    unmerge(schema_of(org), outer, actor=SYSTEM)
    unmerge(schema_of(org), inner, actor=SYSTEM)
    assert not fresh(first).deleted_at
    with pytest.raises(MergeIsUndone):
        unmerge(schema_of(org), inner, actor=SYSTEM)


def test_belongings_go_with_the_record_and_come_back(org: Org) -> None:
    kept, gone = make_record(org), make_record(org)
    notes = {gone.pk: ["call back"], kept.pk: ["likes tea"]}

    def move(from_id: int, to_id: int) -> list[str]:
        moved = notes.pop(from_id, [])
        notes[to_id] = notes.get(to_id, []) + moved
        return moved

    def give_back(moved: list[str], from_id: int, to_id: int) -> None:
        notes[to_id] = [note for note in notes[to_id] if note not in moved]
        notes[from_id] = moved

    kind = RecordBelongings("notes of a test", "Notes", move, give_back, lambda ids: 0, lambda ids: None)
    others = list(RECORD_BELONGINGS)
    RECORD_BELONGINGS.add(kind)
    try:
        done = merge(kept, gone)
        assert notes == {kept.pk: ["likes tea", "call back"]}
        unmerge(schema_of(org), done, actor=SYSTEM)
    finally:
        RECORD_BELONGINGS.clear()
        for one in others:
            RECORD_BELONGINGS.add(one)
    assert notes == {kept.pk: ["likes tea"], gone.pk: ["call back"]}


def test_the_fuller_record_survives_and_of_equals_the_older_one(org: Org) -> None:
    older, newer, fuller = make_record(org), make_record(org), make_record(org, Phone="1")
    contenders = [Contender(one.pk, one.values, one.created_at) for one in (newer, older, fuller)]
    assert [one.id for one in in_order_of_merit(contenders)] == [fuller.pk, older.pk, newer.pk]


def test_an_empty_value_never_beats_a_filled_one_and_no_address_is_lost(org: Org) -> None:
    kept = make_record(org, Email="a@a.example")
    other = make_record(org, Email="b@a.example", Phone="03-0000-0001", Email_Opt_Out=True)
    contenders = [Contender(one.pk, one.values, one.created_at) for one in (kept, other)]
    fields = mergeable_fields(schema_of(org)["Contacts"])
    values = chosen_values(fields, default_choices(fields, contenders[0], contenders[1:]), contenders)
    assert values["Email"] == "a@a.example"
    assert values["Secondary_Email"] == "b@a.example"
    assert values["Phone"] == "03-0000-0001"
    assert values["Email_Opt_Out"] is True


Names = st.sampled_from(["相沢", "高瀬", "戸田"])
Addresses = st.sampled_from([None, "a@a.example", "b@a.example", "c@a.example", "d@a.example"])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_taking_a_merge_back_restores_the_world(org: Org, data: st.DataObject) -> None:
    """unmerge(merge(x)) = x: values, names, owners, keys and lookups, of the merged and of all around them."""
    Record.objects.filter(org=org).delete()
    people = _draw_world(org, data)
    chosen = data.draw(st.lists(st.sampled_from(people), min_size=2, max_size=4, unique=True))
    fields = mergeable_fields(schema_of(org)["Contacts"])
    contenders = [Contender(pk, fresh_values(pk), Record.objects.get(pk=pk).created_at) for pk in chosen]
    choices = {field.api_name: data.draw(st.sampled_from([str(pk) for pk in chosen])) for field in fields}
    choices["Last_Name"] = str(chosen[0])
    before = _picture(org)
    records = [Record.objects.get(pk=pk) for pk in chosen]
    done = merge(*records, **chosen_values(fields, choices, contenders))
    assert _picture(org) != before
    parted = unmerge(schema_of(org), done, actor=SYSTEM)
    assert (parted.kept, parted.stuck) == ([], 0)
    assert _picture(org) == before


def fresh_values(pk: int) -> dict[str, Any]:
    record = Record.objects.get(pk=pk)
    return {**record.values, "Owner": record.owner_id}


def _draw_world(org: Org, data: st.DataObject) -> list[int]:
    addresses = data.draw(st.lists(Addresses, min_size=4, max_size=4))
    used: set[str | None] = set()
    people: list[int] = []
    for address in addresses:
        account = make_record(org, "Accounts").pk if data.draw(st.booleans()) else None
        boss = data.draw(st.sampled_from([None, *people]))
        free = address if address not in used else None
        used.add(free)
        record = make_record(org, Last_Name=data.draw(Names), Email=free, Account_Name=account, Reporting_To=boss)
        people.append(record.pk)
    for pk in people:
        deal = make_record(org, "Deals", Contact_Name=data.draw(st.sampled_from([None, pk])))
        if data.draw(st.booleans()):
            delete_record(deal, actor=SYSTEM)
    return people


def _picture(org: Org) -> list[Any]:
    records = Record.objects.filter(org=org).order_by("pk")
    rows = records.values_list("pk", "name", "values", "owner_id", "gone_as", "deleted_at")
    keys = RecordKey.objects.filter(org=org).values_list("record_id", "field", "kind", "value", "is_unique")
    lookups = RecordLookup.objects.filter(org=org).values_list("record_id", "field", "target_id")
    return [list(rows), sorted(keys), sorted(lookups)]
