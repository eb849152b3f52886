import pytest

from kakehashi.core.events.models import Event
from kakehashi.crm.imports import matching
from kakehashi.crm.imports.actions import (
    choices_of,
)
from kakehashi.crm.imports.models import ImportRow, ImportState
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record, RecordKey
from tests.makers.crm import make_administrator, make_member, make_org, make_record
from tests.makers.imports import check_rows, import_text, outcome_counts, results_of, upload_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_every_row_gets_an_account_of_what_became_of_it(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    source = import_text(
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
    assert results_of(source) == [
        (2, "created", ""),
        (3, "updated", ""),
        (4, "failed", "“%(value)s” is not an e-mail address."),
        (5, "skipped", matching.SAME_AS_ROW),
        (6, "failed", "Please fill this in."),
        (7, "failed", "This row has %(cells)s cells, the heading has %(columns)s."),
        (8, "skipped", "This row is empty."),
        (9, "created", ""),
    ]
    assert outcome_counts(source) == (2, 1, 2, 3)
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
    assert outcome_counts(import_text(access, text, "Accounts")) == (2, 0, 0, 0)
    assert outcome_counts(import_text(access, text, "Accounts")) == (0, 0, 2, 0)
    assert Record.objects.filter(name="月見坂食品").count() == 1


def test_known_records_are_left_alone_when_so_chosen(access: CrmAccess) -> None:
    make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    source = import_text(
        access, "姓,メール,役職\r\n戸田,toda@example.com,部長\r\n新,new@example.com,部長\r\n", policy="skip"
    )
    assert outcome_counts(source) == (1, 0, 1, 0)
    assert Record.objects.get(name="戸田").values["Title"] == "主任"


def test_a_duplicate_names_the_row_of_the_file_that_came_first(access: CrmAccess) -> None:
    source = import_text(access, "姓,メール\r\n一,same@example.com\r\n二,same@example.com\r\n", policy="create")
    assert results_of(source) == [(2, "created", ""), (3, "failed", matching.SAME_AS_ROW)]
    assert ImportRow.objects.get(source=source, number=3).reasons[0][2] == {"row": 2}


def test_a_row_that_repeats_a_failed_one_gets_its_own_chance(access: CrmAccess) -> None:
    source = import_text(access, "姓,メール\r\n,same@example.com\r\n二,same@example.com\r\n")
    assert [(number, state) for number, state, _ in results_of(source)] == [(2, "failed"), (3, "created")]


def test_a_whole_name_is_split_by_its_space(access: CrmAccess) -> None:
    import_text(access, "氏名\r\n相沢　美咲\r\n高瀬\r\nJane Doe\r\n", policy="create")
    names = {(r.values["Last_Name"], r.values.get("First_Name")) for r in Record.objects.all()}
    assert names == {("相沢", "美咲"), ("高瀬", None), ("Doe", "Jane")}


def test_ten_thousand_rows_in_shift_jis_with_a_broken_row_and_a_duplicate(access: CrmAccess) -> None:
    lines = [
        f"月見坂食品{number % 200},部署{number % 9},課長,姓{number},名{number},person{number}@example.com,0258-00-{number:04},940-{number:04},新潟県長岡市{number}"
        for number in range(10_000)
    ]
    lines[4_000] = '"閉じない引用符,部署,課長,姓,名,broken@example.com,,,'
    lines[7_000] = lines[12]
    source = import_text(
        access, "会社名,部署,役職,姓,名,メールアドレス,電話番号,郵便番号,住所\r\n" + "\r\n".join(lines) + "\r\n"
    )
    assert outcome_counts(source) == (9_998, 0, 1, 1)
    assert results_of(source)[4_000][1] == "failed"
    assert ImportRow.objects.get(source=source, number=7_002).reasons[0][2] == {"row": 14}
    assert Record.objects.filter(module__api_name="Accounts").count() == 200


def test_a_dry_run_leaves_no_trace(access: CrmAccess) -> None:
    there = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    before = (Event.objects.count(), Record.objects.count(), RecordKey.objects.count())
    text = "会社名,姓,メール,役職\r\n月見坂食品,戸田,toda@example.com,課長\r\n月見坂食品,新,new@example.com,\r\n"
    source = check_rows(access, upload_text(access, text))
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


def test_only_empty_fields_are_filled_when_so_chosen(access: CrmAccess) -> None:
    record = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    import_text(access, "姓,メール,役職,部署\r\n別,toda@example.com,部長,営業部\r\n", fills_only=True)
    record.refresh_from_db()
    assert (record.values["Last_Name"], record.values["Title"]) == ("戸田", "主任")
    assert record.values["Department"] == "営業部"


def test_a_seller_imports_only_what_their_profile_allows(access: CrmAccess) -> None:
    theirs = make_record(access.org, Last_Name="戸田", Email="toda@example.com", Title="主任")
    seller = make_member(access.org, permissions=["import_records", "edit_records"])
    source = import_text(seller, "姓,メール,役職\r\n戸田,toda@example.com,部長\r\n新,new@example.com,\r\n")
    assert source.created_count == source.updated_count == 0
    assert source.failed_count == 2
    theirs.refresh_from_db()
    assert theirs.values["Title"] == "主任"


def test_the_same_columns_are_read_as_the_last_time(access: CrmAccess) -> None:
    text = "謎,姓,メール\r\n課長,一,a@example.com\r\n"
    import_text(access, text, columns={"謎": {"field": "Title"}}, match_fields=["Name"], fills_only=True)
    again = upload_text(access, text.replace("姓,メール", "姓,メール,行,理由").replace(".com", ".com,2,不備"))
    chosen = choices_of(again)
    assert [column.field for column in chosen.columns] == ["Title", "Last_Name", "Email", "", ""]
    assert (chosen.match_fields, chosen.fills_only) == (["Name"], True)
