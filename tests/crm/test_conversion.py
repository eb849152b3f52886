"""Leads become contacts, accounts and deals; and come back."""

from typing import Any

import pytest
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.models import Event
from kakehashi.crm.leads.actions import ConversionPlan, Into, LeadIsConverted, convert_lead
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.leads.undoing import revert
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.notes.actions import add_note
from kakehashi.crm.notes.models import Note
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.record_form.queries import find_duplicates
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_member, make_record

pytestmark = pytest.mark.django_db

LEAD = {
    "Last_Name": "相沢",
    "First_Name": "美咲",
    "Last_Name_Kana": "アイザワ",
    "First_Name_Kana": "ミサキ",
    "Company": "株式会社月見坂食品",
    "Designation": "主任",
    "Email": "misaki@tsukimizaka.example",
    "Phone": "0258-00-1147",
    "Website": "https://tsukimizaka.example",
    "No_of_Employees": 40,
    "State": "新潟県",
    "Lead_Source": "Trade Show",
}


def make_lead(org: Org, **values: Any) -> Record:
    return make_record(org, "Leads", **{**LEAD, **values})


def convert(lead: Record, **plan: Into | None) -> Conversion:
    asked = {"contact": Into(), "account": Into(), **plan}
    return convert_lead(schema_of(lead.org), lead.pk, version=None, plan=ConversionPlan(**asked), actor=SYSTEM)  # type: ignore[arg-type]


def fresh(record_id: int | None) -> Record:
    return Record.objects.get(pk=record_id)


def test_a_lead_becomes_a_contact_an_account_and_a_deal(org: Org, access: CrmAccess) -> None:
    lead = make_lead(org, actor=access.actor)
    done = convert(lead, deal=Into(values={"Deal_Name": "ロガー増設", "Stage": "Qualification", "Amount": "4860000"}))
    contact, account, deal = fresh(done.contact_id), fresh(done.account_id), fresh(done.deal_id)
    assert contact.values["Title"] == "主任"
    assert contact.values["Last_Name_Kana"] == "アイザワ"
    assert contact.values["Mailing_State"] == "新潟県"
    assert contact.values["Account_Name"] == account.pk
    assert account.values["Account_Name"] == "株式会社月見坂食品"
    assert account.values["Employees"] == 40
    assert account.values["Billing_State"] == "新潟県"
    assert (deal.values["Contact_Name"], deal.values["Account_Name"]) == (contact.pk, account.pk)
    assert {one.owner_id for one in (contact, account, deal)} == {access.person.pk}
    assert fresh(lead.pk).gone_as == "converted"
    event = Event.objects.get(topic="crm.lead.converted")
    assert (event.subject_id, event.data["contact"]) == (lead.pk, contact.pk)


def test_existing_records_are_filled_where_they_are_empty_and_never_overwritten(org: Org) -> None:
    contact = make_record(org, Last_Name="相沢", Email="other@tsukimizaka.example")
    account = make_record(org, "Accounts", Account_Name="月見坂食品")
    convert(make_lead(org), contact=Into(contact.pk), account=Into(account.pk))
    assert fresh(contact.pk).values["Email"] == "other@tsukimizaka.example"
    assert fresh(contact.pk).values["Phone"] == "0258-00-1147"
    assert fresh(account.pk).values["Account_Name"] == "月見坂食品"
    assert fresh(account.pk).values["Website"] == "https://tsukimizaka.example"


def test_an_address_that_a_contact_has_stops_the_conversion_and_nothing_is_left(org: Org) -> None:
    make_record(org, Last_Name="先客", Email="misaki@tsukimizaka.example")
    lead = make_lead(org)
    with pytest.raises(InvalidValues, match="先客"):
        convert(lead)
    assert fresh(lead.pk).deleted_at is None
    assert not Record.objects.filter(org=org, module__api_name="Accounts").exists()
    assert not Conversion.objects.exists()


def test_a_converted_lead_is_out_of_the_warnings_and_is_not_converted_again(org: Org, access: CrmAccess) -> None:
    lead = make_lead(org)
    convert(lead)
    assert not find_duplicates(access, access.schema["Leads"], {"Email": LEAD["Email"]})
    with pytest.raises(LeadIsConverted):
        convert(lead)


def test_taking_it_back_brings_the_lead_and_removes_what_nobody_touched(org: Org) -> None:
    lead = make_lead(org)
    existing = make_record(org, "Accounts", Account_Name="月見坂食品")
    before = fresh(existing.pk).values
    done = convert(lead, account=Into(existing.pk), deal=Into(values={"Deal_Name": "D", "Stage": "Qualification"}))
    reverted = revert(schema_of(org), done, actor=SYSTEM)
    assert (fresh(lead.pk).deleted_at, fresh(lead.pk).gone_as) == (None, "")
    assert fresh(lead.pk).values == lead.values
    assert all(fresh(pk).deleted_at for pk in (done.contact_id, done.deal_id))
    assert reverted.kept == []
    assert fresh(existing.pk).values == before
    assert Event.objects.filter(topic="crm.lead.reverted", subject_id=lead.pk).exists()


