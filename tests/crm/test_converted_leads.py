"""Leads that became something else: a view of their own, gone from every other, and a page that says what they are now."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core.actors import SYSTEM
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.leads.undoing import revert
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_member, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def convert(org: Org, lead: Record) -> Conversion:
    plan = ConversionPlan(contact=Into(), account=Into())
    return convert_lead(schema_of(org), lead.pk, version=None, plan=plan, actor=SYSTEM)


def make_lead(org: Org, name: str, **more: object) -> Record:
    return make_record(org, "Leads", Last_Name=name, Company=f"{name}商事", **more)


def shown(page: Client, org: Org, view: str) -> str:
    return page.get(f"/crm/{org.pk}/Leads/?view={view}", headers=HTMX).text


def test_a_converted_lead_stands_in_its_own_view_only_and_says_what_it_became(org: Org, page: Client) -> None:
    lead = make_lead(org, "相沢")
    make_lead(org, "石井")
    conversion = convert(org, lead)
    for view in ("all", "working", "new", "changed"):
        assert "相沢" not in shown(page, org, view), view
        assert "石井" in shown(page, org, view), view
    text = shown(page, org, "converted")
    assert "石井" not in text
    assert f'href="/crm/{org.pk}/conversions/{conversion.pk}/">相沢、相沢商事</a>' in text
    assert "data-edit" not in text
    assert 'name="selected"' not in text


def test_the_view_counts_searches_and_filters_like_any_other(org: Org, page: Client) -> None:
    for name in ("相沢", "石井"):
        convert(org, make_lead(org, name))
    make_lead(org, "上田")
    base = f"/crm/{org.pk}/Leads/"
    assert 'id="view-count-converted" hx-swap-oob="true">2<' in page.get(f"{base}views/counts").text
    found = page.get(f"{base}?view=converted&q=石井", headers=HTMX).text
    assert "石井" in found
    assert "相沢商事" not in found
    text = page.get(f"{base}?view=converted&columns=Email").text
    assert "変換先" in text
    assert "まだ保存されていません" not in text


def test_its_cost_does_not_grow_with_the_leads(org: Org, page: Client) -> None:
    convert(org, make_lead(org, "相沢"))
    shown(page, org, "converted")
    with CaptureQueriesContext(connection) as few:
        shown(page, org, "converted")
    for name in ("石井", "上田", "江藤"):
        convert(org, make_lead(org, name))
    with CaptureQueriesContext(connection) as many:
        shown(page, org, "converted")
    assert len(many) == len(few)


def test_only_those_see_it_who_could_see_the_lead(org: Org, access: CrmAccess, client: Client) -> None:
    seller = make_member(org, permissions=["edit_records"])
    convert(org, make_lead(org, "相沢"))
    mine = make_lead(org, "石井")
    Record.objects.filter(pk=mine.pk).update(owner_id=seller.person.pk)
    convert(org, mine)
    client.force_login(seller.person)
    text = shown(client, org, "converted")
    assert "石井" in text
    assert "相沢" not in text


def test_nothing_is_changed_in_bulk_from_the_view(org: Org, page: Client) -> None:
    convert(org, make_lead(org, "相沢"))
    other = make_lead(org, "石井")
    sent = {"everything": "1", "query": "view=converted"}
    page.post(f"/crm/{org.pk}/Leads/changes/deletion", sent, headers=HTMX)
    other.refresh_from_db()
    assert other.deleted_at is None


def test_the_page_of_a_converted_lead_says_what_it_was_and_became(org: Org, page: Client) -> None:
    lead = make_lead(org, "相沢", Phone="0258-00-1147")
    conversion = convert(org, lead)
    answer = page.get(f"/crm/{org.pk}/Leads/{lead.pk}/", follow=True)
    assert answer.redirect_chain
    assert f"/crm/{org.pk}/Contacts/{conversion.contact_id}/" in answer.text
    assert f"/crm/{org.pk}/Accounts/{conversion.account_id}/" in answer.text
    assert "0258-00-1147" in answer.text


def test_a_conversion_taken_back_leaves_the_view(org: Org, page: Client) -> None:
    lead = make_lead(org, "相沢")
    revert(schema_of(org), convert(org, lead), actor=SYSTEM)
    assert "相沢" not in shown(page, org, "converted")
    assert "相沢" in shown(page, org, "all")
