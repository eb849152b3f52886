"""What administrators set about tickets: statuses, fields of their own, layouts; and what tickets make of it."""

import pytest
from django.urls import reverse

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.fields.types import FieldType as T
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.statuses.actions import StatusIsNeeded, add_status, change_status, order_statuses, retire_status
from kakehashi.desk.statuses.jobs import replace_status
from kakehashi.desk.statuses.queries import first_status, offered_statuses
from kakehashi.desk.ticket_fields.actions import (
    FieldDraft,
    add_field,
    arrange,
    change_field,
    put_back_field,
    remove_field,
)
from kakehashi.desk.ticket_fields.models import TicketField
from kakehashi.desk.ticket_fields.queries import LaidOut, layout_of, shown_fields
from kakehashi.desk.tickets.actions import close_ticket, update_ticket
from kakehashi.desk.tickets.models import Status, StatusType, Ticket
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def _status(portal: Portal, name: str) -> Status:
    return Status.objects.get(portal=portal, name=name)


def _names(portal: Portal) -> list[str]:
    return [status.name for status in offered_statuses(portal)]


def _field(portal: Portal, kind: T = T.TEXT, label: str = "Serial number", **draft: object) -> TicketField:
    return add_field(portal, kind=kind, draft=FieldDraft(label, **draft), actor=MAKER)  # type: ignore[arg-type]


def test_a_status_of_ones_own_holds_the_clocks_and_has_its_place(portal: Portal) -> None:
    waiting = add_status(portal, name="Waiting for parts", kind=StatusType.ON_HOLD, actor=MAKER)
    ids = [waiting.pk, *(status.pk for status in offered_statuses(portal) if status != waiting)]
    order_statuses(portal, ids=ids, actor=MAKER)
    ticket = make_ticket(portal)
    update_ticket(ticket, values={"status": "Waiting for parts"}, actor=MAKER)
    ticket.refresh_from_db()
    assert (_names(portal)[0], ticket.status.type, ticket.closed_at) == ("Waiting for parts", "On Hold", None)


@pytest.mark.parametrize(("name", "field"), [("", "name"), ("on hold", "name"), ("x" * 61, "name")])
def test_a_status_needs_a_name_of_its_own(portal: Portal, name: str, field: str) -> None:
    with pytest.raises(InvalidValues) as refused:
        add_status(portal, name=name, kind=StatusType.OPEN, actor=MAKER)
    assert set(refused.value.by_field) == {field}


def test_a_removed_status_hands_its_tickets_on_and_is_not_offered(portal: Portal) -> None:
    solved = add_status(portal, name="Solved", kind=StatusType.CLOSED, actor=MAKER)
    tickets = [make_ticket(portal, values={"status": "Closed"}) for _ in range(3)]
    retire_status(_status(portal, "Closed"), replacement=solved, actor=MAKER)
    replace_status(portal.pk, _status(portal, "Closed").pk, solved.pk, "Admin")
    assert set(Ticket.objects.filter(portal=portal).values_list("status__name", flat=True)) == {"Solved"}
    assert all(ticket.closed_at for ticket in Ticket.objects.filter(pk__in=[one.pk for one in tickets]))
    with pytest.raises(InvalidValues):
        update_ticket(tickets[0], values={"status": "Closed"}, actor=MAKER)


def test_a_job_whose_replacement_was_removed_as_well_finds_another(portal: Portal) -> None:
    first = add_status(portal, name="A", kind=StatusType.OPEN, actor=MAKER)
    second = add_status(portal, name="B", kind=StatusType.OPEN, actor=MAKER)
    ticket = make_ticket(portal, values={"status": "A"})
    retire_status(first, replacement=second, actor=MAKER)
    retire_status(second, replacement=_status(portal, "Open"), actor=MAKER)
    replace_status(portal.pk, first.pk, second.pk, "Admin")
    ticket.refresh_from_db()
    assert ticket.status.name == "Open"


def test_the_last_closed_status_and_that_of_new_tickets_stay(portal: Portal) -> None:
    for name in ("Closed", "Open"):
        with pytest.raises(StatusIsNeeded):
            retire_status(_status(portal, name), replacement=_status(portal, "On Hold"), actor=MAKER)


