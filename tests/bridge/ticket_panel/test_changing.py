"""Spec T4, T5: many tickets at once, what became of each, and the way back."""

import json
from typing import Any

import pytest
from django.test import Client

from kakehashi.desk.bulk_changes.models import BulkChange
from kakehashi.desk.bulk_changes.running import work_off
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER

from .worlds import Panel, make_panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Panel:
    return make_panel()


def undo_of(response: Any) -> str:
    return str(json.loads(response.headers["HX-Trigger"])["toast"]["undo"])


def change(client: Client, panel: Panel, tickets: list[Ticket], field: str, value: object) -> Any:
    ids = [ticket.pk for ticket in tickets]
    return client.post(panel.url("record_tickets_values"), {"selected": ids, "field": field, "value": value})


@pytest.mark.spec("T4")
def test_a_change_is_taken_back_to_what_each_ticket_had(panel: Panel) -> None:
    client = panel.client()
    tickets = [panel.ticket(values={"priority": level}) for level in ("Low", "Medium", "High")]
    done = change(client, panel, tickets, "priority", "High")
    assert json.loads(done.headers["HX-Trigger"])["toast"]["text"] == "2 tickets updated"
    back = client.post(undo_of(done))
    assert json.loads(back.headers["HX-Trigger"])["toast"]["text"] == "2 tickets as before"
    assert [one.priority for one in Ticket.objects.order_by("pk")] == ["Low", "Medium", "High"]


@pytest.mark.spec("T4")
@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("dueDate", "2026-12-24T10:00", "due_at"),
        ("category", "測定", "category"),
        ("isEscalated", "true", "is_escalated"),
    ],
)
def test_every_field_can_be_changed_for_several(panel: Panel, field: str, value: str, stored: str) -> None:
    client, tickets = panel.client(), [panel.ticket(), panel.ticket()]
    form = client.get(panel.url("record_tickets_update") + f"?field={field}").content.decode()
    assert f'<option value="{field}" selected>' in form
    assert change(client, panel, tickets, field, value).status_code == 204
    assert len({getattr(one, stored) for one in Ticket.objects.all()} - {None, "", False}) == 1


@pytest.mark.spec("T4")
def test_a_field_of_ones_own_is_changed_for_several_and_a_wrong_value_stays_in_the_form(panel: Panel) -> None:
    draft = FieldDraft("台数")
    field = add_field(panel.joined.portal, kind="integer", draft=draft, actor=MAKER)
    client, tickets = panel.client(), [panel.ticket(), panel.ticket()]
    refused = change(client, panel, tickets, field.api_name, "many")
    assert (refused.status_code, 'value="many"' in refused.content.decode()) == (422, True)
    change(client, panel, tickets, field.api_name, "3")
    assert [one.custom for one in Ticket.objects.all()] == [{field.api_name: 3}] * 2


@pytest.mark.spec("T4", "T6")
def test_what_is_refused_for_one_ticket_is_told_and_leaves_the_others_alone(panel: Panel) -> None:
    agent = panel.agent()
    own = panel.joined.portal.agents.get(person=agent)
    boss = panel.joined.portal.agents.exclude(person=agent).get()
    free, taken = panel.ticket(), panel.ticket(values={"assigneeId": boss.pk})
    update_ticket(free, values={"assigneeId": own.pk}, actor=MAKER)
    told = change(panel.client(agent), panel, [free, taken], "assigneeId", "")
    text = told.content.decode()
    assert (told.status_code, told.headers["HX-Retarget"]) == (200, "body")
    assert f"#{taken.number}" in text
    assert "1 ticket updated" in text
    assert dict(Ticket.objects.values_list("pk", "assignee_id")) == {free.pk: None, taken.pk: boss.pk}


@pytest.mark.spec("T5")
def test_closing_is_taken_back_unless_somebody_went_on_from_there(panel: Panel) -> None:
    client, tickets = panel.client(), [panel.ticket(), panel.ticket()]
    url, ids = panel.url("record_tickets_closures"), [one.pk for one in tickets]
    done = client.post(url, {"selected": ids})
    update_ticket(Ticket.objects.get(pk=ids[0]), values={"status": "On Hold"}, actor=MAKER)
    back = client.post(undo_of(done))
    assert "Somebody changed it since." in back.content.decode()
    assert [one.status.name for one in Ticket.objects.order_by("pk")] == ["On Hold", "Open"]


@pytest.mark.spec("T4")
def test_many_are_changed_by_and_by_and_one_watches(panel: Panel) -> None:
    client, tickets = panel.client(), [panel.ticket(subject=str(number)) for number in range(101)]
    started = change(client, panel, tickets, "priority", "Low")
    text, bulk = started.content.decode(), BulkChange.objects.get()
    url = panel.url("record_tickets_change", bulk.pk)
    assert ("0 of 101 tickets" in text, url in text) == (True, True)
    work_off(bulk.pk)
    over = client.get(url)
    assert ("101 tickets updated" in over.content.decode(), "hx-get" in over.content.decode()) == (True, False)
    assert "ticket-changed" in over.headers["HX-Trigger"]
    for name in ("record_tickets_change", "record_tickets_undoing"):
        strange = panel.client(panel.agent())
        assert (strange.get if name.endswith("change") else strange.post)(panel.url(name, bulk.pk)).status_code == 404
