"""Spec T1: a ticket is added from a record, for whom and with what; nothing typed is lost, nobody and nothing is made twice."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.tickets import TicketDraft
from kakehashi.core.models import Attachment
from kakehashi.desk.conversations.models import TicketAttachment
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Department
from kakehashi.desk.reply_templates.actions import create_template
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field, arrange
from kakehashi.desk.ticket_fields.queries import layout_of
from kakehashi.desk.tickets.models import Ticket
from tests.makers.bridge import make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER

from .worlds import EMAIL, Panel, make_panel


@pytest.fixture
def panel(db: None) -> Panel:
    return make_panel()


def department(panel: Panel) -> Department:
    return panel.joined.portal.departments.all()[0]


def asked(panel: Panel, **more: Any) -> dict[str, Any]:
    return {"contact": panel.contact.pk, "department": department(panel).pk, "subject": "校正について", **more}


def upload(panel: Panel, name: str, kind: str) -> dict[str, Any]:
    answer = panel.client().post(panel.url("record_tickets_uploads"), {"file": SimpleUploadedFile(name, b"x", kind)})
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.spec("T1")
def test_the_form_asks_for_the_fields_of_the_departments_layout(panel: Panel) -> None:
    portal, first = panel.joined.portal, department(panel)
    field = add_field(portal, kind="text", draft=FieldDraft("製造番号"), actor=MAKER)
    second = Department.objects.create(portal=portal, name="校正室", position=2)
    rows = layout_of(portal, first)
    hidden = [r if r.name != field.api_name else type(r)(r.name, False, False, r.schema) for r in rows]
    arrange(first, layout=hidden, actor=MAKER)
    required = [r if r.name != field.api_name else type(r)(r.name, True, True, r.schema) for r in rows]
    arrange(second, layout=required, actor=MAKER)
    client = panel.client()
    assert field.api_name not in client.get(panel.url("record_ticket_new")).content.decode()
    typed = asked(panel, department=second.pk, category="測定")
    other = client.post(panel.url("record_ticket_new_fields"), typed).content.decode()
    assert (f'name="{field.api_name}"' in other, 'value="測定"' in other) == (True, True)
    refused = client.post(panel.url("record_ticket_new"), typed)
    assert (refused.status_code, Ticket.objects.count()) == (422, 0)
    client.post(panel.url("record_ticket_new"), {**typed, field.api_name: "SN-1"})
    made = Ticket.objects.get()
    assert (made.department, made.custom, made.category) == (second, {field.api_name: "SN-1"}, "測定")


@pytest.mark.spec("T1")
def test_files_that_were_sent_ahead_survive_an_error_and_images_stand_in_the_text(panel: Panel) -> None:
    file, picture = upload(panel, "log.csv", "text/csv"), upload(panel, "photo.png", "image/png")
    text = f'<div>ご覧ください<img src="{picture["url"]}"></div>'
    typed = asked(panel, description=text, uploads=file["id"])
    refused = panel.client().post(panel.url("record_ticket_new"), {**typed, "subject": ""}).content.decode()
    assert ("log.csv" in refused, picture["url"] in refused) == (True, True)
    panel.client().post(panel.url("record_ticket_new"), typed)
    inline = dict(TicketAttachment.objects.values_list("attachment__name", "is_inline"))
    assert inline == {"log.csv": False, "photo.png": True}
    assert f"attachment:{picture['id']}" in Ticket.objects.get().description_html


def test_nobody_attaches_what_somebody_else_sent_ahead(panel: Panel) -> None:
    strange = upload(panel, "log.csv", "text/csv")["id"]
    agent = panel.client(panel.agent())
    assert "log.csv" not in agent.post(panel.url("record_ticket_new"), {"uploads": strange}).content.decode()
    agent.post(panel.url("record_ticket_new"), asked(panel, uploads=strange))
    assert (Ticket.objects.count(), TicketAttachment.objects.count(), Attachment.objects.count()) == (1, 0, 1)


@pytest.mark.spec("T1")
def test_what_the_browser_kept_stands_in_the_form_again(panel: Panel) -> None:
    kept = asked(
        panel,
        subject="途中",
        description="<div>下書き</div>",
        contact="new",
        contact_last_name="森",
        dueDate="2026-12-24T",
    )
    form = panel.client().post(panel.url("record_ticket_new_draft"), kept)
    text = form.content.decode()
    assert form.status_code == 200
    assert all(
        part in text for part in ('value="途中"', "下書き", 'value="森"', "What you typed before is here again.")
    )
    assert "k-error" not in text


@pytest.mark.spec("T1")
def test_a_form_that_is_sent_twice_adds_one_ticket(panel: Panel) -> None:
    form = panel.client().get(panel.url("record_ticket_new")).content.decode()
    key = re.search(r'name="key" value="(\w+)"', form)
    assert key
    places = {
        panel.client().post(panel.url("record_ticket_new"), asked(panel, key=key[1])).headers["HX-Replace-Url"]
        for _attempt in range(2)
    }
    assert (len(places), Ticket.objects.count()) == (1, 1)
    panel.client().post(panel.url("record_ticket_new"), asked(panel, key="another"))
    assert Ticket.objects.count() == 2


@pytest.mark.spec("T1")
def test_templates_are_filled_for_the_chosen_contact(panel: Panel) -> None:
    text = {"name": "受付", "html": "<p>{{contact.last_name}}様</p>", "language": "ja", "department": None}
    create_template(panel.joined.portal, text, actor=MAKER)
    chosen = f"?kind=template&q=&department={department(panel).pk}&contact={panel.contact.pk}&account="
    found = panel.client().get(panel.url("record_ticket_new_suggestions") + chosen).json()
    assert [(one["text"], one["html"]) for one in found] == [("受付", "<p>相沢様</p>")]


@pytest.mark.spec("T1", "R3")
def test_a_lead_whom_the_desk_knows_by_address_is_not_made_again(panel: Panel) -> None:
    panel.joined.connection.ticket_modules.create(module="Leads")
    lead = make_record(panel.joined.org, "Leads", Last_Name="相沢", Company="月見坂", Email=EMAIL.upper())
    form = panel.client().get(panel.url("record_ticket_new", record=lead, module="Leads")).content.decode()
    assert f'<option value="{panel.contact.pk}" selected>' in form
    new = asked(panel, contact="new", contact_last_name="相沢", contact_first_name="美咲", contact_email=EMAIL)
    panel.client().post(panel.url("record_ticket_new", record=lead, module="Leads"), new)
    assert (Ticket.objects.get().contact, Contact.objects.count()) == (panel.contact, 1)


@pytest.mark.spec("T1", "Y4")
@pytest.mark.django_db(transaction=True)
def test_a_contact_whom_the_sync_has_not_brought_yet_is_found_by_it_later(drain: Callable[[], int]) -> None:
    joined = make_joined(direction="both")
    record = make_record(joined.org, Last_Name="戸田")  # without an address there is nothing else to know them by
    panel = Panel(joined, record, Contact())
    form = panel.client().get(panel.url("record_ticket_new")).content.decode()
    assert "戸田 (not in the Desk yet)" in form
    panel.client().post(panel.url("record_ticket_new"), {**asked(panel), "contact": "record"})
    drain()
    assert Contact.objects.get() == Ticket.objects.get().contact
    assert type(record).objects.filter(module=record.module).count() == 1


@pytest.mark.spec("T1")
@pytest.mark.django_db(transaction=True)
def test_two_attempts_at_the_same_moment_add_one_ticket() -> None:
    panel = make_panel()
    draft = TicketDraft(department(panel).pk, "同時", contact_id=panel.contact.pk, key="one")
    actor, made = panel.agent().as_actor(), []

    def attempt() -> None:
        made.append(desk_side(panel.joined.portal.pk).create_ticket(draft, actor))
        connection.close()

    threads = [threading.Thread(target=attempt) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(made)), Ticket.objects.count()) == (2, 1, 1)
