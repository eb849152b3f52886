"""Spec B1–B3: the whole Desk within the CRM, for who has an account in it, until an administrator removes the tab."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.desk_tab.addresses import URLCONF, portal_within, within, without
from kakehashi.crm.tabs.models import TabChoice
from kakehashi.identity.people.models import Person
from tests.access.addresses import Address, _walk
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member
from tests.makers.desk import make_contact, make_seat, make_ticket

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def joined() -> Joined:
    return make_joined()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def tabs(joined: Joined, person: Person) -> list[str]:
    page = signed_in(person).get(reverse("crm_list", args=[joined.org.pk, "Contacts"]))
    return [tab.key for tab in page.context["workspace"].tabs]


def tickets_within(joined: Joined) -> str:
    return within(reverse("desk_tickets", args=[joined.portal.pk]))


def test_addresses_lead_in_and_out() -> None:
    assert within("/desk/5/tickets/7/?a=b") == "/crm/desk/5/tickets/7/?a=b" == within("/crm/desk/5/tickets/7/?a=b")
    assert without("/crm/desk/5/tickets/7/?a=b") == "/desk/5/tickets/7/?a=b"
    assert portal_within("/crm/desk/5/") == 5
    assert portal_within("/crm/5/Contacts/") is portal_within("/desk/5/") is None


def addresses(urlconf: str) -> Iterator[Address]:
    return _walk(get_resolver(urlconf), "")


@pytest.mark.spec("B1")
def test_every_page_of_the_desk_has_its_place_within_the_crm() -> None:
    own = {one for one in addresses("kakehashi.assembly.urls") if one.route.startswith("desk/<int:portal_id>/")}
    inside = {one for one in addresses(URLCONF) if one.route.startswith("crm/desk/")}
    assert {Address(one.name, f"crm/{one.route}") for one in own} == inside
    others = set(addresses("kakehashi.assembly.urls")) - own
    assert others == set(addresses(URLCONF)) - inside


@pytest.mark.spec("B1", "B2")
def test_the_desk_stands_in_the_frame_of_the_crm_and_every_link_leads_on_within(joined: Joined) -> None:
    ticket = make_ticket(joined.portal, contact=make_contact(joined.portal))
    client = signed_in(joined.administrator.person)
    assert tabs(joined, joined.administrator.person)[-1] == "desk_tab"
    for address in (tickets_within(joined), within(reverse("desk_ticket", args=[joined.portal.pk, ticket.pk]))):
        page = client.get(address)
        around = page.context["around"]
        assert (around.workspace.kind, around.active, page.context["workspace"].kind) == ("crm", "desk_tab", "desk")
        html = page.content.decode()
        assert "k-within" in html
        strays = set(re.findall(rf'="(/desk/{joined.portal.pk}/[^"]*)"', html)) - {
            reverse("desk_home", args=[joined.portal.pk])  # the switcher's way to the Desk itself
        }
        assert not strays
    moved = client.post(within(reverse("desk_ticket_deletion", args=[joined.portal.pk, ticket.pk])))
    assert moved["Location"] == tickets_within(joined)
    assert client.get(tickets_within(joined), headers=HX).status_code == 200
    assert "k-within" not in client.get(reverse("desk_tickets", args=[joined.portal.pk])).content.decode()


@pytest.mark.spec("B2")
def test_without_an_account_in_the_desk_there_is_no_tab(joined: Joined) -> None:
    colleague = make_member(joined.org).person
    assert "desk_tab" not in tabs(joined, colleague)
    client = signed_in(colleague)
    answer = client.get(tickets_within(joined) + "?view=all")
    assert answer["Location"] == reverse("desk_tickets", args=[joined.portal.pk]) + "?view=all"
    assert client.get(answer["Location"]).status_code == 404
    assert Client().get(tickets_within(joined))["Location"].startswith("/account/login/")


@pytest.mark.spec("B2")
def test_who_works_only_in_the_desk_is_led_there(joined: Joined) -> None:
    client = signed_in(make_seat(joined.portal).person)
    answer = client.get(tickets_within(joined), follow=True)
    assert answer.redirect_chain == [(reverse("desk_tickets", args=[joined.portal.pk]), 302)]
    assert answer.context["around"] is None


@pytest.mark.spec("B3")
def test_an_administrator_removes_the_tab_puts_it_back_and_chooses_profiles(joined: Joined) -> None:
    person, here = joined.administrator.person, [joined.org.pk, "desk_tab"]
    client = signed_in(person)
    page = client.post(reverse("crm_tab_removal", args=here), headers=HX)
    assert "Put back" in page.content.decode()
    assert "desk_tab" not in tabs(joined, person)
    assert client.get(tickets_within(joined))["Location"] == reverse("desk_tickets", args=[joined.portal.pk])
    client.post(reverse("crm_tab_return", args=here), headers=HX)
    assert "desk_tab" in tabs(joined, person)
    others = make_member(joined.org).membership.profile_id
    client.post(reverse("crm_tab_profiles", args=here), {"profile": [others]}, headers=HX)
    assert TabChoice.objects.get().without_profiles == [joined.administrator.membership.profile_id]
    assert "desk_tab" not in tabs(joined, person)
    audit = client.get(reverse("crm_audit", args=[joined.org.pk])).content.decode()
    assert "Profiles that have it" in audit


@pytest.mark.spec("B2", "X4")
def test_the_tab_ends_with_the_connection(joined: Joined) -> None:
    disable(joined.connection, actor=joined.administrator.actor)
    assert "desk_tab" not in tabs(joined, joined.administrator.person)
    assert "Desk" not in [
        str(row.tab.label)
        for row in signed_in(joined.administrator.person)
        .get(reverse("crm_modules", args=[joined.org.pk]))
        .context["tabs"]
    ]
