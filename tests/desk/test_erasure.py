"""Erasing and anonymising a person (lessons H7): counted first, done in batches, and nothing of them left anywhere."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.core.events.models import Event
from kakehashi.core.fields.types import FieldType
from kakehashi.core.models import Attachment
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.drafts import Written, save_draft
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.actions import restore_contact, update_contact
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.erasure.actions import start_erasure
from kakehashi.desk.erasure.jobs import resume_erasures
from kakehashi.desk.erasure.models import Erasure, ErasureKind
from kakehashi.desk.erasure.running import _step, work_off
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, Reason
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.tickets.actions import close_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.statistics import customer_statistics
from kakehashi.desk.tickets.tally_models import CustomerTally
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_ticket
from tests.makers.jobs import run_jobs
from tests.makers.mail import make_mail

pytestmark = pytest.mark.django_db

_NAME, _FIRST = "無二原", "唯一"
_ADDRESS, _OLD_ADDRESS = "yuiitsu@munihara.example", "old@munihara.example"
_SAID = "Zephyrquartz"  # a word that nobody else writes
_NEEDLES = (_NAME, "munihara", _SAID, _SAID.lower(), "0312349876", "03-1234-9876")


def _make_person(portal: Portal, people: People) -> Contact:
    """With something of theirs in every corner."""
    account = make_account(portal)
    person = make_contact(
        portal,
        account=account,
        lastName=_NAME,
        firstName=_FIRST,
        email=_ADDRESS,
        moreEmails=[_OLD_ADDRESS],
        phone="03-1234-9876",
    )
    twin = make_contact(portal, lastName=_NAME, firstName="二世", email="twin@munihara.example")
    make_ticket(portal, contact=twin, subject=f"{_SAID} of the twin")
    versions = {person.pk: person.version, twin.pk: twin.version}
    merge_records(portal, CONTACT, survivor_id=person.pk, versions=versions, values={}, actor=people.agent.actor)
    person.refresh_from_db()
    update_contact(person, values={"title": _SAID}, actor=people.agent.actor)
    mail = make_mail(
        sender=_ADDRESS, name=f"{_NAME} {_FIRST}", subject=_SAID, text=_SAID, files={"secret.txt": _SAID.encode()}
    )
    take_in(portal, [Delivery(mail, envelope_sender=_ADDRESS)])
    file_waiting(portal.pk)
    ticket = Ticket.objects.filter(portal=portal, contact=person, subject=_SAID).get()
    _live_through(portal, ticket, people)
    take_in(
        portal,
        [Delivery(make_mail(sender=_OLD_ADDRESS, message_id="<two@c.example>", extra="Auto-Submitted: auto-replied"))],
    )
    file_waiting(portal.pk)
    return person


def _live_through(portal: Portal, ticket: Ticket, people: People) -> None:
    choice = add_field(portal, kind=FieldType.PICKLIST, draft=FieldDraft("Size", choices=["S", "L"]), actor=MAKER)
    text = add_field(portal, kind=FieldType.TEXT, draft=FieldDraft("Serial number"), actor=MAKER)
    values = {choice.api_name: "L", text.api_name: _SAID, "phone": "03-1234-9876"}
    update_ticket(ticket, values=values, actor=people.agent.actor)
    update_ticket(ticket, values={"subject": f"{_SAID}!"}, actor=people.agent.actor)
    send_reply(
        ticket,
        html=f"<p>Dear {_NAME}</p>",
        to=[_ADDRESS],
        uploads=[NewFile("plan.txt", "text/plain", f"{_SAID} plan".encode())],
        actor=people.agent.actor,
    )
    add_comment(ticket, html=f"<p>{_SAID}</p>", actor=people.agent.actor)
    save_draft(ticket, Written("reply", f"<p>{_SAID}</p>", (_ADDRESS,)), actor=people.agent.actor)
    close_ticket(ticket, actor=people.agent.actor)
    rate_ticket(ticket, rating="bad", comment=_SAID, actor=Actor(None, f"{_NAME} {_FIRST}", "customer"))


def _places_with(needle: str) -> list[str]:
    """Tables of the Desk and the core whose rows hold a text anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            " AND (table_name LIKE 'desk_%' OR table_name LIKE 'core_%')"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS line WHERE line::text ILIKE %s', [f"%{needle}%"])  # noqa: S608 - our own names
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def _files_with(needle: str, settings: object) -> list[Path]:
    folder = Path(settings.ATTACHMENTS)  # type: ignore[attr-defined]
    return [path for path in folder.rglob("*") if path.is_file() and needle.encode() in path.read_bytes()]