def test_a_type_in_use_stays_and_a_free_one_changes(portal: Portal) -> None:
    status = add_status(portal, name="Later", kind=StatusType.OPEN, actor=MAKER)
    ticket = make_ticket(portal, values={"status": "Later"})
    with pytest.raises(InvalidValues) as refused:
        change_status(status, name="Later", kind=StatusType.ON_HOLD, actor=MAKER)
    update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
    change_status(status, name="Much later", kind=StatusType.ON_HOLD, actor=MAKER)
    status.refresh_from_db()
    assert (set(refused.value.by_field), status.name, status.type) == ({"type"}, "Much later", "On Hold")


def test_closing_goes_to_the_first_closed_status(portal: Portal) -> None:
    done = add_status(portal, name="Done", kind=StatusType.CLOSED, actor=MAKER)
    order_statuses(portal, ids=[done.pk], actor=MAKER)
    assert close_ticket(make_ticket(portal), actor=MAKER).status.name == "Done"
    assert first_status(portal, StatusType.CLOSED) == done


def test_only_administrators_set_statuses_and_fields(portal: Portal, people: People) -> None:
    with pytest.raises(NotAllowed):
        add_status(portal, name="X", kind=StatusType.OPEN, actor=people.agent.actor)
    with pytest.raises(NotAllowed):
        add_field(portal, kind=T.TEXT, draft=FieldDraft("X"), actor=people.agent.actor)


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        (T.TEXT, " A-17 ", "A-17"),
        (T.INTEGER, "1,200", "1200"),
        (T.DATE, "2026/11/19", "2026-11-19"),
        (T.BOOLEAN, "on", True),
        (T.PICKLIST, "Red", "Red"),
        (T.MULTIPICKLIST, ["Red", "Blue"], ["Red", "Blue"]),
    ],
)
def test_a_field_of_ones_own_keeps_what_people_fill_in(portal: Portal, kind: T, given: object, stored: object) -> None:
    field = _field(portal, kind, choices=("Red", "Blue"))
    ticket = make_ticket(portal)
    update_ticket(ticket, values={field.api_name: given}, actor=MAKER)
    ticket.refresh_from_db()
    assert str(ticket.custom[field.api_name]) == str(stored)


def test_what_a_field_refuses_stands_under_its_name(portal: Portal) -> None:
    field = _field(portal, T.PICKLIST, choices=("Red",))
    with pytest.raises(InvalidValues) as refused:
        update_ticket(make_ticket(portal), values={field.api_name: "Green", "cf": {"cf_gone": 1}}, actor=MAKER)
    assert set(refused.value.by_field) == {field.api_name, "cf_gone"}


def test_another_portals_field_is_no_field(portal: Portal) -> None:
    field = _field(make_portal(name="Second"))
    with pytest.raises(InvalidValues):
        update_ticket(make_ticket(portal), values={field.api_name: "x"}, actor=MAKER)


@pytest.mark.django_db(transaction=True)
def test_the_history_names_the_field_and_its_values() -> None:
    portal = make_portal()
    field = _field(portal, T.DATE, label="Delivered")
    ticket = make_ticket(portal)
    update_ticket(ticket, values={field.api_name: "2026-11-19"}, actor=MAKER)
    event = Event.objects.get(topic="desk.ticket.updated", subject_id=ticket.pk)
    ((_icon, sentence),) = sentences_of(event)
    assert "Delivered" in sentence
    assert "2026" in sentence
    assert field.api_name not in sentence


def test_removing_a_field_keeps_its_values(portal: Portal) -> None:
    field = _field(portal)
    ticket = make_ticket(portal)
    update_ticket(ticket, values={field.api_name: "A-17"}, actor=MAKER)
    remove_field(field, actor=MAKER)
    assert field.api_name not in [one.name for one in layout_of(portal, None)]
    put_back_field(field, actor=MAKER)
    ticket.refresh_from_db()
    assert ticket.custom == {field.api_name: "A-17"}


def test_a_choice_that_was_taken_away_stays_where_it_is_used(portal: Portal) -> None:
    field = _field(portal, T.PICKLIST, choices=("Red", "Blue"))
    ticket = make_ticket(portal, values={field.api_name: "Red"})
    change_field(field, draft=FieldDraft("Colour", choices=("Blue", "Green")), actor=MAKER)
    field.refresh_from_db()
    ticket.refresh_from_db()
    assert field.options == {"choices": ["Blue", "Green"], "retired": ["Red"]}
    assert ticket.custom == {field.api_name: "Red"}


