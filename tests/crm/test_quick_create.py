"""A record made in a small dialog, without leaving the page."""

import json

import pytest
from django.test import Client

from kakehashi.crm.modules.queries import find_module, module_schema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.quick_create.pages import quick_fields
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_member, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(org: Org, client: Client) -> Client:
    client.force_login(make_administrator(org).person)
    return client


def url(org: Org, module: str) -> str:
    return f"/crm/{org.pk}/{module}/quick"


@pytest.mark.parametrize("name", ["Leads", "Contacts", "Accounts", "Deals", "Products"])
def test_the_dialog_asks_for_what_is_required_and_little_more(org: Org, name: str) -> None:
    module = module_schema(find_module(org, name))
    fields = quick_fields(module)
    assert {*module.name_fields} <= {*fields}
    assert len(fields) == len(set(fields)) <= 9


def test_what_was_typed_in_a_lookup_is_the_name_already(org: Org, page: Client) -> None:
    assert 'value="新規商事"' in page.get(url(org, "Accounts") + "?name=新規商事").content.decode()
    person = page.get(url(org, "Contacts") + "?name=相沢 美咲").content.decode()
    assert 'value="相沢"' in person
    assert 'value="美咲"' in person


def test_the_new_record_is_told_to_the_page_that_asked(org: Org, page: Client) -> None:
    answer = page.post(url(org, "Accounts"), {"Account_Name": "新規商事"}, headers=HTMX)
    record = Record.objects.get()
    assert answer.status_code == 204
    told = json.loads(answer["HX-Trigger"])["record-created"]
    assert (told["value"], told["text"]) == (str(record.pk), "新規商事")
    assert record.owner_id is not None


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(org: Org, page: Client) -> None:
    make_record(org, Email="a@b.example", Last_Name="戸田")
    for typed in ({"First_Name": "美咲"}, {"Last_Name": "美咲", "Email": "a@b.example"}):
        answer = page.post(url(org, "Contacts"), typed, headers=HTMX)
        assert answer.status_code == 422
        assert "美咲" in answer.content.decode()
    assert Record.objects.count() == 1


def test_who_may_not_create_is_offered_nothing_and_refused(org: Org, client: Client) -> None:
    client.force_login(make_member(org, permissions=["see_all_records", "edit_records"]).person)
    assert client.get(url(org, "Contacts")).status_code == 403
    assert client.post(url(org, "Contacts"), {"Last_Name": "x"}).status_code == 403
    record = make_record(org)
    assert "data-create-url" not in client.get(f"/crm/{org.pk}/Contacts/{record.pk}/edit").content.decode()
