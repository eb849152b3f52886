"""Fields of the portal's own on a web form: chosen, ordered and checked per department."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kakehashi.core.errors import InvalidValues
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field, arrange, remove_field
from kakehashi.desk.ticket_fields.models import TicketField
from kakehashi.desk.ticket_fields.queries import LaidOut, layout_of
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.web_form.models import FieldUse, WebForm
from tests.desk.conftest import People
from tests.desk.test_web_form import make_form, send
from tests.makers.desk import MAKER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_old_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def serial(portal: Portal) -> TicketField:
    return add_field(portal, kind="text", draft=FieldDraft("Serial number"), actor=MAKER)


@pytest.fixture
def place(portal: Portal) -> TicketField:
    draft = FieldDraft("Place", choices=("Indoors", "Outdoors"))
    return add_field(portal, kind="picklist", draft=draft, actor=MAKER)


def page_of(form: WebForm) -> str:
    return Client(headers={"Accept-Language": "en"}).get(f"/form/{form.key}/").text


def test_own_fields_stand_on_the_form_only_when_chosen_in_the_order_chosen(
    portal: Portal, serial: TicketField, place: TicketField
) -> None:
    assert "Serial number" not in page_of(make_form(portal))
    uses = {serial.api_name: FieldUse.REQUIRED, place.api_name: FieldUse.OPTIONAL}
    page = page_of(make_form(portal, fields=uses, order=[place.api_name, "email", serial.api_name]))
    assert page.index("Outdoors") < page.index('name="email"') < page.index("Serial number") < page.index('name="name"')


def test_what_a_stranger_fills_in_is_stored_with_the_ticket(
    portal: Portal, serial: TicketField, place: TicketField
) -> None:
    form = make_form(portal, fields={serial.api_name: "required", place.api_name: "optional"})
    answer = send(form, **{serial.api_name: " TL-200 / 7 ", place.api_name: "Outdoors"})
    assert "Thank you" in answer.text
    assert Ticket.objects.get().custom == {serial.api_name: "TL-200 / 7", place.api_name: "Outdoors"}


def test_what_is_wrong_or_missing_stands_beside_its_field(
    portal: Portal, serial: TicketField, place: TicketField
) -> None:
    form = make_form(portal, fields={serial.api_name: "required", place.api_name: "optional"})
    answer = send(form, **{serial.api_name: "", place.api_name: "On the moon"})
    assert answer.status_code == 422
    for name in (serial.api_name, place.api_name):
        assert f'id="id_{name}_error"' in answer.text
    assert "ロガーが切断される" in answer.text
    assert not Ticket.objects.exists()


def test_a_field_that_is_not_on_the_form_cannot_be_sent(portal: Portal, serial: TicketField) -> None:
    send(make_form(portal), **{serial.api_name: "TL-200"})
    assert Ticket.objects.get().custom == {}


def test_a_field_that_is_removed_or_hidden_leaves_the_form(
    portal: Portal, serial: TicketField, place: TicketField
) -> None:
    form = make_form(portal, fields={serial.api_name: "required", place.api_name: "required"})
    department = portal.departments.all()[0]
    hidden = [
        LaidOut(one.name, one.is_shown and one.name != place.api_name, one.is_required, one.schema)
        for one in layout_of(portal, department)
    ]
    arrange(department, layout=hidden, actor=MAKER)
    remove_field(serial, actor=MAKER)
    page = page_of(form)
    assert "Serial number" not in page
    assert "Outdoors" not in page
    assert "Thank you" in send(form).text


def test_a_field_of_another_portal_is_refused(portal: Portal, people: People) -> None:
    theirs = add_field(Portal.objects.exclude(pk=portal.pk).get(), kind="text", draft=FieldDraft("Theirs"), actor=MAKER)
    with pytest.raises(InvalidValues):
        make_form(portal, fields={theirs.api_name: "optional"})


def test_the_settings_choose_and_order_per_department(portal: Portal, people: People, serial: TicketField) -> None:
    client, department = people.client_of("administrator"), portal.departments.all()[0]
    url = reverse("desk_web_form", args=[portal.pk, department.pk])
    assert "Serial number" in client.get(url).content.decode()
    order = [serial.api_name, "subject", "email", "name", "phone", "category", "description", "attachments"]
    sent = {"is_enabled": "on", "order": order, f"field_{serial.api_name}": "required", "field_subject": "off"}
    client.post(url, sent)
    form = WebForm.objects.get(department=department)
    assert form.order == order
    assert (form.fields[serial.api_name], form.fields["subject"]) == ("required", "off")
    page = page_of(form)
    assert page.index("Serial number") < page.index('name="email"')
    other = create_department(portal, name="Repairs", actor=MAKER)
    shown = client.get(reverse("desk_web_form", args=[portal.pk, other.pk])).content.decode()
    assert f'name="field_{serial.api_name}"' in shown


def test_a_refused_form_keeps_the_order_that_was_sent(portal: Portal, people: People, serial: TicketField) -> None:
    client, department = people.client_of("administrator"), portal.departments.all()[0]
    url = reverse("desk_web_form", args=[portal.pk, department.pk])
    answer = client.post(url, {"order": ["phone", serial.api_name, "name"], "origins": "nonsense"})
    assert answer.status_code == 422
    text = answer.content.decode()
    places = [text.index(f'value="{name}"><span class="k-grow"') for name in ("phone", serial.api_name, "name")]
    assert places == sorted(places)