@pytest.mark.parametrize("kind", list(ErasureKind))
def test_nothing_of_a_person_is_left_anywhere(
    portal: Portal, people: People, kind: ErasureKind, settings: object
) -> None:
    person = _make_person(portal, people)
    assert all(_places_with(needle) for needle in (_NAME, "munihara", _SAID))  # the test can find what it looks for
    assert _files_with(_SAID, settings)
    start_erasure(person, kind=kind, actor=people.administrator.actor)
    run_jobs()
    assert {needle: _places_with(needle) for needle in _NEEDLES} == {key: [] for key in _NEEDLES}
    assert _files_with(_SAID, settings) == []
    assert Erasure.objects.get().finished_at is not None


def test_anonymised_tickets_still_count(portal: Portal, people: People) -> None:
    person = _make_person(portal, people)
    ticket = Ticket.objects.get(subject=f"{_SAID}!")
    account_id, resolution = ticket.account_id, ticket.resolution_seconds
    start_erasure(person, kind=ErasureKind.ANONYMISE, actor=people.administrator.actor)
    run_jobs()
    ticket.refresh_from_db()
    assert (ticket.contact_id, ticket.subject, ticket.deleted_at) == (None, "", None)
    assert (ticket.rating, ticket.resolution_seconds, list(ticket.custom.values())) == ("bad", resolution, ["L"])
    figures = customer_statistics(portal, account_ids=[account_id or 0])
    assert (figures.total, figures.closed, figures.bad) == (1, 1, 1)
    assert not CustomerTally.objects.filter(contact_id=person.pk).exists()
    assert Event.objects.filter(kind="desk.ticket", subject_id=ticket.pk, topic="desk.ticket.closed").exists()
    page = people.client_of("agent").get(reverse("desk_ticket", args=[portal.pk, ticket.pk]))
    assert page.status_code == 200


def test_erased_tickets_neither_count_nor_come_back(portal: Portal, people: People) -> None:
    person = _make_person(portal, people)
    ticket = Ticket.objects.get(subject=f"{_SAID}!")
    start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)
    run_jobs()
    client = people.client_of("administrator")
    assert f"#{ticket.number}" not in client.get(reverse("desk_ticket_bin", args=[portal.pk])).content.decode()
    client.post(reverse("desk_bulk_start", args=[portal.pk, "restore"]), {"selected": [ticket.pk]})
    ticket.refresh_from_db()
    assert ticket.erased_at is not None
    assert ticket.deleted_at is not None
    restore_contact(person, actor=MAKER)
    person.refresh_from_db()
    assert person.deleted_at is not None
    assert not CustomerTally.objects.filter(portal=portal).exclude(total=0).exists()


