"""A list of tickets as a spreadsheet: what the list shows, all of it, harmless, and only for those who may."""

import csv
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.core.events.models import Event
from kakehashi.core.fields.types import FieldType
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import AgentProfile, Portal
from kakehashi.desk.ticket_exports import writing
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.ticket_tags.actions import add_tag
from kakehashi.desk.tickets.actions import close_ticket
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def _file(people: People, portal: Portal, *, who: str = "agent", **query: Any) -> list[list[str]]:
    answer = people.client_of(who).get(reverse("desk_ticket_export", args=[portal.pk]), query)
    assert answer.status_code == 200
    encoding = "cp932" if query.get("encoding") == "cp932" else "utf-8-sig"
    return list(csv.reader(b"".join(answer.streaming_content).decode(encoding).splitlines()))  # type: ignore[attr-defined]


def test_the_file_has_the_columns_and_the_order_of_the_list(portal: Portal, people: People) -> None:
    account = make_account(portal, name="月見坂食品株式会社")
    contact = make_contact(portal, account=account)
    first, second = (make_ticket(portal, subject=f"No. {at}", contact=contact) for at in (1, 2))
    heading, *lines = _file(people, portal, view="all", columns="status,accountId,priority", sort="number")
    assert heading == ["Number", "Subject", "Status", "Account", "Priority"]
    assert [line[:4] for line in lines] == [
        [str(ticket.number), ticket.subject, "Open", "月見坂食品株式会社"] for ticket in (first, second)
    ]
    assert [line[1] for line in _file(people, portal, view="all", sort="-number")[1:]] == ["No. 2", "No. 1"]


def test_a_view_and_its_filter_decide_what_is_in_it(portal: Portal, people: People) -> None:
    closed, high = (
        make_ticket(portal, subject="Closed"),
        make_ticket(portal, subject="High", values={"priority": "High"}),
    )
    make_ticket(portal, subject="Low", values={"priority": "Low"})
    close_ticket(closed, actor=MAKER)
    asked = as_text(filter_of(Condition("priority", "any_of", ("High",))))
    assert [line[1] for line in _file(people, portal, view="open", filter=asked)[1:]] == [high.subject]
    assert [line[1] for line in _file(people, portal, view="closed")[1:]] == ["Closed"]
    assert [line[1] for line in _file(people, portal, view="all", selected=[closed.pk])[1:]] == ["Closed"]
    assert len(_file(people, portal, view="all", selected=[closed.pk], everything="1")) == 4


def test_every_column_can_be_taken_with_the_portals_own_fields(portal: Portal, people: People) -> None:
    size = add_field(portal, kind=FieldType.INTEGER, draft=FieldDraft("Pieces"), actor=MAKER)
    ticket = make_ticket(portal, values={size.api_name: 12_000})
    for name in ("急ぎ", "返品"):
        add_tag(portal, ticket_ids=[ticket.pk], name=name, actor=MAKER)
    heading, line = _file(people, portal, view="all", scope="all")
    row = dict(zip(heading, line, strict=True))
    assert (row["Pieces"], row["Tags"], row["Whose turn"]) == ("12000", "急ぎ;返品", "Our turn")


def test_what_would_be_run_as_a_formula_is_only_text(portal: Portal, people: People) -> None:
    make_ticket(portal, subject="=HYPERLINK(1)")
    assert _file(people, portal, view="all")[1][1] == "'=HYPERLINK(1)"


def test_older_japanese_software_gets_its_encoding(portal: Portal, people: People) -> None:
    make_ticket(portal, subject="温度〜湿度")
    assert _file(people, portal, view="all", encoding="cp932")[1][1] == "温度～湿度"


def test_only_what_one_sees_in_the_list_is_in_the_file(portal: Portal, people: People) -> None:
    hidden = create_department(portal, name="Closed", actor=MAKER)
    seen = make_ticket(portal, subject="Seen")
    secret = make_ticket(portal, department=hidden, subject="Secret")
    make_ticket(make_portal(), subject="Elsewhere")
    people.agent.agent.departments.set([seen.department])
    assert [line[1] for line in _file(people, portal, view="all")[1:]] == ["Seen"]
    assert _file(people, portal, view="all", selected=[secret.pk])[1:] == []


def test_it_needs_the_right_and_is_written_down(portal: Portal, people: People) -> None:
    make_ticket(portal)
    for name in ("desk_ticket_export", "desk_ticket_export_new"):
        address = reverse(name, args=[portal.pk])
        assert people.client_of("light_agent").get(address).status_code == 403
        assert people.client_of("stranger").get(address).status_code == 404
    _file(people, portal, view="open")
    told = Event.objects.get(topic="desk.tickets.exported")
    assert (told.person_id, told.data["chosen"]) == (people.agent.person.pk, 0)
    people.agent.agent.profile = AgentProfile.objects.create(portal=portal, name="No files", permissions=["may_update"])
    people.agent.agent.save(update_fields=["profile"])
    page = people.client_of("agent").get(reverse("desk_tickets", args=[portal.pk])).content.decode()
    assert reverse("desk_ticket_export_new", args=[portal.pk]) not in page


def test_the_dialog_says_how_many_there_will_be(portal: Portal, people: People) -> None:
    for _ in range(2):
        make_ticket(portal)
    client, address = people.client_of("agent"), reverse("desk_ticket_export_new", args=[portal.pk])
    assert "2 tickets, in the order of the list." in client.get(address, {"view": "open"}).content.decode()
    chosen = client.get(address, {"query": "view=all&sort=due", "selected": [1]}).content.decode()
    assert "0 tickets" in chosen
    assert 'name="sort" value="due"' in chosen


def test_many_tickets_cost_as_many_queries_as_batches(
    portal: Portal, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH_TICKETS", 4)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            _file(people, portal, view="all", sort="due", scope="all")
        return len(queries)

    make_ticket(portal)
    cost()
    one = cost()
    for _ in range(2):
        make_ticket(portal)
    assert cost() == one
