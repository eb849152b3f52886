from importlib import import_module

import pytest
from django.db import connection

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues, NotFound, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import (
    create_record,
    delete_record,
    restore_record,
    update_record,
    write_records,
)
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record, RecordKey, RecordLookup
from kakehashi.crm.records.queries import found_by
from tests.makers.crm import make_org, make_person, make_record

pytestmark = pytest.mark.django_db


def events_of(record: Record) -> list[Event]:
    return list(Event.objects.filter(kind="crm.record", subject_id=record.pk).order_by("id"))


def test_a_new_contact_is_named_family_name_first_in_a_japanese_org(org: Org) -> None:
    record = make_record(org, Last_Name="相沢", First_Name="美咲")
    assert record.name == "相沢 美咲"


def test_a_new_contact_is_named_first_name_first_in_an_english_org() -> None:
    record = make_record(make_org(language="en"), Last_Name="Doe", First_Name="Jane")
    assert record.name == "Jane Doe"


def test_creating_stores_canonical_values_keys_lookups_and_one_event(org: Org) -> None:
    account = make_record(org, "Accounts", Account_Name="月見坂食品")
    record = make_record(org, Email="  Misaki@Example.COM ", Phone="０２５８−００−１１４７", Account_Name=account.pk)
    record.refresh_from_db()
    assert record.values["Email"] == "Misaki@Example.COM"
    assert record.values["Account_Name"] == account.pk
    keys = set(RecordKey.objects.filter(record=record).values_list("kind", "value", "is_unique"))
    assert {("email", "misaki@example.com", True), ("phone", "+81258001147", False)} <= keys
    assert RecordLookup.objects.get(record=record).target == account
    assert [event.topic for event in events_of(record)] == ["crm.record.created"]


def test_the_actor_owns_what_they_create_unless_they_say_otherwise(org: Org) -> None:
    person = make_person()
    assert make_record(org, actor=person.as_actor()).owner == person


def test_an_update_writes_only_what_changed_and_says_so(org: Org) -> None:
    record = make_record(org, Phone="0258-00-1147", Title="課長")
    updated = update_record(record, values={"Phone": "0258-00-1148", "Title": "課長"}, actor=SYSTEM)
    assert updated.version == 2
    assert events_of(record)[-1].data == {
        "module": "Contacts",
        "changes": {"Phone": ["0258-00-1147", "0258-00-1148"]},
    }
    stored = Record.objects.get(pk=record.pk)
    assert (stored.version, stored.values["Phone"], stored.values["Title"]) == (2, "0258-00-1148", "課長")


def test_an_update_that_changes_nothing_writes_nothing(org: Org) -> None:
    record = make_record(org, Title="課長")
    unchanged = update_record(record, values={"Title": " 課長 "}, actor=SYSTEM)
    assert unchanged.version == 1
    assert len(events_of(record)) == 1


def test_an_update_based_on_an_older_version_is_refused(org: Org) -> None:
    record = make_record(org)
    update_record(record, values={"Title": "課長"}, actor=SYSTEM)
    with pytest.raises(StaleVersion):
        update_record(record, values={"Title": "部長"}, actor=SYSTEM, version=1)


def test_what_cannot_be_stored_is_told_field_by_field(org: Org) -> None:
    with pytest.raises(InvalidValues) as refused:
        create_record(
            find_module(org, "Contacts"),
            values={"Email": "no address", "Date_of_Birth": "2026-02-30", "Nonsense": 1},
            actor=SYSTEM,
        )
    assert set(refused.value.by_field) == {"Last_Name", "Email", "Date_of_Birth", "Nonsense"}


def test_a_unique_value_of_somebody_else_is_refused_with_their_name(org: Org) -> None:
    make_record(org, Last_Name="相沢", First_Name="美咲", Email="misaki@example.com")
    with pytest.raises(InvalidValues) as refused:
        make_record(org, Last_Name="別人", Email="MISAKI@example.com")
    assert "相沢 美咲" in str(refused.value.by_field["Email"])


def test_two_orgs_may_know_the_same_person(org: Org) -> None:
    make_record(org, Email="misaki@example.com")
    assert make_record(make_org(), Email="misaki@example.com").pk


def test_a_lookup_into_another_org_is_refused(org: Org) -> None:
    foreign = make_record(make_org(), "Accounts")
    with pytest.raises(InvalidValues) as refused:
        make_record(org, Account_Name=foreign.pk)
    assert set(refused.value.by_field) == {"Account_Name"}