def test_an_erasure_that_was_killed_goes_on_where_it_was(portal: Portal, people: People) -> None:
    person = _make_person(portal, people)
    erasure = start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)
    assert _step(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.done, erasure.finished_at) == ({"tickets": 2}, None)
    assert erasure.files  # their bytes are known to have to go, whoever goes on
    assert Contact.objects.get(pk=person.pk).email == _ADDRESS  # by which the rest is found
    work_off(erasure.pk)
    work_off(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.finished_at is not None
    assert erasure.done == {"tickets": 2, "mails": 1}
    assert _places_with("munihara") == []


def test_an_erasure_that_was_given_up_is_begun_again(portal: Portal, people: People) -> None:
    with clock.frozen_at(clock.now() - timedelta(minutes=11)):
        erasure = start_erasure(make_contact(portal), kind=ErasureKind.ERASE, actor=people.administrator.actor)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    resume_erasures()
    run_jobs()
    erasure.refresh_from_db()
    assert erasure.finished_at is not None


def test_what_others_have_stays(portal: Portal, people: People) -> None:
    """The same file lies with a ticket of somebody else, and the person wrote a mail into that ticket."""
    person = _make_person(portal, people)
    other = make_contact(portal, email="other@else.example")
    ticket = make_ticket(portal, contact=other, uploads=[NewFile("mine.txt", "text/plain", _SAID.encode())])
    receive_message(ticket, sender="other@else.example", html="<p>mine</p>", actor=MAKER)
    letter = make_mail(
        sender=_ADDRESS, message_id="<three@c.example>", subject=f"Re: [#{ticket.number}] x", text=f"{_SAID} again"
    )
    Message.objects.filter(ticket=ticket).update(cc=[_ADDRESS])
    take_in(portal, [Delivery(letter)])
    file_waiting(portal.pk)
    assert Message.objects.filter(ticket=ticket).count() == 2
    Message.objects.filter(ticket=ticket).update(cc=[f"{_NAME} <{_ADDRESS.upper()}>", "third@else.example"])
    start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)
    run_jobs()
    kept, emptied = Message.objects.filter(ticket=ticket).order_by("id")
    assert ("mine" in kept.html, emptied.html, emptied.sender) == (True, "", "")
    assert kept.cc == ["third@else.example"]
    file = Attachment.objects.get(name="mine.txt")
    assert path_of(file.digest).read_bytes() == _SAID.encode()


def test_a_reply_that_has_not_left_does_not_leave(portal: Portal, people: People) -> None:
    person = make_contact(portal)
    ticket = make_ticket(portal, contact=person)
    message = send_reply(ticket, html="<p>x</p>", to=[person.email], actor=people.agent.actor)
    start_erasure(person, kind=ErasureKind.ANONYMISE, actor=people.administrator.actor)
    work_off(Erasure.objects.get().pk)
    message.refresh_from_db()
    assert (message.state, message.to) == (MessageState.WITHDRAWN, [])


def test_the_page_counts_first_and_wants_the_word_typed(portal: Portal, people: People) -> None:
    person = _make_person(portal, people)
    client = people.client_of("administrator")
    url = reverse("desk_erasure_new", args=[portal.pk, person.pk])
    counts = [count for _label, count in client.get(url).context["lines"]]
    assert counts == [
        2,
        2,
        1,
        2,
        1,
        1,
        2,
        0,
    ]  # tickets, mails, comments, files, ratings, drafts, log, in others' tickets
    wrong = client.post(url, {"typed": "delete", "kind": "erase"})
    assert wrong.status_code == 422
    assert 'value="delete"' in wrong.content.decode()
    assert not Erasure.objects.exists()
    right = client.post(url, {"typed": "erase", "kind": "anonymise"})
    erasure = Erasure.objects.get()
    assert right.headers["Location"] == reverse("desk_erasure", args=[portal.pk, erasure.pk])
    assert client.get(right.headers["Location"]).status_code == 200
    assert client.get(reverse("desk_contact", args=[portal.pk, person.pk])).status_code == 404
    run_jobs()
    listed = client.get(reverse("desk_erasures", args=[portal.pk])).content.decode()
    assert people.administrator.person.name in listed
    assert _NAME not in listed


def test_only_administrators_erase_and_only_once(portal: Portal, people: People) -> None:
    person = make_contact(portal)
    with pytest.raises(NotAllowed):
        start_erasure(person, kind=ErasureKind.ERASE, actor=people.agent.actor)
    start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)
    with pytest.raises(NotFound):
        start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)


def test_a_mail_of_an_erased_person_stays_known_but_empty(portal: Portal, people: People) -> None:
    person = make_contact(portal, email=_ADDRESS)
    letter = make_mail(sender=_ADDRESS, text=_SAID)
    take_in(portal, [Delivery(letter)])
    file_waiting(portal.pk)
    start_erasure(person, kind=ErasureKind.ERASE, actor=people.administrator.actor)
    run_jobs()
    mail = IncomingMail.objects.filter(reason=Reason.ERASED).first()
    assert mail is not None
    client = people.client_of("administrator")
    assert client.get(reverse("desk_incoming_mail", args=[portal.pk, mail.pk])).status_code == 200
    assert client.get(reverse("desk_incoming_source", args=[portal.pk, mail.pk])).status_code == 404
    assert take_in(portal, [Delivery(letter)]) == [None]
