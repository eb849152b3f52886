"""Why can I see this? And why can they not?"""

import pytest
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.actions import add_member
from kakehashi.crm.orgs.models import Membership, Org, Role
from kakehashi.crm.records.queries import may_edit, visible_records
from kakehashi.crm.visibility.queries import verdict_on
from tests.makers.crm import make_administrator, make_org, make_person, make_profile, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


def colleague(org: Org, view: str, edit: str, role: Role, name: str) -> CrmAccess:
    rights = {"default": {"view": view, "edit": edit}}
    person = make_person(family_name=name, given_name="", language="en")
    add_member(org, person=person, profile=make_profile(org, module_rights=rights), role=role, actor=SYSTEM)
    return find_access(person, org.pk)


def test_the_answer_is_what_the_queries_do(org: Org) -> None:
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    peers = Role.objects.create(org=org, name="Peers", parent=sales, shares_with_peers=True)
    roles = (top, sales, peers)
    people = [
        colleague(org, view, edit, role, f"{view}{edit}{role.pk}")
        for view in ("none", "own", "team", "all")
        for edit in ("own", "all")
        for role in roles
    ]
    contacts = schema_of(org)["Contacts"]
    owners = [people[0].person, people[10].person, people[11].person, None]
    records = [make_record(org, owner=owner, **({} if owner else {"Owner": None})) for owner in owners]
    administrator = find_access(org.memberships.get(profile__is_administrator=True).person, org.pk)
    for record in records:
        for access in people:
            verdict = verdict_on(administrator, record, access.membership)
            assert verdict.view.is_yes == visible_records(access, contacts).filter(pk=record.pk).exists()
            assert verdict.edit.is_yes == may_edit(access, record)
            assert "%" not in verdict.view_words


def test_one_reads_the_reason_and_an_administrator_asks_for_others(org: Org, client: Client) -> None:
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    owner = colleague(org, "own", "own", sales, "Owner")
    blind = colleague(org, "team", "none", sales, "Blind")
    record = make_record(org, owner=owner.person)
    url = f"/crm/{org.pk}/Contacts/{record.pk}/visibility"
    client.force_login(owner.person)
    page = client.get(url).content.decode()
    assert "Is the owner." in page
    assert "Why can somebody else" not in page
    client.force_login(make_administrator(org, language="en").person)
    page = client.get(f"{url}?person={Membership.objects.get(org=org, person=blind.person).pk}").content.decode()
    assert "does not stand below" in page
    client.force_login(blind.person)
    assert client.get(url).status_code == 404