def test_what_somebody_works_with_stays_and_is_said(org: Org) -> None:
    lead = make_lead(org)
    done = convert(lead, deal=Into(values={"Deal_Name": "D", "Stage": "Qualification"}))
    update_record(fresh(done.contact_id), values={"Mobile": "090"}, actor=SYSTEM)
    reverted = revert(schema_of(org), done, actor=SYSTEM)
    assert [record.pk for record in reverted.removed] == [done.deal_id]
    assert {record.pk for record in reverted.kept} == {done.contact_id, done.account_id}, (
        "the contact names the account"
    )


def test_notes_move_along_as_chosen_and_come_back(org: Org, page: Client, access: CrmAccess) -> None:
    lead = make_lead(org)
    note = add_note_to(lead, access)
    sent = form(lead, account="new", **{f"contact-{lead.pk}": "new", "account-Account_Name": "A", "carry-notes": "on"})
    page.post(f"/crm/{org.pk}/Leads/convert", sent)
    done = Conversion.objects.get()
    note.refresh_from_db()
    assert note.record_id == done.contact_id
    revert(schema_of(org), done, actor=SYSTEM)
    note.refresh_from_db()
    assert note.record_id == lead.pk


def add_note_to(record: Record, access: CrmAccess) -> Note:
    return add_note(record, html="<p>Likes tea</p>", actor=access.actor)


def form(*leads: Record, deal: str = "none", **more: str) -> dict[str, Any]:
    versions = {f"version-{lead.pk}": lead.version for lead in leads}
    return {"convert": "1", "selected": [lead.pk for lead in leads], "deal": deal, **versions, **more}


def test_the_page_suggests_with_evidence_and_the_old_address_leads_on(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts", Account_Name="月見坂食品（株）")
    contact = make_record(org, Last_Name="別名", Email="misaki@tsukimizaka.example")
    lead = make_lead(org)
    shown = page.get(f"/crm/{org.pk}/Leads/convert?selected={lead.pk}").context["converting"]
    assert [entry[0] for entry in shown.account.suggestions] == [account.pk]
    assert shown.account.suggestions[0][2] == "法人格を除く名称が同じ"
    assert shown.contacts[0][1].chosen == str(contact.pk)
    sent = form(lead, account=str(account.pk), **{f"contact-{lead.pk}": str(contact.pk)})
    assert page.post(f"/crm/{org.pk}/Leads/convert", sent)["Location"] == f"/crm/{org.pk}/Contacts/{contact.pk}/"
    landed = page.get(f"/crm/{org.pk}/Leads/{lead.pk}/", follow=True)
    assert f"/crm/{org.pk}/Contacts/{contact.pk}/" in landed.content.decode()
    assert page.get(f"/crm/{org.pk}/Leads/").context["page"].total == 0
    page.post(landed.context["undo_url"])
    assert page.get(f"/crm/{org.pk}/Leads/{lead.pk}/").status_code == 200


def test_several_leads_of_a_company_go_into_one_existing_deal(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts", Account_Name="月見坂食品")
    deal = make_record(org, "Deals", Account_Name=account.pk)
    one, two = make_lead(org), make_lead(org, Last_Name="高瀬", Email="t@tsukimizaka.example")
    chosen = page.post(f"/crm/{org.pk}/Leads/convert", {"selected": [one.pk, two.pk]}, follow=True)
    assert [entry[0] for entry in chosen.context["converting"].deal.suggestions] == [deal.pk]
    contacts = {f"contact-{lead.pk}": "new" for lead in (one, two)}
    answer = page.post(
        f"/crm/{org.pk}/Leads/convert", form(one, two, account=str(account.pk), deal=str(deal.pk), **contacts)
    )
    assert answer["Location"] == f"/crm/{org.pk}/Deals/{deal.pk}/"
    assert set(Conversion.objects.values_list("deal_id", "account_id")) == {(deal.pk, account.pk)}
    assert Record.objects.filter(org=org, module__api_name="Contacts", deleted_at=None).count() == 2


def test_a_new_account_is_shared_by_all_leads_of_the_selection(org: Org, page: Client) -> None:
    one, two = make_lead(org), make_lead(org, Last_Name="高瀬", Email="t@tsukimizaka.example")
    contacts = {f"contact-{lead.pk}": "new" for lead in (one, two)}
    page.post(
        f"/crm/{org.pk}/Leads/convert", form(one, two, account="new", **{"account-Account_Name": "A"}, **contacts)
    )
    assert Record.objects.filter(org=org, module__api_name="Accounts").count() == 1
    assert Conversion.objects.count() == 2


def test_a_taken_address_is_said_beside_its_contact_and_nothing_typed_is_lost(org: Org, page: Client) -> None:
    make_record(org, Last_Name="先客", Email="misaki@tsukimizaka.example")
    lead = make_lead(org)
    sent = form(lead, account="new", **{"account-Account_Name": "新しい名前", f"contact-{lead.pk}": "new"})
    answer = page.post(f"/crm/{org.pk}/Leads/convert", sent)
    assert answer.status_code == 422
    assert "先客" in str(answer.context["converting"].contacts[0][1].refusals[0])
    assert "新しい名前" in answer.content.decode()


def test_who_may_not_create_converts_into_existing_records_only(org: Org, client: Client) -> None:
    member = make_member(org, permissions=["see_all_records", "edit_records"])
    client.force_login(member.person)
    lead = make_lead(org)
    sent = form(lead, account="none", **{f"contact-{lead.pk}": "new"})
    assert client.post(f"/crm/{org.pk}/Leads/convert", sent).status_code == 403
    assert fresh(lead.pk).deleted_at is None
