"""What the list and the board say beyond a ticket itself: tags, what comes next, and what escalated it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from kakehashi.core import clock
from kakehashi.desk.escalation.actions import LevelDraft, create_rule
from kakehashi.desk.escalation.escalating import escalate_due
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_tags.actions import add_tag
from kakehashi.desk.ticket_views.lines import lines_of
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.rows import TicketLine
from tests.desk.conftest import People
from tests.desk.test_escalation import LONG_AGO
from tests.makers.desk import MAKER, make_ticket

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def rule(portal: Portal) -> None:
    """An hour after the solution was due."""
    level = LevelDraft(minutes=60, is_working_time=False, marks_escalated=True, tells_administrators=True)
    with clock.frozen_at(LONG_AGO):
        create_rule(portal, deadline="resolution", department=None, level=level, actor=MAKER)


def due_in(portal: Portal, hours: float, **more: object) -> Ticket:
    return make_ticket(portal, values={"dueDate": clock.now() + HOUR * hours, **more})


def line(portal: Portal, ticket: Ticket, *shown: str) -> TicketLine:
    ticket = Ticket.objects.select_related("status", "portal").get(pk=ticket.pk)
    with translation.override("en"):
        return lines_of(portal, [ticket], shown=shown)[0]


@pytest.mark.usefixtures("rule")
def test_the_next_target_and_the_next_level_are_named_with_their_moments(portal: Portal) -> None:
    solve = due_in(portal, 2)
    answer = due_in(portal, 2, responseDueDate=clock.now() + HOUR)
    assert line(portal, solve, "next").target.startswith("Solve by")
    assert line(portal, answer, "next").target.startswith("Answer by")
    coming = line(portal, solve, "next").coming
    assert "Mail to the administrators" in coming
    assert "Mark as escalated" in coming


@pytest.mark.usefixtures("rule")
def test_nothing_comes_for_a_closed_ticket_and_one_on_hold(portal: Portal) -> None:
    closed, held = due_in(portal, 2), due_in(portal, 2, status="On Hold")
    close_ticket(closed, actor=MAKER)
    for ticket in (closed, held):
        assert line(portal, ticket, "next").coming == ""


@pytest.mark.usefixtures("rule")
def test_an_escalated_ticket_names_its_rule_unless_a_person_did_it(portal: Portal) -> None:
    late, by_hand = due_in(portal, -2), make_ticket(portal, values={"isEscalated": True})
    escalate_due()
    assert line(portal, late, "escalatedBy").escalated_by == "Solution of the ticket · all departments"
    assert line(portal, by_hand, "escalatedBy").escalated_by == ""


@pytest.mark.usefixtures("rule")
def test_list_table_and_board_show_them(portal: Portal, people: People) -> None:
    late, soon = due_in(portal, -2), due_in(portal, 2)
    add_tag(portal, ticket_ids=[soon.pk, late.pk], name="VIP customer", actor=MAKER)
    escalate_due()
    client, url = people.client_of("agent"), reverse("desk_tickets", args=[portal.pk])
    for layout in ("table", "board"):
        page = client.get(url, {"view": "all", "layout": layout}).content.decode()
        assert "Solution of the ticket · all departments" in page
        assert "Mark as escalated" in page
        assert "VIP customer" not in page.partition('id="tickets"')[2] or layout == "table"
    asked = {"view": "all", "layout": "compact", "columns": "tags,next,escalatedBy"}
    page = client.get(url, asked, headers=FRAGMENT).content.decode()
    for words in ("VIP customer", "Solve by", "Mark as escalated", "Solution of the ticket · all departments"):
        assert words in page


@pytest.mark.usefixtures("rule")
@pytest.mark.parametrize("layout", ["table", "compact", "board"])
def test_they_cost_the_same_for_few_and_many(portal: Portal, people: People, layout: str) -> None:
    client = people.client_of("agent")
    address = reverse("desk_tickets", args=[portal.pk]) + f"?layout={layout}&columns=tags,next,escalatedBy"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, headers=FRAGMENT).status_code == 200
        return len(queries)

    def fill(count: int) -> None:
        made = [due_in(portal, hours) for _ in range(count) for hours in (-2, 2)]
        add_tag(portal, ticket_ids=[ticket.pk for ticket in made], name="VIP", actor=MAKER)
        escalate_due()

    fill(1)
    client.get(address)
    few = cost()
    fill(4)
    assert cost() == few
