"""A list as a spreadsheet: what the person may see, nothing that runs when opened, flat memory."""

import csv
import io
import tracemalloc
from typing import Any

import pytest
from django.test import Client

from kakehashi.core.events.models import Event
from kakehashi.core.spreadsheets import harmless
from kakehashi.crm.exports.writing import export_lines
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.queries import visible_records
from tests.makers.crm import make_member, make_record

pytestmark = pytest.mark.django_db


def file_of(answer: Any, encoding: str = "utf-8-sig") -> list[list[str]]:
    content = b"".join(answer.streaming_content).decode(encoding)
    return list(csv.reader(io.StringIO(content)))


def test_a_list_is_exported_with_its_columns_filter_and_order(org: Org, page: Client) -> None:
    make_record(org, "Deals", Deal_Name="小", Amount="1000", Closing_Date="2026-11-30")
    make_record(org, "Deals", Deal_Name="大", Amount="2000")
    make_record(org, "Deals", Deal_Name="受注", Stage="Closed Won")
    query = {"view": "open", "columns": "Amount,Stage,Closing_Date", "sort": "-Amount"}
    rows = file_of(page.get(f"/crm/{org.pk}/Deals/export.csv", query))
    assert rows == [
        ["名前", "金額", "ステージ", "完了予定日"],
        ["大", "2000", rows[1][2], ""],
        ["小", "1000", rows[2][2], "2026-11-30"],
    ]


def test_shift_jis_is_a_choice_and_keeps_the_wave_dash(org: Org, page: Client) -> None:
    make_record(org, Last_Name="髙橋〜", Description="𠮷野家")
    answer = page.get(f"/crm/{org.pk}/Contacts/export.csv", {"encoding": "cp932", "scope": "all"})
    rows = file_of(answer, "cp932")
    assert rows[1][0] == "髙橋～"
    assert "?野家" in rows[1]


def test_only_chosen_rows_when_some_are_chosen(org: Org, page: Client) -> None:
    first = make_record(org, Last_Name="一")
    make_record(org, Last_Name="二")
    rows = file_of(page.get(f"/crm/{org.pk}/Contacts/export.csv", {"selected": first.pk}))
    assert [row[0] for row in rows[1:]] == ["一"]


@pytest.mark.parametrize("nasty", ["=cmd|x", "@sum", "+1+cmd", "-2+3", "\tx", "\rx"])
def test_no_cell_is_run_as_a_formula(nasty: str) -> None:
    assert harmless(nasty) == f"'{nasty}"


@pytest.mark.parametrize("plain", ["-5", "+81 258-00-1147", "-0.5", "", "a=b", "2026-11-30"])
def test_numbers_and_phones_stay_as_they_are(plain: str) -> None:
    assert harmless(plain) == plain


def test_who_may_not_export_is_refused(org: Org) -> None:
    client = Client()
    client.force_login(make_member(org, permissions=["see_all_records"]).person)
    assert client.get(f"/crm/{org.pk}/Contacts/export.csv").status_code == 403
    assert "/Contacts/export" not in client.get(f"/crm/{org.pk}/Contacts/").content.decode()


def test_nobody_exports_what_they_may_not_see(org: Org) -> None:
    make_record(org, Last_Name="秘密")
    client = Client()
    client.force_login(make_member(org, permissions=["export_records"]).person)
    assert "秘密" not in str(file_of(client.get(f"/crm/{org.pk}/Contacts/export.csv")))


@pytest.mark.django_db(transaction=True)
def test_an_export_is_written_down(org: Org, page: Client, access: CrmAccess) -> None:
    page.get(f"/crm/{org.pk}/Contacts/export.csv", {"view": "mine"})
    event = Event.objects.get(topic="crm.records.exported")
    assert (event.person_id, event.data["module"]) == (access.person.pk, "Contacts")


def test_memory_stays_flat_however_long_the_list_is(org: Org, access: CrmAccess) -> None:
    module = access.schema["Contacts"]
    drafts = [RecordDraft({"Last_Name": f"山田{number}", "Description": "x" * 500}) for number in range(6_000)]
    write_records(find_module(org, "Contacts"), drafts=drafts, actor=access.actor)
    lines = export_lines(visible_records(access, module), module, ["Description"], sort="-modified", encoding="utf-8")
    tracemalloc.start()
    total = sum(len(line) for line in lines)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 3_000_000
    assert peak < 16_000_000
