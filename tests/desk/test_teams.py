"""Teams of a department: set up, given tickets, asked for in lists, and taken away again."""

import pytest
from django.urls import reverse

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.desk.bulk_changes.actions import start_change, undo_change
from kakehashi.desk.bulk_changes.models import BulkKind
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.portals.actions import create_department, set_departments
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.teams.actions import change_team, create_team, retire_team
from kakehashi.desk.teams.jobs import replace_team
from kakehashi.desk.teams.models import Team
from kakehashi.desk.ticket_views.queries import chosen_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.actions import update_ticket, update_tickets
from kakehashi.desk.tickets.models import Ticket
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_portal, make_seat, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(portal: Portal) -> Department:
    return portal.departments.all()[0]


@pytest.fixture
def team(support: Department, people: People) -> Team:
    return create_team(support, name="First line", members=[people.agent.agent], actor=people.administrator.actor)


def test_only_whoever_manages_people_makes_teams(support: Department, people: People) -> None:
    with pytest.raises(NotAllowed):
        create_team(support, name="First line", actor=people.agent.actor)


def test_a_name_is_given_once_in_a_department(portal: Portal, support: Department, team: Team) -> None:
    with pytest.raises(InvalidValues):
        create_team(support, name="first LINE", actor=MAKER)
    assert create_team(create_department(portal, name="Repairs", actor=MAKER), name="First line", actor=MAKER).pk


def test_members_see_the_department(portal: Portal, support: Department, people: People) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    set_departments(people.agent.agent, departments=[support], actor=MAKER)
    with pytest.raises(InvalidValues) as refused:
        create_team(repairs, name="First line", members=[people.agent.agent], actor=MAKER)
    assert "members" in refused.value.by_field


def test_whoever_leaves_a_department_leaves_its_teams(portal: Portal, team: Team, people: People) -> None:
    set_departments(people.agent.agent, departments=[create_department(portal, name="B", actor=MAKER)], actor=MAKER)
    assert not team.members.exists()


def test_a_ticket_is_given_to_a_team_beside_its_assignee(portal: Portal, team: Team, people: People) -> None:
    ticket = make_ticket(portal, values={"assigneeId": people.agent.agent.pk})
    update_ticket(ticket, values={"teamId": team.pk}, actor=people.agent.actor)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (team, people.agent.agent)


def test_a_team_of_another_department_or_portal_is_refused(portal: Portal, team: Team) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    elsewhere = make_portal(name="Second")
    theirs = create_team(elsewhere.departments.all()[0], name="Theirs", actor=MAKER)
    with pytest.raises(InvalidValues):
        update_ticket(make_ticket(portal, department=repairs), values={"teamId": team.pk}, actor=MAKER)
    with pytest.raises(InvalidValues):
        make_ticket(portal, department=repairs, values={"teamId": team.pk})
    with pytest.raises(InvalidValues):
        make_ticket(portal, values={"teamId": theirs.pk})


def test_a_ticket_that_moves_leaves_its_team_and_says_so(portal: Portal, team: Team) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    ticket = make_ticket(portal, values={"teamId": team.pk})
    moved = update_ticket(ticket, values={"departmentId": repairs.pk}, actor=MAKER)
    assert moved.team is None
    new = create_team(repairs, name="Bench", actor=MAKER)
    other = make_ticket(portal, values={"teamId": team.pk})
    assert update_ticket(other, values={"departmentId": repairs.pk, "teamId": new.pk}, actor=MAKER).team == new


@pytest.mark.django_db(transaction=True)
def test_the_history_tells_of_the_team() -> None:
    portal = make_portal()
    team = create_team(portal.departments.all()[0], name="First line", actor=MAKER)
    ticket = make_ticket(portal)
    update_ticket(ticket, values={"teamId": team.pk}, actor=MAKER)
    ((_icon, sentence),) = sentences_of(Event.objects.get(topic="desk.ticket.updated", subject_id=ticket.pk))
    assert "First line" in sentence


def test_lists_ask_for_a_team_for_my_teams_and_for_none(portal: Portal, team: Team, people: People) -> None:
    other = create_team(team.department, name="Second line", actor=MAKER)
    mine, theirs, nobodys = (make_ticket(portal, values={"teamId": one}) for one in (team.pk, other.pk, None))

    def found(operator: str, *values: str) -> set[int]:
        asked = filter_of(Condition("teamId", operator, values))
        return set(chosen_tickets(people.agent, subjects_of(portal), asked).values_list("pk", flat=True))

    assert found("any_of", "mine") == {mine.pk}
    assert found("any_of", str(other.pk)) == {theirs.pk}
    assert found("none_of", "mine") == {theirs.pk, nobodys.pk}
    assert found("empty") == {nobodys.pk}
    client = people.client_of("agent")
    listed = client.get(reverse("desk_tickets", args=[portal.pk]), {"view": "teams", "layout": "compact"})
    assert f'data-row="{mine.pk}"' in listed.content.decode()
    assert f'data-row="{theirs.pk}"' not in listed.content.decode()