def test_emptying_a_required_field_is_refused_but_leaving_it_out_is_not(org: Org) -> None:
    record = make_record(org)
    assert update_record(record, values={"Title": "課長"}, actor=SYSTEM).version == 2
    with pytest.raises(InvalidValues):
        update_record(record, values={"Last_Name": " "}, actor=SYSTEM)


def test_a_deleted_record_gives_its_unique_values_free_and_comes_back_if_they_still_are(org: Org) -> None:
    record = make_record(org, Email="misaki@example.com")
    delete_record(record, actor=SYSTEM)
    other = make_record(org, Email="misaki@example.com")
    with pytest.raises(InvalidValues):
        restore_record(record, actor=SYSTEM)
    update_record(other, values={"Email": None}, actor=SYSTEM)
    assert restore_record(record, actor=SYSTEM).deleted_at is None
    assert [event.topic for event in events_of(record)][-2:] == ["crm.record.deleted", "crm.record.restored"]


def test_a_deleted_record_cannot_be_changed(org: Org) -> None:
    record = make_record(org)
    delete_record(record, actor=SYSTEM)
    with pytest.raises(NotFound):
        update_record(record, values={"Title": "課長"}, actor=SYSTEM)


def test_many_drafts_are_judged_each_by_itself(org: Org) -> None:
    there = make_record(org, Email="there@example.com")
    drafts = [
        RecordDraft({"Last_Name": "一", "Email": "one@example.com"}),
        RecordDraft({"Last_Name": "二", "Email": "ONE@example.com"}),
        RecordDraft({"Email": "three@example.com"}),
        RecordDraft({"Title": "部長"}, record_id=there.pk),
        RecordDraft({"Last_Name": "相沢"}, record_id=there.pk, version=7),
        RecordDraft({"Last_Name": "無"}, record_id=there.pk + 10_000),
    ]
    results = write_records(find_module(org, "Contacts"), drafts=drafts, actor=SYSTEM)
    assert [result.state for result in results] == ["created", "refused", "refused", "updated", "stale", "missing"]
    assert results[1].reasons["Email"].details["record_id"] == results[0].record.pk


def test_a_record_is_found_by_two_letters_by_kana_and_by_part_of_its_phone_number(org: Org) -> None:
    record = make_record(
        org, Last_Name="相沢", Last_Name_Kana="アイザワ", Phone="0258-00-1147", Email="misaki@example.com"
    )
    for text in ["相沢", "あいざわ", "001147", "misaki", "0258-00"]:
        assert list(found_by(Record.objects.all(), record.module, text)) == [record], text


def test_the_words_of_another_org_are_not_in_the_way(org: Org) -> None:
    record = make_record(org, Last_Name="相沢")
    elsewhere = make_record(make_org(), Last_Name="相沢")
    assert list(found_by(Record.objects.all(), record.module, "相沢")) == [record]
    assert list(found_by(Record.objects.all(), elsewhere.module, "相沢")) == [elsewhere]
    with pytest.raises(TypeError):
        Record.objects.filter(search__has="相沢")


def test_records_from_before_modules_were_in_tokens_are_found_after_the_migration(org: Org) -> None:
    migration = import_module("kakehashi.crm.migrations.0003_search_tokens_carry_their_module")
    record = make_record(org, Last_Name="相沢", Phone="0258-00-1147")
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD)
        assert not found_by(Record.objects.all(), record.module, "相沢").exists()
        cursor.execute(migration.FORWARD)
    for text in ["相沢", "001147"]:
        assert found_by(Record.objects.all(), record.module, text).exists(), text


def test_an_origin_can_make_only_one_record(org: Org) -> None:
    module = find_module(org, "Contacts")
    create_record(module, values={"Last_Name": "相沢"}, actor=SYSTEM, origin_key="desk:1")
    with pytest.raises(InvalidValues):
        create_record(module, values={"Last_Name": "相沢"}, actor=SYSTEM, origin_key="desk:1")


def test_a_name_in_latin_letters_begins_with_the_first_name_even_in_a_japanese_org() -> None:
    org = make_org(language="ja")
    assert make_record(org, "Contacts", Last_Name="Aldridge", First_Name="Zoe").name == "Zoe Aldridge"
    assert make_record(org, "Contacts", Last_Name="相沢", First_Name="美咲").name == "相沢 美咲"
