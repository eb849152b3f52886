"""From raw bytes to tickets: stored first, filed once, threaded by evidence, guarded against machines; nothing is ever lost."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.desk.addresses.actions import add_address
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.intake.deciding import decide_all
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.house import House
from kakehashi.desk.intake.models import IncomingMail, MailState, Reason
from kakehashi.desk.intake.reading import ReadMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.intake.threads import Threads
from kakehashi.desk.mailbox.marks import mark_of_agent, mark_of_ticket, stamp_of, with_tag
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.ticket_search.queries import searched
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, SUPPORT, make_contact
from tests.makers.mail import make_mail

from .conftest import People

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).with_name("mails")


def post(portal: Portal, raw: bytes, **delivery: object) -> IncomingMail:
    """Take a mail in and file it."""
    taken = take_in(portal, [Delivery(raw, **delivery)])[0]  # type: ignore[arg-type]  # what a carrier may know
    assert taken is not None
    file_waiting(portal.pk)
    return IncomingMail.objects.select_related("ticket", "message", "suggested_ticket").get(pk=taken.pk)


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    """A customer wrote and was answered."""
    mail = post(portal, make_mail(message_id="<first@c.example>", subject="ロガーが切断される"))
    assert mail.ticket is not None
    reply = send_reply(mail.ticket, html="<p>確認します</p>", to=["misaki@c.example"], actor=MAKER)
    Message.objects.filter(pk=reply.pk).update(state=MessageState.SENT)
    return mail.ticket


def answer_of(ticket: Ticket) -> Message:
    return ticket.messages.get(direction="out")


def test_a_mail_opens_a_ticket_for_a_new_contact(portal: Portal) -> None:
    mail = post(portal, (SAMPLES / "names_by_rfc_2231.eml").read_bytes())
    assert (mail.state, mail.reason) == (MailState.FILED, Reason.NEW_TICKET)
    ticket = mail.ticket
    assert ticket is not None
    assert (ticket.subject, ticket.channel, ticket.email, ticket.message_count) == (
        "files",
        "Email",
        "misaki@tsukimizaka.example",
        1,
    )
    assert ticket.contact is not None
    assert ticket.contact.email == "misaki@tsukimizaka.example"
    assert [link.attachment.name for link in ticket.messages.get().attachments.select_related("attachment")] == [
        "検収書（令和八年十一月分）_最終版.pdf",
        "集計表①.xls",
        "売上.csv",
    ]
    assert searched(Ticket.objects.all(), portal.pk, "添付します")[0].get() == ticket


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("相沢 美咲", "相沢", "美咲"),
        ("John Smith", "Smith", "John"),
        ("Smith, John", "Smith", "John"),
        ("", "misaki", ""),
    ],
)
def test_the_senders_name_becomes_the_contacts(portal: Portal, name: str, last: str, first: str) -> None:
    post(portal, make_mail(name=name))
    contact = Contact.objects.get(portal=portal)
    assert (contact.last_name, contact.first_name) == (last, first)


def test_an_address_that_somebody_has_makes_nobody_new(portal: Portal) -> None:
    make_contact(portal, lastName="総務", firstName="", email="Info@C.example")
    chosen = make_contact(portal, lastName="相沢", firstName="美咲", email="info@c.example")
    make_contact(portal, lastName="渡会", firstName="徹", email="info@c.example")
    mail = post(portal, make_mail(sender="info@c.example", name="美咲 相沢"))
    assert mail.ticket is not None
    assert mail.ticket.contact == chosen
    assert Contact.objects.filter(portal=portal).count() == 3


def test_the_same_mail_is_filed_once_however_often_it_comes(portal: Portal) -> None:
    raw = make_mail()
    post(portal, raw)
    assert take_in(portal, [Delivery(raw), Delivery(b"Received: again\r\n" + raw)]) == [None, None]
    assert take_in(portal, [Delivery(raw.replace(b"\r\n", b"\n"))]) == [None]
    assert Ticket.objects.filter(portal=portal).count() == 1


def test_two_mails_of_one_message_id_are_two_mails(portal: Portal) -> None:
    post(portal, make_mail(message_id="<form@c.example>", sender="a@c.example"))
    post(portal, make_mail(message_id="<form@c.example>", sender="b@c.example"))
    post(portal, make_mail(message_id="<form@c.example>", sender="b@c.example", text="もう一件あります。"))
    assert Ticket.objects.filter(portal=portal).count() == 3


def test_the_address_decides_the_department(portal: Portal) -> None:
    abroad = Department.objects.create(portal=portal, name="Abroad")
    add_address(abroad, address="help@minamo.example", actor=MAKER)
    by_header = post(portal, make_mail(to="x@y.example, Help <HELP@minamo.example>"))
    by_envelope = post(portal, make_mail(message_id="<2@c>"), recipients=["help@minamo.example"])
    assert by_header.ticket.department == by_envelope.ticket.department == abroad  # type: ignore[union-attr]


def test_an_answer_joins_its_ticket_and_opens_it_again(portal: Portal, ticket: Ticket) -> None:
    close_ticket(ticket, actor=MAKER)
    mail = post(portal, make_mail(message_id="<2@c.example>", in_reply_to=answer_of(ticket).message_id))
    assert (mail.reason, mail.ticket) == (Reason.ANSWER, ticket)
    ticket.refresh_from_db()
    assert (ticket.closed_at, ticket.is_our_turn, ticket.message_count) == (None, True, 3)


def test_marks_and_numbers_find_the_ticket_too(portal: Portal, ticket: Ticket) -> None:
    mark = mark_of_ticket(portal, ticket.pk)
    tagged = with_tag(SUPPORT, mark)
    for number, options in enumerate(
        [
            {"to": tagged},
            {"text": f"はい\n> ref:{mark}"},
            {"subject": f"VS: ロガー [#{ticket.number}]"},
            {"references": f"<lost@x.example> {answer_of(ticket).message_id}"},
        ]
    ):
        assert post(portal, make_mail(message_id=f"<m{number}@c>", **options)).ticket == ticket
    forged = mark[:-1] + ("a" if mark[-1] != "a" else "b")
    assert post(portal, make_mail(message_id="<f@c>", text=f"ref:{forged}")).ticket != ticket


def test_a_stranger_who_knows_the_thread_gets_a_ticket_with_a_hint(portal: Portal, ticket: Ticket) -> None:
    options = {"sender": "other@elsewhere.example", "in_reply_to": answer_of(ticket).message_id}
    mail = post(portal, make_mail(message_id="<s@e>", **options))
    assert mail.ticket != ticket
    assert (mail.suggested_ticket, mail.evidence) == (ticket, "reference")


def test_whoever_was_copied_takes_part(portal: Portal, ticket: Ticket) -> None:
    send_reply(ticket, html="<p>x</p>", to=["misaki@c.example"], cc=["boss@c.example"], actor=MAKER)
    mail = post(portal, make_mail(sender="boss@c.example", message_id="<b@c>", subject=f"Re: [#{ticket.number}]"))
    assert mail.ticket == ticket


def test_an_answer_to_a_deleted_ticket_is_seen(portal: Portal, ticket: Ticket) -> None:
    delete_ticket(ticket, actor=MAKER)
    mail = post(portal, make_mail(message_id="<d@c>", in_reply_to=answer_of(ticket).message_id))
    assert (mail.reason, mail.suggested_ticket) == (Reason.NEW_TICKET, None)


def test_a_colleagues_answer_is_theirs_only_with_their_own_mark(portal: Portal, people: People, ticket: Ticket) -> None:
    person = people.agent.person
    options = {"sender": person.email, "subject": f"Re: [#{ticket.number}]"}
    own = mark_of_agent(portal, ticket.pk, person.pk)
    verified = post(portal, make_mail(message_id="<v@m>", text=f"部品を手配しました\n> ref:{own}", **options))
    assert (verified.reason, verified.comment.author) == (Reason.NOTE, person)  # type: ignore[union-attr]
    assert not verified.comment.is_public  # type: ignore[union-attr]
    other = mark_of_agent(portal, ticket.pk, people.administrator.person.pk)
    forged = post(portal, make_mail(message_id="<w@m>", text=f"x\n> ref:{other}", **options))
    assert forged.reason == Reason.ANSWER
    assert forged.message.author is None  # type: ignore[union-attr]


def test_a_program_in_a_colleagues_answer_is_left_out_by_name(portal: Portal, people: People, ticket: Ticket) -> None:
    person = people.agent.person
    own = mark_of_agent(portal, ticket.pk, person.pk)
    files = {"run.exe": b"x", "log.txt": b"y"}
    mail = post(
        portal, make_mail(sender=person.email, message_id="<v@m>", text=f"見てください\n> ref:{own}", files=files)
    )
    assert mail.reason == Reason.NOTE
    assert [link.attachment.name for link in mail.comment.attachments.all()] == ["log.txt"]  # type: ignore[union-attr]
    assert "“run.exe” was left out" in mail.comment.html  # type: ignore[union-attr]


def test_a_mail_without_a_subject_gets_one_in_the_portals_language(portal: Portal) -> None:
    with override("ja"):
        mail = post(portal, make_mail(subject=""))
    assert mail.ticket.subject == "(no subject)"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ("Auto-Submitted: auto-replied", Reason.AUTO_REPLY),
        ("X-Autoreply: yes", Reason.AUTO_REPLY),
        ("Precedence: auto_reply", Reason.AUTO_REPLY),
        ("List-Id: <news.example.com>\nPrecedence: bulk", Reason.MAILING_LIST),
    ],
)
def test_machines_are_not_answered_to(portal: Portal, ticket: Ticket, extra: str, reason: Reason) -> None:
    close_ticket(ticket, actor=MAKER)
    raw = make_mail(message_id="<a@c>", extra=extra, in_reply_to=answer_of(ticket).message_id, to="list@example.com")
    mail = post(portal, raw)
    assert (mail.state, mail.reason, mail.ticket) == (MailState.IGNORED, reason, ticket)
    ticket.refresh_from_db()
    assert ticket.closed_at is not None


@pytest.mark.parametrize(
    "subject", ["自動返信: ロガー", "Out of Office: Re: x", "不在のお知らせ", "Automatic reply: x"]
)
def test_an_absence_is_known_by_its_subject(portal: Portal, subject: str) -> None:
    assert post(portal, make_mail(subject=subject)).reason == Reason.AUTO_REPLY


def test_what_machines_report_and_our_own_group_hands_on_is_filed(portal: Portal) -> None:
    monitor = post(portal, make_mail(message_id="<m@c>", extra="Auto-Submitted: auto-generated"))
    group = post(portal, make_mail(message_id="<g@c>", extra="List-Id: <support.minamo.example>\nPrecedence: list"))
    assert monitor.reason == group.reason == Reason.NEW_TICKET


def test_our_own_mails_do_not_come_back_as_tickets(portal: Portal, ticket: Ticket) -> None:
    stamp = stamp_of(portal.pk, ticket.pk, answer_of(ticket).pk)
    redirected = post(portal, make_mail(message_id="<r@c>", extra=f"X-Kakehashi-Message: {stamp}"))
    assert redirected.reason == Reason.OWN_MAIL
    assert post(portal, make_mail(message_id="<o@c>", sender=SUPPORT)).reason == Reason.OWN_ADDRESS
    forged = post(portal, make_mail(message_id="<n@c>", extra="X-Kakehashi-Message: 1.2.3.nonsense"))
    assert forged.state == MailState.FILED


def test_a_form_that_writes_in_our_name_names_the_customer_in_reply_to(portal: Portal) -> None:
    mail = post(portal, make_mail(sender=SUPPORT, extra="Reply-To: Misaki <misaki@c.example>"))
    assert mail.ticket is not None
    assert mail.ticket.email == "misaki@c.example"


@pytest.mark.parametrize("name", ["bounce_dsn", "bounce_qmail", "bounce_in_japanese"])
def test_a_bounce_stands_on_the_mail_that_came_back(portal: Portal, ticket: Ticket, name: str) -> None:
    Message.objects.filter(pk=answer_of(ticket).pk).update(message_id="<ours@minamo.example>")
    mail = post(portal, (SAMPLES / f"{name}.eml").read_bytes())
    assert (mail.state, mail.reason) == (MailState.IGNORED, Reason.BOUNCE)
    sent = answer_of(ticket)
    assert sent.state == MessageState.BOUNCED
    assert "gone@c.example" in sent.failure
    ticket.refresh_from_db()
    assert ticket.is_our_turn


def test_a_delay_changes_nothing_and_a_foreign_bounce_is_only_kept(portal: Portal, ticket: Ticket) -> None:
    assert post(portal, (SAMPLES / "bounce_dsn.eml").read_bytes()).reason == Reason.UNKNOWN_BOUNCE
    Message.objects.filter(pk=answer_of(ticket).pk).update(message_id="<ours@minamo.example>")
    assert post(portal, (SAMPLES / "bounce_delay.eml").read_bytes()).reason == Reason.DELAY
    assert answer_of(ticket).state == MessageState.SENT
    assert post(portal, (SAMPLES / "read_receipt.eml").read_bytes()).reason == Reason.RECEIPT


def test_a_flood_from_one_sender_is_stopped(portal: Portal) -> None:
    mails = [post(portal, make_mail(message_id=f"<{number}@c>")) for number in range(62)]
    assert [mail.reason for mail in mails[-3:]] == [Reason.NEW_TICKET, Reason.TOO_MANY, Reason.TOO_MANY]
    assert mails[-1].state == MailState.QUARANTINED


@pytest.mark.parametrize("raw", [b"", b"\x00\x01garbage", b"Subject: x\n\nno sender", b"From: nobody\n\nx"])
def test_what_cannot_be_read_waits_in_quarantine_with_its_reason(portal: Portal, raw: bytes) -> None:
    mail = post(portal, raw)
    assert mail.state == MailState.QUARANTINED
    assert mail.reason
    assert mail.ticket is None


def test_programs_are_left_out_and_named(portal: Portal) -> None:
    mail = post(portal, make_mail(files={"setup.exe": b"MZ", "log.txt": b"ok"}))
    assert mail.message is not None
    assert mail.message.left_out == ["setup.exe"]
    assert mail.message.attachments.get().attachment.name == "log.txt"


def test_an_image_stands_where_it_stood(portal: Portal) -> None:
    mail = post(portal, (SAMPLES / "outlook_reply_with_image.eml").read_bytes())
    assert mail.message is not None
    link = mail.message.attachments.get()
    assert link.is_inline
    assert f'src="attachment:{link.attachment_id}"' in mail.message.html
    assert "お写真をいただけますか" not in mail.message.html
    assert "お写真をいただけますか" in mail.message.quoted_html


def test_what_fails_again_and_again_ends_in_quarantine(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(read: Sequence[ReadMail], threads: Threads, house: House) -> None:
        decide_all(read, threads, house)
        if any(one.mail.header_id == "<one@c.example>" for one in read):
            raise ValueError("unexpected")

    monkeypatch.setattr("kakehashi.desk.intake.filing.decide_all", explode)
    taken = take_in(portal, [Delivery(make_mail())])[0]
    assert taken is not None
    other = take_in(portal, [Delivery(make_mail(message_id="<two@c>"))])[0]
    assert other is not None
    moment = clock.now()
    for _ in range(6):
        moment += timedelta(minutes=1)
        with clock.frozen_at(moment):
            file_waiting(portal.pk)
    taken.refresh_from_db()
    assert (taken.state, taken.reason) == (MailState.QUARANTINED, Reason.KEEPS_FAILING)
    assert "unexpected" in taken.detail
    other.refresh_from_db()
    assert other.state == MailState.FILED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(order=st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_filing_in_any_order_and_twice_makes_each_mail_once(portal: Portal, order: list[int]) -> None:
    raws = [make_mail(message_id=f"<p{number}@c>", sender=f"p{number}@c.example") for number in range(4)]
    for number in order:
        take_in(portal, [Delivery(raws[number])])
        file_waiting(portal.pk)
    assert Ticket.objects.filter(portal=portal).count() == IncomingMail.objects.filter(portal=portal).count() <= 4
    assert Contact.objects.filter(portal=portal).count() == Ticket.objects.filter(portal=portal).count()