def test_many_go_to_a_team_and_back(portal: Portal, team: Team, people: People) -> None:
    repairs = create_department(portal, name="Repairs", actor=MAKER)
    fits, does_not = make_ticket(portal), make_ticket(portal, department=repairs)
    change = start_change(
        people.agent, kind=BulkKind.UPDATE, ticket_ids=[fits.pk, does_not.pk], values={"teamId": str(team.pk)}
    )
    assert set(Ticket.objects.filter(team=team)) == {fits}
    assert change.skipped_count == 1
    undo_change(people.agent, change)
    assert not Ticket.objects.filter(team=team).exists()


def test_a_removed_team_hands_its_tickets_on(portal: Portal, team: Team) -> None:
    other = create_team(team.department, name="Second line", actor=MAKER)
    tickets = [make_ticket(portal, values={"teamId": team.pk}) for _ in range(3)]
    retire_team(team, successor=other, actor=MAKER)
    replace_team(portal.pk, team.pk, other.pk, "Maker")
    assert Ticket.objects.filter(team=other).count() == len(tickets)
    with pytest.raises(InvalidValues):
        update_ticket(tickets[0], values={"teamId": team.pk}, actor=MAKER)
    assert create_team(team.department, name="First line", actor=MAKER).pk != team.pk


def test_the_page_of_a_ticket_offers_teams_of_its_department_only_where_there_are_any(
    portal: Portal, people: People
) -> None:
    ticket, client = make_ticket(portal), people.client_of("agent")
    url = reverse("desk_ticket", args=[portal.pk, ticket.pk])
    assert 'name="teamId"' not in client.get(url).content.decode()
    team = create_team(ticket.department, name="First line", actor=MAKER)
    create_team(create_department(portal, name="Repairs", actor=MAKER), name="Bench", actor=MAKER)
    page = client.get(url).content.decode()
    assert 'name="teamId"' in page
    assert "Bench" not in page
    form = client.get(reverse("desk_ticket_new", args=[portal.pk])).content.decode()
    assert "First line" in form
    client.post(reverse("desk_ticket_properties", args=[portal.pk, ticket.pk]), {"teamId": team.pk})
    assert Ticket.objects.get(pk=ticket.pk).team == team


def test_before_a_team_is_removed_its_tickets_are_counted(portal: Portal, team: Team, people: People) -> None:
    update_ticket(make_ticket(portal), values={"teamId": team.pk}, actor=MAKER)
    url = reverse("desk_team_retirement", args=[portal.pk, team.pk])
    assert "The team has 1 open ticket" in people.client_of("administrator").get(url).content.decode()


def test_settings_make_change_and_remove_a_team(portal: Portal, support: Department, people: People) -> None:
    client, colleague = people.client_of("administrator"), make_seat(portal)
    given = {"name": "First line", "department": support.pk, "members": [people.agent.agent.pk, colleague.agent.pk]}
    client.post(reverse("desk_team_new", args=[portal.pk]), given)
    team = Team.objects.get()
    assert team.members.count() == 2
    url = reverse("desk_team", args=[portal.pk, team.pk])
    assert client.post(url, {"name": "", "members": []}).status_code == 422
    client.post(url, {"name": "Front", "members": [colleague.agent.pk]})
    assert client.get(reverse("desk_teams", args=[portal.pk])).content.decode().count("Front") == 1
    client.post(reverse("desk_team_retirement", args=[portal.pk, team.pk]), {"successor": ""})
    assert Team.objects.get().retired_at


def test_changing_a_team_of_many_tickets_costs_no_look_at_them(
    portal: Portal, team: Team, django_assert_max_num_queries: object
) -> None:
    for _ in range(3):
        make_ticket(portal, values={"teamId": team.pk})
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        change_team(team, name="Front", members=[], actor=MAKER)


def test_a_batch_asks_for_its_team_once_per_ticket_at_most(
    portal: Portal, team: Team, django_assert_max_num_queries: object
) -> None:
    few = [make_ticket(portal).pk for _ in range(6)]
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        update_tickets(portal, ticket_ids=few, values={"teamId": team.pk}, actor=MAKER)
