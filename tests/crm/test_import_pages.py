import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation

from kakehashi.crm.imports.jobs import run_import
from kakehashi.crm.imports.models import Import
from kakehashi.crm.imports.progress import Pace, words_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_org
from tests.makers.imports import upload_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


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


def test_a_file_that_is_no_table_is_refused_with_a_reason(access: CrmAccess, client: Client) -> None:
    client.force_login(access.person)
    for content in [b"", "姓,名\r\n".encode("cp932")]:
        answer = client.post(f"/crm/{access.org.pk}/Contacts/import", {"file": ContentFile(content, name="x.csv")})
        assert answer.status_code == 422
    assert client.post(f"/crm/{access.org.pk}/Contacts/import").status_code == 422


def test_an_import_of_a_colleague_is_not_there_but_for_administrators(access: CrmAccess, client: Client) -> None:
    seller = make_member(access.org, permissions=["import_records", "create_records"])
    mine = upload_text(access, "姓\r\n一\r\n")
    hers = upload_text(seller, "姓\r\n二\r\n")
    client.force_login(seller.person)
    assert client.get(f"/crm/{access.org.pk}/imports/{mine.pk}/mapping").status_code == 404
    client.force_login(access.person)
    assert client.get(f"/crm/{access.org.pk}/imports/{hers.pk}/mapping").status_code == 200


def test_a_pasted_table_is_read_like_a_file(access: CrmAccess, client: Client) -> None:
    client.force_login(access.person)
    pasted = "姓\tメール\r\n相沢\ta@example.com\r\n"
    answer = client.post(f"/crm/{access.org.pk}/Contacts/import", {"pasted": pasted})
    page = client.get(answer["Location"])
    assert [column["column"].field for column in page.context["columns"]] == ["Last_Name", "Email"]


def csv_of(client: Client, address: str) -> list[list[str]]:
    text = b"".join(client.get(address).streaming_content).decode()  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def test_how_long_an_import_still_takes_is_said_in_hours_where_it_is_hours() -> None:
    with translation.override("en"):
        assert words_of(Pace(5, 101 * 60)) == "5 rows per second · about 1 hour 41 min left"
        assert words_of(Pace(60, 20)) == "60 rows per second · about 20 seconds left"
