"""Mails filed together become just what they would become one by one, at a few statements for all of them."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, MailState, Reason
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_search.models import TicketWords
from kakehashi.desk.tickets.actions import close_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tally_models import CustomerTally, DepartmentTally
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket
from tests.makers.mail import make_mail

pytestmark = pytest.mark.django_db


def mail(number: int, *, sender: str = "", answers: int | None = None, **parts: Any) -> bytes:
    reference = "" if answers is None else f"<{answers}@c.example>"
    return make_mail(
        message_id=f"<{number}@c.example>",
        sender=sender or f"p{number}@c.example",
        in_reply_to=reference,
        **{"text": f"本文 {number}", "subject": f"件名 {number}", **parts},
    )


def a_day_of_mails(first_number: int) -> list[bytes]:
    """Threads inside the batch, somebody who writes twice, strangers in threads, machines, colleagues' numbers, bytes that are no mail."""
    return [
        mail(1, files={"log.txt": b"x", "run.exe": b"y"}),
        mail(2, sender="p1@c.example", answers=1),
        mail(3, sender="p1@c.example", subject="別件"),
        mail(4, sender="p1@c.example", answers=2, html="<p>続き <img src='cid:none'></p>"),
        mail(5, sender="stranger@c.example", answers=1),
        mail(6, extra="Auto-Submitted: auto-replied", answers=1),
        b"\x00 no mail at all",
        mail(8, sender="known@c.example", subject=f"Re: [#{first_number}] 前の件"),
        mail(8, sender="p8@c.example", text="同じMessage-ID"),
        mail(9, sender="p9@c.example", answers=8),
        mail(10, sender="p1@c.example", answers=4, text="最後"),
    ]


def state_of(portal: Portal) -> dict[str, Any]:
    """What people and readers of the log see. Tickets go by their subjects: in which order a batch numbers them is its own affair."""
    tickets = Ticket.objects.filter(portal=portal)
    subjects = dict(tickets.values_list("pk", "subject"))
    mails = IncomingMail.objects.filter(portal=portal).order_by("pk")
    messages = Message.objects.filter(portal=portal).order_by("at", "pk")
    words = TicketWords.objects.filter(ticket__portal=portal).exclude(ticket__number__gt=101)
    events = Event.objects.filter(tenant=portal.tenant, kind="desk.ticket").order_by("id")
    ticket_columns = (
        "subject",
        "email",
        "contact__email",
        "status__name",
        "message_count",
        "version",
        "is_our_turn",
        "last_activity",
        "created_by",
    )
    return {
        "mails": list(mails.values_list("state", "reason", "ticket__subject", "suggested_ticket__subject", "evidence")),
        "tickets": sorted(tickets.values_list(*ticket_columns), key=repr),
        "contacts": sorted(Contact.objects.filter(portal=portal).values_list("last_name", "email")),
        "messages": sorted(
            (one.ticket.subject, one.text, one.sender, one.left_out, [link.attachment.name for link in one.attachments.all()])
            for one in messages
        ),
        "answers": [(text, subject) for subject, text in messages.values_list("ticket__subject", "text") if subject == "件名 1"],
        "events": sorted((topic, subjects.get(pk, ""), name) for topic, pk, name in events.values_list("topic", "subject_id", "person_name")),
        "words": {word.partition(":")[2] for row in words for word in row.tokens.split(" ")},
        "tallies": [
            [sum(column) for column in zip(*model.objects.filter(portal=portal).values_list("total", "open", "closed"), strict=True)]
            for model in (CustomerTally, DepartmentTally)
        ],
    }  # fmt: skip


def file_in(portal: Portal, batches: Sequence[Sequence[bytes]]) -> dict[str, Any]:
    old = make_ticket(portal, contact_email="known@c.example", contact_last_name="Known", subject="前の件")
    close_ticket(old, actor=MAKER)
    for raws in batches:
        take_in(portal, [Delivery(raw) for raw in raws])
        file_waiting(portal.pk)
    return state_of(portal)


def test_mails_filed_together_become_what_they_become_one_by_one() -> None:
    raws = a_day_of_mails(101)
    found = file_in(make_portal(name="Together"), [raws])
    wanted = file_in(make_portal(name="Alone"), [[raw] for raw in raws])
    assert len(found["answers"]) == 4
    for part, expected in wanted.items():
        assert found[part] == expected, part


def test_a_thread_inside_a_batch_keeps_its_order(portal: Portal) -> None:
    thread = [mail(0), *(mail(n, sender="p0@c.example", answers=n - 1) for n in range(1, 6))]
    take_in(portal, [Delivery(raw) for raw in [*thread, mail(7), mail(8)]])
    assert file_waiting(portal.pk) == 8
    ticket = Ticket.objects.get(portal=portal, message_count=6)
    assert [one.text for one in ticket.messages.order_by("pk")] == [f"本文 {n}" for n in range(6)]
    assert Ticket.objects.filter(portal=portal).count() == Contact.objects.filter(portal=portal).count() == 3


def test_a_flood_in_one_batch_is_stopped_where_it_would_be(portal: Portal) -> None:
    take_in(portal, [Delivery(mail(number, sender="loop@c.example")) for number in range(63)])
    file_waiting(portal.pk)
    stopped = IncomingMail.objects.filter(portal=portal, reason=Reason.TOO_MANY).order_by("pk")
    assert [one.header_id for one in stopped] == ["<60@c.example>", "<61@c.example>", "<62@c.example>"]
    assert Contact.objects.filter(portal=portal).count() == 1


def test_one_mail_whose_bytes_are_gone_does_not_keep_the_others(portal: Portal) -> None:
    taken = take_in(portal, [Delivery(mail(number)) for number in range(3)])
    assert taken[1]
    IncomingMail.objects.filter(pk=taken[1].pk).update(digest="0" * 64)
    file_waiting(portal.pk)
    states = IncomingMail.objects.filter(portal=portal).order_by("pk").values_list("state", "detail")
    assert [state for state, _detail in states] == [MailState.FILED, MailState.RECEIVED, MailState.FILED]
    assert "FileNotFoundError" in states[1][1]


def test_many_mails_take_as_many_statements_as_some(portal: Portal) -> None:
    """Of new people, and of people whom we and whose firms we know."""

    def count(numbers: range) -> int:
        take_in(portal, [Delivery(mail(number, files={"a.txt": b"a"})) for number in numbers])
        with CaptureQueriesContext(connection) as queries:
            file_waiting(portal.pk)
        return len(queries)

    assert count(range(25)) == count(range(100, 160)) < 60
    for number in range(200, 285):
        make_contact(portal, account=make_account(portal, name=f"F{number}"), email=f"p{number}@c.example")
    assert count(range(200, 225)) == count(range(225, 285)) < 60
