"""Escalation that gives tickets to teams and tells their members, and a sweep that one broken ticket does not stop."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues
from kakehashi.desk.escalation.actions import LevelDraft, create_rule
from kakehashi.desk.escalation.escalating import escalate_due
from kakehashi.desk.escalation.models import EscalationLevel
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.teams.actions import create_team, retire_team
from kakehashi.desk.teams.models import Team
from kakehashi.desk.tickets.models import Ticket
from tests.desk.conftest import People
from tests.desk.test_escalation import LONG_AGO
from tests.makers.desk import MAKER, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_line(portal: Portal, people: People) -> Team:
    members = [people.agent.agent, people.light_agent.agent]
    return create_team(portal.departments.all()[0], name="Second line", members=members, actor=MAKER)


def rule(portal: Portal, **level: object) -> None:
    with clock.frozen_at(LONG_AGO):
        create_rule(portal, deadline="resolution", department=None, level=LevelDraft(**level), actor=MAKER)  # type: ignore[arg-type]


def overdue(portal: Portal, **options: object) -> Ticket:
    values = {"dueDate": clock.now() - timedelta(minutes=5)}
    return make_ticket(portal, values=values, **options)


def test_a_level_gives_the_ticket_to_a_team_and_tells_its_members(
    portal: Portal, second_line: Team, people: People
) -> None:
    rule(portal, new_team=second_line, tells_team=True)
    ticket = overdue(portal)
    assert escalate_due() == 1
    ticket.refresh_from_db()
    assert ticket.team == second_line
    told = set(Notice.objects.filter(ticket=ticket).values_list("person_id", flat=True))
    assert told == {people.agent.person.pk, people.light_agent.person.pk}


def test_a_ticket_of_another_department_keeps_its_team(portal: Portal, second_line: Team) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    rule(portal, new_team=second_line, marks_escalated=True)
    ticket = overdue(portal, department=repairs)
    escalate_due()
    ticket.refresh_from_db()
    assert (ticket.team, ticket.is_escalated) == (None, True)


def test_a_retired_team_is_given_nothing(portal: Portal, second_line: Team) -> None:
    rule(portal, new_team=second_line, marks_escalated=True)
    retire_team(second_line, successor=None, actor=MAKER)
    ticket = overdue(portal)
    escalate_due()
    assert Ticket.objects.get(pk=ticket.pk).team is None


def test_a_team_of_another_department_than_the_rule_is_refused(portal: Portal, second_line: Team) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    with pytest.raises(InvalidValues):
        create_rule(
            portal, deadline="resolution", department=repairs, level=LevelDraft(new_team=second_line), actor=MAKER
        )


def test_the_form_of_a_level_offers_teams(portal: Portal, second_line: Team, people: People) -> None:
    client, url = people.client_of("administrator"), reverse("desk_escalation_new", args=[portal.pk])
    assert "Second line" in client.get(url).content.decode()
    given = {"deadline": "resolution", "side": "after", "clock": "real", "told": ["team"], "new_team": second_line.pk}
    client.post(url, given)
    level = EscalationLevel.objects.get()
    assert (level.tells_team, level.new_team) == (True, second_line)
    shown = client.get(reverse("desk_escalations", args=[portal.pk])).content.decode()
    assert "Give to the team Second line" in shown


def test_one_broken_ticket_does_not_stop_the_others_of_its_portal(portal: Portal) -> None:
    rule(portal, marks_escalated=True)
    first, broken, last = (overdue(portal) for _ in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;"
            f"CREATE TRIGGER break_it BEFORE UPDATE ON desk_ticket FOR EACH ROW WHEN (OLD.id = {broken.pk})"
            " EXECUTE FUNCTION break_it();"
        )
    assert escalate_due() == 2
    assert set(Ticket.objects.filter(is_escalated=True)) == {first, last}
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER break_it ON desk_ticket")
    assert escalate_due() == 1
