"""A form on the web: what strangers send becomes a ticket as a mail of theirs would, once, and machines are kept out."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.web_form.actions import FormDraft, set_web_form
from kakehashi.desk.web_form.forms import _stamp
from kakehashi.desk.web_form.models import WebForm
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_contact
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db
SITE = "https://www.minamo.example"


@pytest.fixture(autouse=True)
def without_old_limits(db: None) -> None:
    cache.clear()


def make_form(portal: Portal, **options: object) -> WebForm:
    given = {
        "is_enabled": True,
        "title": "",
        "introduction": "",
        "thanks": "",
        "fields": {},
        "language": "",
        "sends_acknowledgement": True,
        "origins": [SITE],
    }
    draft = FormDraft(**{**given, **options})  # type: ignore[arg-type]  # what a draft takes
    return set_web_form(portal.departments.all()[0], draft, actor=MAKER)


def send(form: WebForm, *, ago: int = 30, embedded: bool = False, **values: object) -> HttpResponse:
    """As a person does who has taken `ago` seconds."""
    with clock.frozen_at(clock.now() - timedelta(seconds=ago)):
        opened = _stamp()
    given = {
        "name": "相沢 美咲",
        "email": "misaki@tsukimizaka.example",
        "subject": "ロガーが切断される",
        "description": "15分ごとに切断されます。\n\n<script>alert(1)</script>",
        "opened": opened,
    }
    path = f"/form/{form.key}/{'embedded/' if embedded else ''}"
    client = Client(headers={"Accept-Language": "en"}, enforce_csrf_checks=True)
    return client.post(path, {**given, **values})


def test_a_request_becomes_a_ticket_for_a_contact_found_or_made(portal: Portal) -> None:
    form = make_form(portal)
    file = SimpleUploadedFile("log.txt", b"hello", "text/plain")
    assert "Thank you" in send(form, attachments=file, phone="03-1234-5678").text
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.email, ticket.phone) == ("Web", "misaki@tsukimizaka.example", "03-1234-5678")
    assert ticket.contact is not None
    assert ticket.contact.name == "相沢 美咲"
    assert "<script" not in ticket.description_html
    assert ticket.attachments.count() == 1
    send(form, subject="Again")
    assert Contact.objects.count() == 1
    assert Ticket.objects.count() == 2


def test_a_known_contact_is_not_renamed_by_whoever_types_their_address(portal: Portal) -> None:
    contact = make_contact(portal, email="misaki@tsukimizaka.example")
    send(make_form(portal), name="Somebody Else")
    assert Ticket.objects.get().contact == contact
    assert Contact.objects.get().last_name == contact.last_name


def test_the_acknowledgement_leaves_once_in_the_language_of_the_page_and_no_machine_answers_it(portal: Portal) -> None:
    send(make_form(portal))
    run_jobs()
    message = mail.outbox[0].message()
    assert message["Subject"] == "We have received your request: ロガーが切断される [#101]"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "15分" not in message.as_string()
    make_form(portal, sends_acknowledgement=False)
    send(WebForm.objects.get())
    run_jobs()
    assert len(mail.outbox) == 1


def test_nobodys_inbox_is_filled_through_us(portal: Portal) -> None:
    form = make_form(portal)
    codes = [send(form, subject=f"No. {number}").status_code for number in range(8)]
    run_jobs()
    assert codes[-1] == 429
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("trap", [{"website": "https://spam.example"}, {"ago": 0}, {"opened": "made-up"}])
def test_a_machine_is_thanked_and_opens_no_ticket(portal: Portal, trap: dict[str, object]) -> None:
    assert "Thank you" in send(make_form(portal), **trap).text  # type: ignore[arg-type]  # options of `send`
    assert not Ticket.objects.exists()


def test_a_page_left_open_for_days_is_asked_about_once_more_and_loses_nothing(portal: Portal) -> None:
    form = make_form(portal)
    asked = send(form, ago=90_000)
    assert asked.status_code == 422
    assert "Please send it once more." in asked.text
    assert "15分ごとに切断されます。" in asked.text
    assert not Ticket.objects.exists()
    fresh = re.search(r'name="opened" value="([^"]+)"', asked.text)
    assert fresh
    assert "Thank you" in send(form, opened=fresh[1]).text
    assert Ticket.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(portal: Portal) -> None:
    answer = send(make_form(portal), email="nobody", subject="")
    assert answer.status_code == 422
    assert "Enter a valid email address." in answer.text
    assert "15分ごとに切断されます。" in answer.text
    program = SimpleUploadedFile("run.exe", b"MZ", "application/octet-stream")
    assert send(make_form(portal), attachments=program).status_code == 422
    assert not Ticket.objects.exists()


def test_the_administrator_chooses_the_fields(portal: Portal) -> None:
    form = make_form(portal, fields={"subject": "off", "name": "off", "phone": "required"})
    page = Client().get(f"/form/{form.key}/").text
    assert 'name="subject"' not in page
    assert send(form).status_code == 422
    assert send(form, phone="03-1234-5678").status_code == 200
    assert Ticket.objects.get().subject == "15分ごとに切断されます。"


def test_only_the_named_sites_may_frame_the_embedded_form_and_none_the_page(portal: Portal) -> None:
    form = make_form(portal)
    embedded = Client().get(f"/form/{form.key}/embedded/")
    assert f"frame-ancestors {SITE}" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    page = Client().get(f"/form/{form.key}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert send(form, embedded=True).status_code == 200
    make_form(portal, origins=[])
    shut = Client().get(f"/form/{form.key}/embedded/")
    assert "frame-ancestors 'none'" in shut["Content-Security-Policy"]


@pytest.mark.parametrize(
    "origin", ["*", "'self'", "https://a.example; script-src *", "javascript:alert(1)", "a.example"]
)
def test_a_site_that_is_none_is_refused(portal: Portal, origin: str) -> None:
    with pytest.raises(InvalidValues):
        make_form(portal, origins=[origin])


def test_a_form_that_is_off_or_of_a_closed_department_is_not_there(portal: Portal) -> None:
    form = make_form(portal, is_enabled=False)
    assert Client().get(f"/form/{form.key}/").status_code == 404
    make_form(portal)
    portal.departments.update(is_enabled=False)
    assert Client().get(f"/form/{form.key}/").status_code == 404
    assert send(form).status_code == 404


def test_the_form_speaks_the_language_that_is_set(portal: Portal) -> None:
    form = make_form(portal, language="ja")
    page = Client(headers={"Accept-Language": "en"}).get(f"/form/{form.key}/").text
    assert "お問い合わせ" in page


def test_a_form_is_set_up_on_its_page(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    department = portal.departments.all()[0]
    url = f"/desk/{portal.pk}/settings/web-forms/"
    fields = dict.fromkeys(
        ("field_name", "field_subject", "field_phone", "field_category", "field_attachments"), "optional"
    )
    saved = client.post(f"{url}{department.pk}/", {"is_enabled": "on", "title": "Help", "origins": SITE, **fields})
    assert saved.status_code == 302
    shown = client.get(f"{url}{department.pk}/").text
    assert "iframe" in shown
    assert WebForm.objects.get().key in client.get(url).text
    assert client.post(f"{url}{department.pk}/", {"origins": "nonsense", **fields}).status_code == 422
