import asyncio
import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unicodedata import normalize

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from kakehashi.core.events.models import Event
from kakehashi.crm.imports import jobs, matching, running, undoing
from kakehashi.crm.imports.actions import (
    check_import,
    choices_of,
    resume_import,
    start_import,
    stop_import,
    undo_changed_too,
    undo_import_of,
    upload_file,
)
from kakehashi.crm.imports.jobs import run_import, undo_import
from kakehashi.crm.imports.models import Import, ImportRow, ImportState
from kakehashi.crm.imports.running import counts_of
from kakehashi.crm.imports.undoing import undo_counts
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record, RecordKey
from tests.makers.crm import make_administrator, make_member, make_org, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def upload(access: CrmAccess, text: str, module: str = "Contacts", encoding: str = "cp932") -> Import:
    file = ContentFile(text.encode(encoding), name="名簿.csv")
    return upload_file(access.org, module=access.schema[module], file=file, actor=access.actor)


def check(access: CrmAccess, source: Import, **chosen: Any) -> Import:
    """The dry run, to its end. `chosen`: policy, match_fields, fills_only, or `columns` = {header: {…}}."""
    columns = [
        replace(column, **chosen.get("columns", {}).get(column.header, {})) for column in choices_of(source).columns
    ]
    rest = {name: value for name, value in chosen.items() if name != "columns"}
    choices = replace(choices_of(source), columns=columns, **rest)
    check_import(source, module=access.schema.by_id[source.module_id], choices=choices, actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    return source


def run(access: CrmAccess, text: str, module: str = "Contacts", **chosen: Any) -> Import:
    """From the text to the last row; on the way the dry run has to say what then happens."""
    source = start_import(check(access, upload(access, text, module), **chosen), actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert source.expected == {**counts_of(source), "named": source.named_count}
    return source


def results(source: Import) -> list[tuple[int, str, str]]:
    rows = ImportRow.objects.filter(source=source).order_by("number")
    return [(row.number, row.state, row.reasons[0][1] if row.reasons else "") for row in rows]


def counts(source: Import) -> tuple[int, int, int, int]:
    assert not source.ambiguous_count
    return source.created_count, source.updated_count, source.skipped_count, source.failed_count


def test_every_row_gets_an_account_of_what_became_of_it(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    source = run(
        access,
        "会社名,姓,名,メールアドレス,電話番号,役職\r\n"
        "月見坂食品,相沢,美咲,misaki@example.com,0258-00-1147,課長\r\n"  # row 2: new, with a new account
        ",戸田,,TODA@example.com,,課長\r\n"  # row 3: known
        ",森本,葵,not an address,,\r\n"  # row 4
        ",相沢,みさき,misaki@example.com,,部長\r\n"  # row 5: same as row 2
        ",,葵,aoi@example.com,,\r\n"  # row 6: no last name
        ",栗原,紬,,0258,too,many\r\n"  # row 7
        ",,,,,\r\n"  # row 8
        '月見坂食品,"栗原",紬,kurihara@example.com,,"一行目\n二行目"\r\n',  # row 9
    )
    assert results(source) == [
        (2, "created", ""),
        (3, "updated", ""),
        (4, "failed", "“%(value)s” is not an e-mail address."),
        (5, "skipped", matching.SAME_AS_ROW),
        (6, "failed", "Please fill this in."),
        (7, "failed", "This row has %(cells)s cells, the heading has %(columns)s."),
        (8, "skipped", "This row is empty."),
        (9, "created", ""),
    ]
    assert counts(source) == (2, 1, 2, 3)
    assert source.state == ImportState.FINISHED
    there.refresh_from_db()
    assert there.values["Title"] == "課長"
    account = Record.objects.get(name="月見坂食品")
    assert Record.objects.filter(values__Account_Name=account.pk).count() == 2
    assert {event.origin for event in Event.objects.filter(kind="crm.record", subject_id=there.pk)} == {
        "system",
        f"import:{source.pk}",
    }


def test_a_second_run_of_the_same_file_changes_nothing(access: CrmAccess) -> None:
    text = "取引先名,電話番号\r\n月見坂食品,0258-00-1147\r\n北星物流,03-1234-5678\r\n"
    assert counts(run(access, text, "Accounts")) == (2, 0, 0, 0)
    assert counts(run(access, text, "Accounts")) == (0, 0, 2, 0)
    assert Record.objects.filter(name="月見坂食品").count() == 1


def test_known_records_are_left_alone_when_so_chosen(access: CrmAccess) -> None:
    make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    source = run(access, "姓,メール,役職\r\n戸田,toda@example.com,部長\r\n新,new@example.com,部長\r\n", policy="skip")
    assert counts(source) == (1, 0, 1, 0)
    assert Record.objects.get(name="戸田").values["Title"] == "主任"


def test_a_duplicate_names_the_row_of_the_file_that_came_first(access: CrmAccess) -> None:
    source = run(access, "姓,メール\r\n一,same@example.com\r\n二,same@example.com\r\n", policy="create")
    assert results(source) == [(2, "created", ""), (3, "failed", matching.SAME_AS_ROW)]
    assert ImportRow.objects.get(source=source, number=3).reasons[0][2] == {"row": 2}


def test_a_row_that_repeats_a_failed_one_gets_its_own_chance(access: CrmAccess) -> None:
    source = run(access, "姓,メール\r\n,same@example.com\r\n二,same@example.com\r\n")
    assert [(number, state) for number, state, _ in results(source)] == [(2, "failed"), (3, "created")]


def test_a_whole_name_is_split_by_its_space(access: CrmAccess) -> None:
    run(access, "氏名\r\n相沢　美咲\r\n高瀬\r\nJane Doe\r\n", policy="create")
    names = {(r.values["Last_Name"], r.values.get("First_Name")) for r in Record.objects.all()}
    assert names == {("相沢", "美咲"), ("高瀬", None), ("Doe", "Jane")}


def test_owners_are_found_by_name_or_mail(access: CrmAccess) -> None:
    colleague = make_member(access.org, family_name="戸田", given_name="陸").person
    source = run(access, "姓,担当者\r\n一,戸田 陸\r\n二,戸田陸\r\n三,誰か\r\n", policy="create")
    assert set(Record.objects.values_list("name", "owner_id")) == {("一", colleague.pk), ("二", colleague.pk)}
    assert results(source)[2][1] == "failed"


def test_a_run_that_is_killed_goes_on_where_it_was(access: CrmAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    rows = "".join(f"名{number},p{number}@example.com\r\n" for number in range(95))
    source = start_import(check(access, upload(access, f"姓,メール\r\n{rows}")), actor=access.actor)
    working = running._work_batch

    class Killed(BaseException):
        pass

    def die_in_the_fourth(source: Import, batch: list[running.Row]) -> None:
        working(source, batch)  # all written, but its transaction never ends
        if source.rows_done == 40:
            raise Killed

    monkeypatch.setattr(running, "_work_batch", die_in_the_fourth)
    with pytest.raises(Killed):
        run_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.rows_done, source.created_count, Record.objects.count()) == (30, 30, 30)
    monkeypatch.setattr(running, "_work_batch", working)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert counts(source) == (95, 0, 0, 0)
    assert ImportRow.objects.filter(source=source).count() == Record.objects.count() == 95
    assert RecordKey.objects.filter(kind="email").count() == 95


def test_a_finished_import_does_not_run_again(access: CrmAccess) -> None:
    source = run(access, "姓\r\n一\r\n", policy="create")
    run_import(import_id=source.pk)
    assert Record.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_picks_the_import_up(access: CrmAccess, drain: Callable[[], int]) -> None:
    source = start_import(check(access, upload(access, "姓,メール\r\n一,a@example.com\r\n")), actor=access.actor)

    async def work() -> None:
        app = jobs.jobs.with_connector(jobs.jobs.connector.get_worker_connector())
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(work())
    with connection.cursor() as cursor:  # what the worker's threads left open would keep the test database from going
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    source.refresh_from_db()
    assert (source.state, source.created_count) == (ImportState.FINISHED, 1)


def test_ten_thousand_rows_in_shift_jis_with_a_broken_row_and_a_duplicate(access: CrmAccess) -> None:
    lines = [
        f"月見坂食品{number % 200},部署{number % 9},課長,姓{number},名{number},person{number}@example.com,0258-00-{number:04},940-{number:04},新潟県長岡市{number}"
        for number in range(10_000)
    ]
    lines[4_000] = '"閉じない引用符,部署,課長,姓,名,broken@example.com,,,'
    lines[7_000] = lines[12]
    source = run(
        access, "会社名,部署,役職,姓,名,メールアドレス,電話番号,郵便番号,住所\r\n" + "\r\n".join(lines) + "\r\n"
    )
    assert counts(source) == (9_998, 0, 1, 1)
    assert results(source)[4_000][1] == "failed"
    assert ImportRow.objects.get(source=source, number=7_002).reasons[0][2] == {"row": 14}
    assert Record.objects.filter(module__api_name="Accounts").count() == 200


def test_the_pages_lead_from_the_file_to_the_result(access: CrmAccess, client: Client) -> None:
    client.force_login(access.person)
    base = f"/crm/{access.org.pk}"
    content = "姓,名,メールアドレス\r\n相沢,美咲,misaki@example.com\r\n森本,葵,=cmd|x\r\n".encode("cp932")
    uploaded = client.post(f"{base}/Contacts/import", {"file": ContentFile(content, name="名簿.csv")})
    mapping = client.get(uploaded["Location"])
    assert mapping.context["encoding"] == "Shift_JIS"
    assert [column["column"].field for column in mapping.context["columns"]] == ["Last_Name", "First_Name", "Email"]
    assert "misaki@example.com" in mapping.content.decode()
    chosen = {"match-0": "Email", "policy": "update"}
    refused = client.post(uploaded["Location"], {**chosen, "column-0": ""})
    assert refused.status_code == 422
    assert "missing-Last_Name-error" in refused.content.decode()
    source = Import.objects.get()
    checking = client.post(uploaded["Location"], {**chosen, "fill-Last_Name": "0"})
    assert 'role="progressbar"' in client.get(checking["Location"]).content.decode()
    run_import(import_id=source.pk)
    assert not Record.objects.exists()
    assert f"/imports/{source.pk}/start" in client.get(checking["Location"]).content.decode()
    client.post(f"{base}/imports/{source.pk}/start")
    run_import(import_id=source.pk)
    page = client.get(f"{base}/imports/{source.pk}/").content.decode()
    assert "相沢 美咲" in page
    assert "=cmd|x" in page
    failed = csv_of(client, f"{base}/imports/{source.pk}/failed.csv")
    assert failed[1][:4] == ["森本", "葵", "'=cmd|x", "3"]
    result = csv_of(client, f"{base}/imports/{source.pk}/result.csv")
    record = Record.objects.get()
    assert result[1][3:] == ["2", "作成", "", str(record.pk), f"http://testserver{base}/Contacts/{record.pk}/"]
    assert result[2][4] == "失敗"


def csv_of(client: Client, address: str) -> list[list[str]]:
    text = b"".join(client.get(address).streaming_content).decode()  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def test_a_file_that_is_no_table_is_refused_with_a_reason(access: CrmAccess, client: Client) -> None:
    client.force_login(access.person)
    for content in [b"", "姓,名\r\n".encode("cp932")]:
        answer = client.post(f"/crm/{access.org.pk}/Contacts/import", {"file": ContentFile(content, name="x.csv")})
        assert answer.status_code == 422
    assert client.post(f"/crm/{access.org.pk}/Contacts/import").status_code == 422


def test_a_dry_run_leaves_no_trace(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    before = (Event.objects.count(), Record.objects.count(), RecordKey.objects.count())
    text = "会社名,姓,メール,役職\r\n月見坂食品,戸田,toda@example.com,課長\r\n月見坂食品,新,new@example.com,\r\n"
    source = check(access, upload(access, text))
    assert (source.state, source.expected) == (
        ImportState.CHECKED,
        {"created": 1, "updated": 1, "skipped": 0, "ambiguous": 0, "failed": 0, "named": 1},
    )
    assert ImportRow.objects.get(source=source, number=2).changes == {
        "Title": ["主任", "課長"],
        "Account_Name": [None, "月見坂食品"],
    }
    assert (Event.objects.count(), Record.objects.count(), RecordKey.objects.count()) == before
    there.refresh_from_db()
    assert there.version == 1


def test_a_row_that_fits_several_records_is_listed_and_not_guessed(access: CrmAccess) -> None:
    ids = [make_record(access.org, Last_Name="相沢", Phone="0258-00-1147").pk for _ in range(2)]
    source = run(access, "姓,電話\r\n相沢,0258001147\r\n森本,03-1234-5678\r\n", match_fields=["Phone"])
    assert (source.ambiguous_count, source.created_count) == (1, 1)
    assert ImportRow.objects.get(source=source, number=2).reasons[0][2]["records"] == ids


def test_records_are_recognised_by_several_keys_in_order(access: CrmAccess) -> None:
    by_mail = make_record(access.org, Last_Name="一", Email="a@example.com")
    by_second = make_record(access.org, Last_Name="二", Secondary_Email="b@example.com")
    by_name = make_record(access.org, Last_Name="三", First_Name="郎")
    text = "姓,名,メール,役職\r\n一,,a@example.com,甲\r\n弐,,b@example.com,乙\r\n三,郎,,丙\r\n四,,,丁\r\n"
    source = run(access, text, match_fields=["Any_Email", "Name"])
    assert counts(source) == (1, 3, 0, 0)
    for record, title in ((by_mail, "甲"), (by_second, "乙"), (by_name, "丙")):
        record.refresh_from_db()
        assert record.values["Title"] == title


def test_only_empty_fields_are_filled_when_so_chosen(access: CrmAccess) -> None:
    record = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    run(access, "姓,メール,役職,部署\r\n別,toda@example.com,部長,営業部\r\n", fills_only=True)
    record.refresh_from_db()
    assert (record.values["Last_Name"], record.values["Title"]) == ("戸田", "主任")
    assert record.values["Department"] == "営業部"


@pytest.mark.parametrize(("missing", "state"), [("refuse", "failed"), ("empty", "created"), ("add", "created")])
def test_values_that_a_pick_list_does_not_know(access: CrmAccess, missing: str, state: str) -> None:
    source = run(
        access, "姓,データ元\r\n一,名刺交換会\r\n", columns={"データ元": {"missing": missing}}, policy="create"
    )
    assert results(source)[0][1] == state
    if state == "created":
        assert Record.objects.get().values.get("Lead_Source") == ("名刺交換会" if missing == "add" else None)
    offered = [
        choice.value
        for choice in schema_of(Org.objects.get(pk=access.org.pk))["Contacts"].fields["Lead_Source"].choices
    ]
    assert ("名刺交換会" in offered) is (missing == "add")


def test_deals_find_or_make_their_account_and_contact(access: CrmAccess) -> None:
    contact = make_record(access.org, Last_Name="相沢", First_Name="美咲", Email="misaki@example.com")
    text = (
        "商談名,取引先名,連絡先名,ステージ,金額,完了予定日\r\n"
        "ロガー増設,月見坂食品,misaki@example.com,Qualification,120万円,令和8年11月25日\r\n"
        '点検,月見坂食品,森本　葵 様,Qualification,"￥1,200",2026/12/01\r\n'
        "不備,別会社,戸田 陸,Qualification,高い,\r\n"
    )
    source = run(access, text, "Deals", policy="create", columns={"連絡先名": {"drops_honorific": True}})
    assert counts(source) == (2, 0, 0, 1)
    assert source.named_count == 2  # a row that fails makes nothing for itself
    first, second = Record.objects.filter(module__api_name="Deals").order_by("pk")
    assert (first.values["Contact_Name"], first.values["Amount"]) == (contact.pk, "1200000")
    assert first.values["Closing_Date"] == "2026-11-25"
    assert Record.objects.get(pk=second.values["Contact_Name"]).values == {"Last_Name": "森本", "First_Name": "葵"}
    assert first.values["Account_Name"] == second.values["Account_Name"]


def test_taking_back_bins_what_was_made_and_restores_what_was_changed(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    touched = make_record(access.org, Last_Name="森本", Email="mori@example.com", Title="係長")
    source = run(
        access,
        "会社名,姓,メール,役職\r\n月見坂食品,戸田,toda@example.com,課長\r\n,森本,mori@example.com,課長\r\n"
        "月見坂食品,新,new@example.com,\r\n,後,later@example.com,\r\n",
    )
    later = Record.objects.get(name="後")
    update_record(later, values={"Title": "部長"}, actor=access.actor)
    touched.refresh_from_db()
    update_record(touched, values={"Title": "社長"}, actor=access.actor)
    undo(access, source)
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
    source = run(access, f"姓,メール\r\n{rows}")
    undo_import_of(source, actor=access.actor)
    for done, _rows in enumerate(undoing.undo_batches(source.pk), start=1):
        if done == 2:
            break
    assert Record.objects.filter(deleted_at=None).count() == 15
    undo_import(import_id=source.pk)
    assert not Record.objects.filter(deleted_at=None).exists()
    assert Event.objects.filter(topic="crm.record.deleted").count() == 35


def test_an_import_is_stopped_and_goes_on(access: CrmAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    rows = "".join(f"名{number},p{number}@example.com\r\n" for number in range(35))
    source = start_import(check(access, upload(access, f"姓,メール\r\n{rows}")), actor=access.actor)
    batches = running.run_batches(source.pk)
    next(batches)
    stop_import(source, actor=access.actor)
    assert list(batches) == []
    source.refresh_from_db()
    assert (source.state, Record.objects.count()) == (ImportState.STOPPED, 10)
    resume_import(source, actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.state, source.created_count, Record.objects.count()) == (ImportState.FINISHED, 35, 35)


def test_a_seller_imports_only_what_their_profile_allows(access: CrmAccess) -> None:
    theirs = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    seller = make_member(access.org, permissions=["import_records", "edit_records"])
    source = run(seller, "姓,メール,役職\r\n戸田,toda@example.com,部長\r\n新,new@example.com,\r\n")
    assert source.created_count == source.updated_count == 0
    assert source.failed_count == 2
    theirs.refresh_from_db()
    assert theirs.values["Title"] == "主任"


def test_an_import_of_a_colleague_is_not_there_but_for_administrators(access: CrmAccess, client: Client) -> None:
    seller = make_member(access.org, permissions=["import_records", "create_records"])
    mine = upload(access, "姓\r\n一\r\n")
    hers = upload(seller, "姓\r\n二\r\n")
    client.force_login(seller.person)
    assert client.get(f"/crm/{access.org.pk}/imports/{mine.pk}/mapping").status_code == 404
    client.force_login(access.person)
    assert client.get(f"/crm/{access.org.pk}/imports/{hers.pk}/mapping").status_code == 200


def test_the_same_columns_are_read_as_the_last_time(access: CrmAccess) -> None:
    text = "謎,姓,メール\r\n課長,一,a@example.com\r\n"
    run(access, text, columns={"謎": {"field": "Title"}}, match_fields=["Name"], fills_only=True)
    again = upload(access, text.replace("姓,メール", "姓,メール,行,理由").replace(".com", ".com,2,不備"))
    chosen = choices_of(again)
    assert [column.field for column in chosen.columns] == ["Title", "Last_Name", "Email", "", ""]
    assert (chosen.match_fields, chosen.fills_only) == (["Name"], True)


def test_a_pasted_table_is_read_like_a_file(access: CrmAccess, client: Client) -> None:
    client.force_login(access.person)
    pasted = "姓\tメール\r\n相沢\ta@example.com\r\n"
    answer = client.post(f"/crm/{access.org.pk}/Contacts/import", {"pasted": pasted})
    page = client.get(answer["Location"])
    assert [column["column"].field for column in page.context["columns"]] == ["Last_Name", "Email"]


def test_five_thousand_accounts_then_contacts_find_each_other_at_a_tenth_of_the_size(access: CrmAccess) -> None:
    messy = ["月見坂食品{0}", "月見坂食品{0} ", "ツキミ坂{0}㈱", "Ｔｓｕｋｉ {0}"]
    accounts = [messy[number % 4].format(number) for number in range(500)]
    run(
        access,
        "会社名,TEL\r\n" + "".join(f"{name},25800{number:04}\r\n" for number, name in enumerate(accounts)),
        "Accounts",
    )
    assert Record.objects.filter(module__api_name="Accounts").count() == 500
    lines = [
        f"{normalize('NFKC', accounts[number % 500])},姓{number}　名{number} 様,{'P' if number % 2 else 'p'}{number}@Example.com,,"
        for number in range(2_000)
    ]
    lines[10] = lines[3].upper()
    source = run(
        access,
        "会社名,氏名,メール,,備考\r\n" + "\r\n".join(lines),
        columns={"会社名": {"missing": "refuse"}, "氏名": {"drops_honorific": True}},
    )
    assert counts(source) == (1_999, 0, 1, 0)
    assert not Record.objects.filter(module__api_name="Contacts", values__Account_Name=None).exists()
    assert not Record.objects.filter(name__endswith="様").exists()


def undo(access: CrmAccess, source: Import) -> None:
    undo_import_of(source, actor=access.actor)
    undo_import(import_id=source.pk)
    source.refresh_from_db()
