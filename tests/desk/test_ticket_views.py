"""Lists of tickets: views, filters, layouts, pages."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.fields.types import FieldType
from kakehashi.core.filters.definition import Condition, Filter, as_text, filter_of
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.actions import add_agent, create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statuses.actions import add_status
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.ticket_views import pages as view_pages
from kakehashi.desk.ticket_views.actions import save_view
from kakehashi.desk.ticket_views.models import TicketView
from kakehashi.desk.ticket_views.queries import chosen_tickets, list_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.ticket_views.views import DEFAULT_COLUMNS, standard_views, views_of
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket
from kakehashi.desk.tickets.queries import visible_tickets
from tests.desk.conftest import People
from tests.makers.desk import (
    MAKER,
    make_account,
    make_administrator,
    make_contact,
    make_desk_person,
    make_portal,
    make_ticket,
)

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def _found(access: DeskAccess, *conditions: Condition) -> set[int]:
    rows = chosen_tickets(access, subjects_of(access.portal), filter_of(*conditions))
    return set(rows.values_list("pk", flat=True))


def _view(access: DeskAccess, key: str) -> set[int]:
    view = next(view for view in standard_views() if view.key == key)
    return _found(access, *view.filter)


def test_each_standard_view_holds_what_it_says(portal: Portal, people: People) -> None:
    mine, now = people.agent, clock.now()
    late = make_ticket(portal, values={"dueDate": now - timedelta(hours=1)})
    today = make_ticket(portal, values={"dueDate": now + timedelta(minutes=5), "assigneeId": mine.agent.pk})
    held = make_ticket(portal, values={"status": "On Hold", "priority": "High"})
    done = make_ticket(portal, values={"isEscalated": True})
    close_ticket(done, actor=MAKER)
    gone = make_ticket(portal)
    delete_ticket(gone, actor=MAKER)
    escalated = make_ticket(portal, values={"isEscalated": True})
    assert _view(mine, "mine") == {today.pk}
    assert _view(mine, "unassigned") == {late.pk, held.pk, escalated.pk}
    assert _view(mine, "open") == {late.pk, today.pk, held.pk, escalated.pk}
    assert _view(mine, "on_hold") == {held.pk}
    assert _view(mine, "overdue") == {late.pk}
    assert _view(mine, "escalated") == {escalated.pk}
    assert _view(mine, "high_priority") == {held.pk}
    assert _view(mine, "closed") == {done.pk}
    assert _view(mine, "all") == {late.pk, today.pk, held.pk, done.pk, escalated.pk}
    assert _view(mine, "ours") | _view(mine, "customer") == _view(mine, "open")


def test_every_field_can_be_asked_also_those_of_ones_own(portal: Portal, people: People) -> None:
    account = make_account(portal)
    colour = add_field(
        portal, kind=FieldType.PICKLIST, draft=FieldDraft("Colour", choices=("Red", "Blue")), actor=MAKER
    )
    length = add_field(portal, kind=FieldType.DECIMAL, draft=FieldDraft("Length"), actor=MAKER)
    red = make_ticket(
        portal, account=account, values={colour.api_name: "Red", length.api_name: "12.5", "category": "Pump"}
    )
    plain = make_ticket(portal, values={"priority": "Low"})
    here = people.administrator
    assert _found(here, Condition(colour.api_name, "any_of", ("Red",))) == {red.pk}
    assert _found(here, Condition(colour.api_name, "none_of", ("Red",))) == {plain.pk}
    assert _found(here, Condition(length.api_name, "gt", ("12",))) == {red.pk}
    assert _found(here, Condition("accountId", "any_of", (str(account.pk),))) == {red.pk}
    assert _found(here, Condition("accountId", "empty")) == {plain.pk}
    assert _found(here, Condition("category", "contains", ("pum",))) == {red.pk}
    assert _found(here, Condition("category", "empty")) == {plain.pk}
    assert _found(here, Condition("priority", "any_of", ("Low",))) == {plain.pk}
    assert _found(here, Condition("priority", "empty")) == {red.pk}
    assert _found(here, Condition("status", "none_of", ("Open",))) == set()
    assert _found(here, Condition("createdTime", "today")) == {red.pk, plain.pk}


def test_every_operator_of_every_field_can_be_run(portal: Portal, people: People) -> None:
    from kakehashi.core.filters.checking import clean_condition
    from kakehashi.core.filters.operators import OPERATORS, Family, Shape, shape_of

    for kind in ("text", "textarea", "integer", "date", "datetime", "boolean", "email", "phone", "url", "percent"):
        add_field(portal, kind=kind, draft=FieldDraft(kind), actor=MAKER)
    make_ticket(portal)
    subjects = subjects_of(portal)
    values = {
        Family.NUMBER: ("1", "2"),
        Family.DATE: ("2026-01-01", "2026-02-01"),
        Family.MOMENT: ("2026-01-01", "2026-02-01"),
    }
    for subject in subjects.values():
        for operator in OPERATORS[subject.family]:
            shape = shape_of(operator)
            many = (subject.choices[0][0],) if subject.choices else ("1",)
            given = {Shape.NONE: (), Shape.MANY: many, Shape.DAYS: ("3",)}.get(
                shape, values.get(subject.family, ("x", "y"))
            )
            if shape == Shape.ONE:
                given = given[:1]
            asked = clean_condition(Condition(subject.name, operator.value, tuple(given)), subjects)
            list(chosen_tickets(people.agent, subjects, filter_of(asked))[:1])


def test_pages_hold_every_ticket_once_both_ways_and_by_every_order(portal: Portal, people: People) -> None:
    for number in range(130):
        make_ticket(portal, values={"dueDate": clock.now() + timedelta(hours=number // 3)} if number % 2 else {})
    rows = visible_tickets(people.administrator)
    for sort in ("-activity", "activity", "number", "-number", "due", "-due", "created"):
        forward: list[int] = []
        page = list_tickets(rows, sort)
        while True:
            forward += [ticket.pk for ticket in page.tickets]
            if not page.next:
                break
            page = list_tickets(rows, sort, after=page.next)
        assert len(forward) == len(set(forward)) == 130, sort
        backward = [ticket.pk for ticket in page.tickets]
        while page.previous:
            page = list_tickets(rows, sort, before=page.previous)
            backward = [ticket.pk for ticket in page.tickets] + backward
        assert backward == forward, sort


def test_a_place_that_is_none_of_ours_is_not_found(portal: Portal, people: People) -> None:
    client = people.client_of("agent")
    assert client.get(reverse("desk_tickets", args=[portal.pk]) + "?after=x!").status_code == 404


@pytest.mark.parametrize("layout", ["table", "compact", "board"])
def test_each_layout_takes_the_same_queries_for_few_and_many(portal: Portal, people: People, layout: str) -> None:
    client = people.client_of("agent")
    address = f"{reverse('desk_tickets', args=[portal.pk])}?layout={layout}"

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address, headers=FRAGMENT).status_code == 200
        return len(queries)

    make_ticket(portal, contact=make_contact(portal))
    client.get(address)
    few = cost()
    for _ in range(8):
        make_ticket(portal, contact=make_contact(portal, account=make_account(portal)))
    assert cost() == few
    assert views_of(people.agent).layout == layout


def test_a_view_is_saved_shared_changed_and_comes_back(portal: Portal, people: People) -> None:
    client, here = people.client_of("agent"), [portal.pk]
    asked = as_text(filter_of(Condition("priority", "any_of", ("High",))))
    high = make_ticket(portal, values={"priority": "High"})
    make_ticket(portal)
    sent = {"view": "all", "filter": asked, "name": "Urgent", "sharing": "private", "columns": "priority,turn"}
    assert client.post(reverse("desk_view_new", args=here), sent).status_code == 204
    view = TicketView.objects.get()
    page = client.get(reverse("desk_tickets", args=here) + f"?view={view.pk}&layout=compact").content.decode()
    assert page.count("data-row=") == 1
    assert f'data-row="{high.pk}"' in page
    assert str(view.pk) not in [one.key for one in views_of(people.administrator)]
    client.post(reverse("desk_view", args=[*here, view.pk]), {"name": "Urgent", "sharing": "shared"})
    assert str(view.pk) in [one.key for one in views_of(people.administrator)]
    client.post(reverse("desk_view_default", args=here), {"view": view.pk})
    assert views_of(people.agent).chosen("").key == str(view.pk)
    client.post(reverse("desk_view_deletion", args=[*here, view.pk]))
    assert views_of(people.agent).chosen("").key == "open"
    client.post(reverse("desk_view_restoration", args=[*here, view.pk]))
    assert views_of(people.agent).chosen("").key == str(view.pk)


def test_nobody_sees_or_changes_somebody_elses_private_view(portal: Portal, people: People) -> None:
    row = save_view(
        people.administrator, name="Mine", shown=(Filter(), DEFAULT_COLUMNS, "-activity"), is_shared=False, actor=MAKER
    )
    client = people.client_of("agent")
    assert client.get(reverse("desk_tickets", args=[portal.pk]) + f"?view={row.pk}").status_code == 404
    for name in ("desk_view", "desk_view_deletion", "desk_view_content"):
        assert client.post(reverse(name, args=[portal.pk, row.pk]), {"name": "x"}).status_code == 404
    elsewhere = make_portal(name="Second")
    assert client.post(reverse("desk_view_deletion", args=[elsewhere.pk, row.pk])).status_code == 404


def test_a_filter_over_a_field_that_is_gone_says_so_and_lets_the_rest_count(portal: Portal, people: People) -> None:
    make_ticket(portal)
    asked = as_text(filter_of(Condition("cf_gone", "is", ("x",)), Condition("status", "any_of", ("Open",))))
    page = people.client_of("agent").get(
        reverse("desk_tickets", args=[portal.pk]), {"filter": asked, "layout": "compact"}
    )
    assert "cf_gone" in page.content.decode()
    assert page.content.decode().count("data-row=") == 1


def test_the_rail_counts_what_this_person_sees(portal: Portal, people: People) -> None:
    other = create_department(portal, name="Second", actor=MAKER)
    make_ticket(portal)
    make_ticket(portal, department=other)
    narrow = make_desk_person()
    add_agent(portal, person=narrow, role="agent", actor=MAKER, departments=[other])
    assert len(_view(find_access(narrow, portal.pk), "open")) == 1
    page = people.client_of("agent").get(reverse("desk_view_counts", args=[portal.pk])).content.decode()
    assert 'id="view-count-open" hx-swap-oob="true">2<' in page


def test_the_builder_answers_rows_and_refuses_with_reasons(portal: Portal, people: People) -> None:
    client, here = people.client_of("agent"), [portal.pk]
    dialog = client.get(reverse("desk_list_filter", args=here), {"view": "mine"}).content.decode()
    assert "any_of" in dialog
    row = client.get(
        reverse("desk_list_filter_row", args=here), {"row": "g:r", "field-r": "contactId", "operator-r": "any_of"}
    )
    assert reverse("desk_contact_options", args=here) in row.content.decode()
    sent = {"group": "g", "row": "g:r", "field-r": "subject", "operator-r": "contains", "value-r": ""}
    assert client.post(reverse("desk_list_filter", args=here), sent).status_code == 422
    done = client.post(reverse("desk_list_filter", args=here), {**sent, "value-r": "pump"})
    assert "filter=" in done["HX-Redirect"]


def test_a_card_of_the_board_changes_the_status_and_comes_back(portal: Portal, people: People) -> None:
    add_status(portal, name="Later", kind="On Hold", actor=MAKER)
    ticket, client = make_ticket(portal), people.client_of("agent")
    answer = client.post(reverse("desk_ticket_status", args=[portal.pk, ticket.pk]), {"stage": "Later"})
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.status.name) == (204, "Later")
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    ticket.refresh_from_db()
    assert ticket.status.name == "Open"
    assert (
        people.client_of("light_agent")
        .post(reverse("desk_ticket_status", args=[portal.pk, ticket.pk]), {"stage": "Later"})
        .status_code
        == 403
    )


@pytest.mark.parametrize("layout", ["table", "compact", "board"])
def test_a_list_that_takes_too_long_is_given_up_and_says_what_helps(
    client: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    client.force_login(make_administrator(portal).person)
    make_ticket(portal)
    slowly = view_pages.chosen_tickets
    monkeypatch.setattr(view_pages, "_PATIENCE_MILLISECONDS", 20)
    monkeypatch.setattr(
        view_pages, "chosen_tickets", lambda *asked: slowly(*asked).extra(where=["pg_sleep(2) IS NOT NULL"])
    )
    answer = client.get(reverse("desk_tickets", args=[portal.pk]), {"layout": layout, "q": "ロガー"})
    assert answer.status_code == 200
    assert "This takes too long over so many tickets." in answer.content.decode()
    assert 'value="ロガー"' in answer.content.decode(), "what was asked stays"
