"""Spec P1–P4 and R1, R2 as the integration page offers them."""

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.crm.customise.modules import create_module
from kakehashi.desk.portals.models import Agent, AgentRole, AgentState
from kakehashi.identity.mails.models import Mail
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record
from tests.makers.desk import make_administrator, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def joined() -> Joined:
    return make_joined()


@pytest.fixture
def page(client: Client, joined: Joined) -> Client:
    client.force_login(joined.administrator.person)
    return client


def address(joined: Joined, name: str, *more: int) -> str:
    return reverse(f"desk_integration_{name}", args=[joined.org.pk, *more])


@pytest.mark.spec("P1", "P2")
def test_several_are_chosen_previewed_in_words_and_invited(page: Client, joined: Joined) -> None:
    one, two = (make_member(joined.org, given_name=name, language="ja").person for name in ("凪", "陸"))
    sent = {"person": [one.pk, two.pk], f"role-{one.pk}": "agent", f"role-{two.pk}": "light_agent"}
    shown = page.post(address(joined, "inviting"), sent).content.decode()
    assert "Reply to customers, forward and comment" in shown
    assert "Write internal comments, nothing that customers see" in shown
    assert not Agent.objects.filter(person__in=[one, two]).exists()
    assert page.post(address(joined, "inviting"), {**sent, "send": "1"}).status_code == 302
    seats = {seat.person_id: (seat.role, seat.state) for seat in Agent.objects.filter(person__in=[one, two])}
    assert seats == {one.pk: ("agent", "invited"), two.pk: ("light_agent", "invited")}
    assert set(Mail.objects.values_list("recipient", flat=True)) == {one.email, two.email}
    assert all("招待" in mail.subject for mail in Mail.objects.all())
    assert page.post(address(joined, "inviting"), {"send": "1"}).status_code == 422, "nobody was chosen"


@pytest.mark.spec("P3")
def test_mutual_users_and_pending_invitations_are_listed_resent_withdrawn_and_given_other_roles(
    page: Client, joined: Joined
) -> None:
    colleague = make_member(joined.org, given_name="凪").person
    page.post(address(joined, "inviting"), {"person": colleague.pk, f"role-{colleague.pk}": "agent", "send": "1"})
    seat = Agent.objects.get(person=colleague)
    page.post(address(joined, "invitation", seat.pk))
    assert Mail.objects.filter(recipient=colleague.email).count() == 2
    assert "Invited" in page.get(address(joined, "people")).content.decode()
    page.post(address(joined, "withdrawal", seat.pk))
    seat.refresh_from_db()
    assert seat.state == AgentState.INACTIVE
    Agent.objects.filter(pk=seat.pk).update(state=AgentState.ACTIVE)
    page.post(address(joined, "role", seat.pk), {"role": "light_agent"})
    seat.refresh_from_db()
    assert seat.role == AgentRole.LIGHT_AGENT


def test_only_an_administrator_of_the_desk_makes_administrators(client: Client, joined: Joined) -> None:
    other = make_member(joined.org, profile="Administrator").person
    someone = make_member(joined.org).person
    client.force_login(other)
    sent = {"person": someone.pk, f"role-{someone.pk}": "administrator", "send": "1"}
    assert client.post(address(joined, "inviting"), sent).status_code == 403
    mine = Agent.objects.get(portal=joined.portal, person=joined.administrator.person)
    make_administrator(joined.portal)
    assert client.post(address(joined, "role", mine.pk), {"role": "light_agent"}).status_code == 403
    client.force_login(joined.administrator.person)
    assert client.post(address(joined, "inviting"), sent).status_code == 302


def test_strangers_to_the_org_are_not_reached_through_it(page: Client, joined: Joined) -> None:
    seat = make_seat(joined.portal)
    assert page.post(address(joined, "role", seat.agent.pk), {"role": "light_agent"}).status_code == 404
    sent = {"person": seat.person.pk, f"role-{seat.person.pk}": "agent", "send": "1"}
    assert page.post(address(joined, "inviting"), sent).status_code == 404


@pytest.mark.spec("R1", "R2")
def test_modules_with_an_email_field_are_chosen_and_others_say_why_not(page: Client, joined: Joined) -> None:
    leads = make_record(joined.org, "Leads", Last_Name="小林", Email="k@example.com")
    create_module(joined.org, singular="Site", plural="Sites", actor=joined.administrator.actor)
    shown = page.get(address(joined, "related_lists")).content.decode()
    assert "This module has no e-mail field" in shown
    panel = reverse("record_tickets", args=[joined.org.pk, "Leads", leads.pk])
    assert page.get(panel).status_code == 404
    page.post(address(joined, "related_lists"), {"modules": ["Accounts", "Contacts", "Leads", "Sites"]})
    chosen = set(TicketModule.objects.values_list("module", flat=True))
    assert chosen == {"Accounts", "Contacts", "Leads"}
    assert page.get(panel, headers={"HX-Request": "true"}).status_code == 200
