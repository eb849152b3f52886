"""Teams, followers and profiles as people meet them."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kakehashi.core import clock
from kakehashi.desk.escalation.actions import LevelDraft, create_rule
from kakehashi.desk.followers.actions import add_followers
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.profiles.actions import copy_profile
from kakehashi.desk.teams.actions import create_team
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.ticket_tags.actions import add_tag
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, make_account, make_administrator, make_contact, make_portal, make_seat, make_ticket

from .conftest import PHONE, Meet, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(transactional_db: None) -> Portal:
    portal = make_portal()
    level = LevelDraft(minutes=60, is_working_time=False, tells_administrators=True, marks_escalated=True)
    create_rule(portal, deadline="resolution", department=None, level=level, actor=MAKER)
    contact = make_contact(portal, account=make_account(portal))
    for number in range(3):
        due = clock.now() + timedelta(hours=2 + number)
        make_ticket(portal, subject=f"Pump {number}", contact=contact, values={"dueDate": due})
    return portal


def _look(page: Page, name: str) -> None:
    """For the eye: KAKEHASHI_SHOTS names a folder."""
    if folder := os.environ.get("KAKEHASHI_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_team_is_made_given_a_ticket_and_finds_it_in_its_view(meet: Meet, portal: Portal) -> None:
    chief, agent = make_administrator(portal), make_seat(portal, family_name="小林", given_name="直")
    page = meet(chief.person).open(f"/desk/{portal.pk}/settings/teams/new/")
    page.get_by_label("Name").fill("First line")
    page.locator(".ts-control").click()
    page.locator(".ts-dropdown").get_by_text(agent.person.name).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 member")
    ticket = Ticket.objects.get(subject="Pump 1")
    page = meet(agent.person).open(f"/desk/{portal.pk}/tickets/{ticket.pk}/")
    page.locator("#property-teamId").select_option(label="First line")
    expect(page.locator("#ticket-conversation")).to_contain_text("First line")
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.locator("#ticket-followers")).to_contain_text(agent.person.name)
    page.goto(page.url.split("/tickets/")[0] + "/tickets/?view=teams")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Pump 1")


def test_messages_of_a_copied_profile_lose_a_right(meet: Meet, portal: Portal) -> None:
    page = meet(make_administrator(portal).person).open(f"/desk/{portal.pk}/settings/profiles/")
    page.get_by_label("Name").fill("Trainee")
    page.get_by_role("button", name="Create").last.click()
    page.get_by_label("Delete and restore").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".k-toast")).to_contain_text("Saved")
    assert "may_delete" not in portal.profiles.get().permissions


@pytest.mark.parametrize(("language", "size", "theme"), [("en", (1440, 900), "light"), ("ja", PHONE, "dark")])
def test_their_pages_are_fit_to_be_seen(
    meet: Meet, portal: Portal, language: str, size: tuple[int, int], theme: str
) -> None:
    chief, agent = make_administrator(portal, language=language), make_seat(portal)
    ticket = Ticket.objects.get(subject="Pump 1")
    team = create_team(ticket.department, name="First line", members=[agent.agent], actor=MAKER)
    profile = copy_profile(portal, name="Trainee", source="agent", actor=MAKER)
    add_field(portal, kind="text", draft=FieldDraft("Serial number"), actor=MAKER)
    add_followers(ticket, agents=[agent.agent, chief.agent], actor=chief.actor)
    add_tag(portal, ticket_ids=[ticket.pk], name="VIP", actor=MAKER)
    visitor = meet(chief.person, size=size, color_scheme=theme)
    pages = {
        "agents": "settings/agents/",
        "agent": f"settings/agents/{agent.agent.pk}/",
        "teams": "settings/teams/",
        "team": f"settings/teams/{team.pk}/",
        "profiles": "settings/profiles/",
        "profile": f"settings/profiles/{profile.pk}/",
        "mails": "notices/",
        "web-form": f"settings/web-forms/{ticket.department_id}/",
        "level": "settings/escalations/new/",
        "ticket": f"tickets/{ticket.pk}/",
        "list": "tickets/?view=open&layout=table",
        "compact": "tickets/?view=open&layout=compact&columns=status,teamId,next,escalatedBy,tags",
        "board": "tickets/?view=open&layout=board",
    }
    for name, path in pages.items():
        page = visitor.open(f"/desk/{portal.pk}/{path}")
        page.wait_for_load_state("networkidle")
        _look(page, f"{name}-{language}-{size[0]}-{theme}")
        assert_accessible(page)
        page.close()
