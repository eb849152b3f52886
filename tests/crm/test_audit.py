"""The audit log: every change of a setting, in words."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.crm.list_views.queries import filtered_records
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import find_access
from kakehashi.crm.orgs.actions import update_org
from kakehashi.crm.orgs.models import Org
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_administrator, make_member, make_org, make_profile, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


@pytest.fixture
def admin(org: Org, client: Client) -> Client:
    client.force_login(make_administrator(org, language="en").person)
    return client


def log(admin: Client, org: Org, query: str = "") -> str:
    return admin.get(f"/crm/{org.pk}/settings/audit{query}").content.decode()


def test_a_change_of_a_profile_is_told_in_words(org: Org, admin: Client) -> None:
    profile = make_profile(org, permissions=["see_all_records"], name="Inside sales")
    deals = schema_of(org)["Deals"].id
    admin.post(f"/crm/{org.pk}/settings/profiles/{profile.pk}", {"name": "Inside sales", f"{deals}-view": "own"})
    page = log(admin, org)
    assert "Profile “Inside sales”: changed" in page
    assert "Deals – View" in page
    assert '<span class="k-old">All</span>' in page
    assert "<b>Own</b>" in page


def test_old_and_new_of_the_organisation_are_told(org: Org, admin: Client) -> None:
    update_org(org, values={"currency": "EUR"}, actor=make_administrator(org).actor)
    assert '<span class="k-old">JPY</span>' in log(admin, org)


def test_profiles_of_every_organisation_are_named_in_the_readers_language(client: Client) -> None:
    org = make_org()
    client.force_login(make_administrator(org).person)
    make_member(org)
    page = log(client, org)
    assert "<b>標準</b>" in page
    assert "<b>Standard</b>" not in page


def test_what_people_do_with_records_is_not_in_it(org: Org, admin: Client) -> None:
    make_record(org, Last_Name="Nobody")
    assert "Record" not in log(admin, org, "?kind=crm.record.").split('id="audit"')[1]


def test_an_event_that_no_feature_knows_is_still_readable(org: Org, admin: Client) -> None:
    with transaction.atomic():
        fact = Fact(org.tenant, "crm.strange_thing.turned_over", "crm.strange", 1, {"name": "X", "how_often": 3})
        write_fact(fact, make_administrator(org, language="en").actor)
    page = log(admin, org)
    assert "strange thing “X”: turned over" in page
    assert "How often" in page


def test_a_module_is_called_as_people_call_it_and_questions_are_no_setting(client: Client) -> None:
    org = make_org()
    admin = make_administrator(org)
    with transaction.atomic():
        write_fact(Fact(org.tenant, "crm.import.started", "crm.import", 1, {"module": "Contacts"}), admin.actor)
        write_fact(Fact(org.tenant, "bridge.question.asked", "bridge.question", 1, {}), admin.actor)
    client.force_login(admin.person)
    page = log(client, org)
    assert "データのインポート「連絡先」" in page
    assert "question" not in page.split('id="audit"')[1]


def test_it_is_filtered_by_person_kind_and_day(org: Org, admin: Client) -> None:
    one, other = make_administrator(org, family_name="Eins"), make_administrator(org, family_name="Zwei")
    update_org(org, values={"currency": "EUR"}, actor=one.actor)
    update_org(org, values={"currency": "USD"}, actor=other.actor)
    rows = log(admin, org, f"?person={one.person.pk}").split('id="audit"')[1]
    assert "EUR" in rows
    assert "<b>USD</b>" not in rows
    assert "EUR" not in log(admin, org, "?kind=crm.role.").split('id="audit"')[1]
    assert "EUR" not in log(admin, org, "?until=2001-01-01").split('id="audit"')[1]


def test_it_can_be_downloaded(org: Org, admin: Client) -> None:
    update_org(org, values={"name": "=1+1"}, actor=make_administrator(org).actor)
    answer = admin.get(f"/crm/{org.pk}/settings/audit.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=1+1" in text, "no formula for Excel"


def test_only_who_may_read_it_reads_it(org: Org, client: Client) -> None:
    client.force_login(make_member(org, permissions=["manage_people"]).person)
    assert client.get(f"/crm/{org.pk}/settings/audit").status_code == 403
    assert client.get(f"/crm/{org.pk}/settings/audit.csv").status_code == 403


def test_it_goes_on_page_by_page(org: Org, admin: Client) -> None:
    actor = make_administrator(org).actor
    with transaction.atomic():
        for number in range(60):
            write_fact(Fact(org.tenant, "crm.org.updated", "crm.org", org.pk, {"name": f"n{number}."}), actor)
    page = log(admin, org)
    assert "n59." in page
    assert "n0." not in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "n0." in log(admin, org, older)


def test_language_and_fiscal_year_are_told_in_words(org: Org, admin: Client) -> None:
    Person.objects.update(has_own_language=True)  # the administrator goes on reading English
    address = f"/crm/{org.pk}/settings/organisation"
    sent = {"name": org.name, "currency": "JPY", "time_zone": "Asia/Tokyo", "language": "ja", "fiscal_month": "4"}
    assert admin.post(address, sent).status_code == 302
    page = log(admin, org)
    assert '<span class="k-old">January</span>' in page
    assert "<b>April</b>" in page
    assert "<b>日本語</b>" in page
    assert admin.post(address, {**sent, "fiscal_month": "13"}).status_code == 422
    assert admin.post(address, {**sent, "language": "xx"}).status_code == 422
    org.refresh_from_db()
    assert (org.language, org.fiscal_month) == ("ja", 4)


def test_this_fiscal_year_is_that_of_the_organisation(org: Org) -> None:
    access = make_administrator(org)
    deal = make_record(org, "Deals", Closing_Date="2026-03-31")
    asked = filter_of(Condition("Closing_Date", "this_fiscal_year"))
    found = []
    for month in (1, 4):
        update_org(org, values={"fiscal_month": month}, actor=access.actor)
        seen = find_access(access.person, org.pk)
        with clock.frozen_at(datetime(2026, 4, 2, tzinfo=UTC)):
            found.append(filtered_records(seen, seen.schema["Deals"], [asked]).filter(pk=deal.pk).exists())
    assert found == [True, False]
