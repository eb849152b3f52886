"""Design §5: the Desk at the other end of the seam does not answer. Clear words, and nothing typed is lost."""

from typing import Any

import pytest
from django.urls import reverse

from kakehashi.desk.tickets.models import Ticket
from tests.makers.sides import Faults

from .worlds import EMAIL, Panel, make_panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Panel:
    return make_panel()


@pytest.mark.spec("T1", "T3", "T4", "T5")
@pytest.mark.parametrize(
    ("call", "name", "data"),
    [
        ("create_ticket", "record_ticket_new", {"subject": "校正について"}),
        ("send_mail", "record_ticket_replies", {"mode": "reply", "html": "<p>x</p>", "to": [EMAIL]}),
        ("comment", "record_ticket_comments", {"mode": "comment", "html": "<p>x</p>"}),
        ("change_properties", "record_ticket_properties", {"priority": "Low"}),
        ("change_tickets", "record_tickets_closures", {}),
        ("change_tickets", "record_tickets_values", {"field": "priority", "value": "Low"}),
    ],
)
def test_what_was_asked_is_not_done_and_the_page_keeps_what_was_typed(
    panel: Panel, faults: Faults, call: str, name: str, data: dict[str, Any]
) -> None:
    ticket = panel.ticket()
    faults.add(call)
    sent = {"contact": panel.contact.pk, "department": ticket.department_id, "selected": ticket.pk, **data}
    args = [ticket.pk] if name.startswith("record_ticket_") and name != "record_ticket_new" else []
    answer = panel.client().post(panel.url(name, *args), sent)
    assert answer.status_code == 503  # htmx puts nothing in the place of the form
    assert answer.content.decode().startswith("The Desk does not answer just now. Nothing you typed is lost")
    ticket.refresh_from_db()
    assert (Ticket.objects.count(), ticket.priority, ticket.closed_at) == (1, "", None)


@pytest.mark.spec("T3")
@pytest.mark.parametrize("call", ["read_ticket", "conversation", "owned_by"])
def test_a_ticket_that_cannot_be_read_says_so(panel: Panel, faults: Faults, call: str) -> None:
    ticket = panel.ticket()
    faults.add(call)
    answer = panel.client().get(panel.url("record_ticket", ticket.pk))
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)


@pytest.mark.spec("R3")
def test_a_records_page_stands_without_the_desk_and_offers_to_ask_again(panel: Panel, faults: Faults) -> None:
    faults.add("list_tickets")
    page = panel.client().get(reverse("crm_record", args=[panel.joined.org.pk, "Contacts", panel.record.pk]))
    text = page.content.decode()
    assert (page.status_code, "does not answer just now" in text) == (200, True)
    assert f'hx-get="{panel.url("record_tickets")}"' in text