def test_names_of_fields_never_meet(portal: Portal) -> None:
    labels = ("シリアル番号", "契約", "Serial number", "serial-number")
    made = [_field(portal, label=label).api_name for label in labels]
    assert len(set(made)) == len(made)
    assert made[2] == "cf_serial_number"


def test_a_department_arranges_its_fields_and_new_ones_come_last(portal: Portal) -> None:
    field, department = _field(portal), portal.departments.all()[0]
    layout = [LaidOut(field.api_name, True, True), LaidOut("priority", True, False), LaidOut("channel", False, False)]
    arrange(department, layout=layout, actor=MAKER)
    later = _field(portal, label="Contract")
    names = [one.name for one in shown_fields(portal, department)]
    assert names[:2] == [field.api_name, "priority"]
    assert "channel" not in names
    assert names[-1] == later.api_name
    assert "status" in names


def test_a_required_field_is_asked_for_on_the_form_and_stays_filled(portal: Portal, people: People) -> None:
    field = _field(portal, is_required=True)
    client = people.client_of("agent")
    given = {
        "contactLastName": "佐藤",
        "subject": "x",
        "departmentId": portal.departments.all()[0].pk,
        "status": "Open",
    }
    address = reverse("desk_ticket_new", args=[portal.pk])
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert "佐藤" in refused.content.decode()
    assert client.post(address, {**given, field.api_name: "A-17"}).status_code == 302
    ticket = Ticket.objects.get(portal=portal)
    assert ticket.custom == {field.api_name: "A-17"}
    here = reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    assert client.post(here, {"own": field.api_name, field.api_name: ""}).status_code == 422
    ticket.refresh_from_db()
    assert ticket.custom == {field.api_name: "A-17"}


def test_a_check_box_in_the_right_column_goes_on_and_off(portal: Portal, people: People) -> None:
    field, ticket = _field(portal, T.BOOLEAN), make_ticket(portal)
    client, here = people.client_of("agent"), reverse("desk_ticket_properties", args=[portal.pk, ticket.pk])
    client.post(here, {"own": field.api_name, field.api_name: "on"})
    ticket.refresh_from_db()
    assert ticket.custom == {field.api_name: True}
    client.post(here, {"own": field.api_name})
    ticket.refresh_from_db()
    assert not ticket.custom.get(field.api_name)


def test_before_a_status_is_removed_its_tickets_are_counted(portal: Portal, people: People) -> None:
    make_ticket(portal)
    make_ticket(portal)
    url = reverse("desk_status_retirement", args=[portal.pk, _status(portal, "Open").pk])
    assert "2 tickets have this status" in people.client_of("administrator").get(url).content.decode()


def test_the_pages_of_settings_walk(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    here = [portal.pk]
    client.post(reverse("desk_status_new", args=here), {"name": "Later", "type": "On Hold"})
    later = _status(portal, "Later")
    clash = client.post(reverse("desk_status_new", args=here), {"name": "Later", "type": "Open"})
    assert clash.status_code == 422
    client.post(reverse("desk_status_order", args=here), {"order": [later.pk]})
    assert _names(portal)[0] == "Later"
    client.post(reverse("desk_status_retirement", args=[*here, later.pk]), {"replacement": _status(portal, "Open").pk})
    assert "Later" not in _names(portal)
    made = client.post(
        reverse("desk_ticket_field_new", args=[*here, "picklist"]), {"label": "Colour", "choices": "Red\n"}
    )
    assert made.status_code == 302
    assert client.post(reverse("desk_ticket_field_new", args=[*here, "picklist"]), {"label": "C"}).status_code == 422
    assert client.get(reverse("desk_ticket_field_new", args=[*here, "formula"])).status_code == 404
    layout = reverse("desk_ticket_layout", args=[*here, portal.departments.all()[0].pk])
    client.post(layout, {"order": ["cf_colour", "priority"], "shown": ["cf_colour"], "required": ["cf_colour"]})
    laid = {one.name: one for one in layout_of(portal, portal.departments.all()[0])}
    assert (laid["cf_colour"].is_required, laid["priority"].is_shown, laid["status"].is_shown) == (True, False, True)
