import pytest
from django.test import Client

from kakehashi.crm.imports.jobs import run_import
from kakehashi.crm.imports.models import Import
from kakehashi.crm.imports.new_fields import guess_kind
from kakehashi.crm.modules.models import Field
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_org
from tests.makers.imports import take_back, upload_text


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a@example.com", "b.c@example.jp"], "email"),
        (["https://example.com/x", "http://例.jp"], "url"),
        (["03-1234-5678", "+81 3 1234 5678", "090-1111-2222"], "phone"),
        (["2026/11/25", "令和8年1月3日"], "date"),
        (["2026/11/25 10:30", "2026-11-26 9:05"], "datetime"),
        (["12%", "3.5％"], "percent"),
        (["¥1,200", "3,000円", "120万"], "currency"),
        (["1", "20", "1,300"], "integer"),
        (["1.5", "20"], "decimal"),
        (["0012", "0345"], "text"),
        (["1", "0", "1"], "boolean"),
        (["はい", "いいえ"], "boolean"),
        (["A", "B", "A", "A", "B", "A"], "picklist"),
        (["A;B", "B", "A", "A;C", "B;C", "C"], "multipicklist"),
        (["一行目\n二行目", "x"], "textarea"),
        (["東京", "大阪", "名古屋"], "text"),
        (["20261125", "20261126"], "integer"),
        ([], "text"),
    ],
)
def test_what_a_column_holds_is_seen_by_its_cells(cells: list[str], kind: str) -> None:
    assert guess_kind(cells) == kind


FILE = "姓,会員種別,入会日,謎\r\n" + "".join(
    f"姓{number},{('ゴールド', 'シルバー')[number % 2]},2026/11/{number + 1:02},\r\n" for number in range(8)
)


@pytest.mark.django_db
def test_a_column_becomes_a_field_and_the_import_fills_it(access: CrmAccess, client: Client) -> None:
    source = upload_text(access, FILE)
    client.force_login(access.person)
    base = f"/crm/{access.org.pk}/imports/{source.pk}"
    assert f"{base}/columns/1/field" in client.get(f"{base}/mapping").content.decode()
    assert f"{base}/columns/3/field" not in client.get(f"{base}/mapping").content.decode()  # an empty column
    dialog = client.get(f"{base}/columns/1/field").content.decode()
    assert 'value="会員種別"' in dialog
    assert '<option value="picklist" selected>' in dialog
    refused = client.post(f"{base}/columns/1/field", {"label": "", "kind": "picklist"})
    assert refused.status_code == 422
    made = client.post(
        f"{base}/columns/1/field", {"label": "会員種別", "kind": "picklist"}, headers={"HX-Request": "1"}
    )
    assert made.headers["HX-Retarget"] == "#mapping"
    client.post(f"{base}/columns/2/field", {"label": "入会の日", "kind": "date"})
    client.post(f"{base}/mapping", {"match-0": "", "policy": "create"})
    run_import(import_id=source.pk)
    client.post(f"{base}/start")
    run_import(import_id=source.pk)
    kind, day = Field.objects.filter(module__org=access.org, is_custom=True).order_by("pk")
    assert [choice["value"] for choice in kind.options["choices"]] == ["ゴールド", "シルバー"]
    record = Record.objects.get(name="姓3")
    assert (record.values[kind.api_name], record.values[day.api_name]) == ("シルバー", "2026-11-04")
    source.refresh_from_db()
    take_back(access, source)
    page = client.get(f"{base}/").content.decode()
    assert "「会員種別」「入会の日」" in page
    assert Field.objects.filter(pk__in=[kind.pk, day.pk], removed_at=None).count() == 2


@pytest.mark.django_db
def test_only_who_may_customise_makes_a_field_of_a_column(access: CrmAccess, client: Client) -> None:
    seller = make_member(access.org, permissions=["import_records", "create_records"])
    source = upload_text(seller, FILE)
    client.force_login(seller.person)
    address = f"/crm/{access.org.pk}/imports/{source.pk}/columns/1/field"
    assert address not in client.get(f"/crm/{access.org.pk}/imports/{source.pk}/mapping").content.decode()
    assert client.get(address).status_code == 403
    assert client.post(address, {"label": "x", "kind": "text"}).status_code == 403
    assert not Field.objects.filter(org=access.org, is_custom=True).exists()


@pytest.mark.django_db
def test_a_field_cannot_be_made_for_an_import_that_has_begun(access: CrmAccess, client: Client) -> None:
    source = upload_text(access, FILE)
    Import.objects.filter(pk=source.pk).update(state="running")
    client.force_login(access.person)
    answer = client.post(
        f"/crm/{access.org.pk}/imports/{source.pk}/columns/1/field", {"label": "会員種別", "kind": "text"}
    )
    assert answer.status_code == 409
    assert not Field.objects.filter(org=access.org, is_custom=True).exists()
    assert find_access(access.person, access.org.pk).org.schema_version == access.org.schema_version
