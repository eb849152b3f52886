"""Tickets brought over with their past are what the single actions would have made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.past.actions import write_past_tickets
from kakehashi.desk.past.deeds import (
    PastAnswer,
    PastAssignment,
    PastComment,
    PastDeed,
    PastMail,
    PastRating,
    PastStatus,
    PastTicket,
)
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.tickets.actions import open_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tally_models import CustomerTally, DepartmentTally
from tests.makers.desk import make_account, make_administrator, make_contact, make_light_agent, make_portal

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 9, 1, 1, tzinfo=UTC)
CUSTOMER = Actor(person_id=None, name="相沢 美咲", origin="mail")
QUOTED = "<p>Thanks.</p><div>On 1 Sep 2026 at 10:00, Support wrote:</div><blockquote>Before</blockquote>"
NOT_COMPARED = {
    "id",
    "portal",
    "ticket",
    "message_id",
    "in_reply_to",
    "references",
    "modified_at",
    "claimed_at",
}


def at(minutes: int) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def some_deeds(agent: DeskAccess) -> list[PastDeed]:
    actor = agent.actor
    return [
        PastAssignment(at(5), actor, agent.agent),
        PastComment(at(20), actor, "<p>Look at <b>this</b><script>alert(1)</script></p>"),
        PastAnswer(at(40), actor, "<p>Please restart it.</p>", ("相沢 美咲 <misaki@tsukimizaka.example>",)),
        PastStatus(at(41), actor, "On Hold"),
        PastMail(at(90), CUSTOMER, QUOTED, "相沢 美咲 <misaki@tsukimizaka.example>", ("support@minamo.example",)),
        PastStatus(at(91), actor, "Escalated"),
        PastStatus(at(200), actor, "Closed"),
        PastRating(at(240), CUSTOMER, "okay", "Late. "),
        PastMail(at(300), CUSTOMER, "<p>It is back.</p>", "misaki@tsukimizaka.example"),
        PastAnswer(at(320), actor, "<p>A repeater is on its way.</p>", ("misaki@tsukimizaka.example",)),
        PastStatus(at(400), actor, "Closed"),
    ]


def past_ticket(portal: Portal, contact: Contact, deeds: Sequence[PastDeed]) -> PastTicket:
    return PastTicket(
        at=BEGIN,
        actor=CUSTOMER,
        department=portal.departments.all()[0],
        subject="冷蔵庫のロガーが切断される",
        description_html="<p>It drops out.</p>",
        contact=contact,
        texts={"priority": "High", "channel": "Email", "classification": "Problem", "category": "Radio"},
        due_at=at(120),
        deeds=deeds,
        uploads=[NewFile("log.txt", "text/plain", b"1")],
    )


def one_by_one(portal: Portal, past: PastTicket) -> Ticket:
    with clock.frozen_at(past.at):
        ticket = open_ticket(
            portal,
            department=past.department,
            subject=past.subject,
            description_html=past.description_html,
            contact=past.contact,
            values={**past.texts, "dueDate": past.due_at},
            uploads=past.uploads,
            actor=past.actor,
        )
    for deed in past.deeds:
        with clock.frozen_at(deed.at):
            do(ticket, deed)
    return ticket


def do(ticket: Ticket, deed: PastDeed) -> None:
    actor = deed.actor
    match deed:
        case PastAnswer():
            send_reply(ticket, html=deed.html, to=deed.to, actor=actor, sent_at=deed.at)
        case PastMail():
            receive_message(ticket, sender=deed.sender, to=deed.to, html=deed.html, actor=actor)
        case PastComment():
            add_comment(ticket, html=deed.html, actor=actor)
        case PastStatus():
            update_ticket(ticket, values={"status": deed.status}, actor=actor)
        case PastAssignment():
            update_ticket(ticket, values={"assigneeId": deed.assignee}, actor=actor)
        case PastRating():
            rate_ticket(ticket, rating=deed.rating, comment=deed.comment, actor=actor)


def columns(row: Any) -> dict[str, Any]:
    names = [field.name for field in row._meta.concrete_fields if field.name not in NOT_COMPARED]
    return {name: getattr(row, name) for name in names}


def figures(tally: type[CustomerTally | DepartmentTally], portal: Portal) -> list[dict[str, Any]]:
    kept = [columns(row) for row in tally.objects.filter(portal=portal)]
    sums: dict[str, Any] = {}
    for row in kept:
        for name, value in row.items():
            if name not in {"account_id", "contact_id", "department_id", "shard", "month", "since", "grain"}:
                sums[name] = sums.get(name, 0) + value
    return [sums]


def events_of(ticket: Ticket) -> list[tuple[Any, ...]]:
    events = Event.objects.filter(kind="desk.ticket", subject_id=ticket.pk).order_by("at", "id")
    kept = {"changes", "rating", "is_public"}
    return [
        (event.topic, event.at, event.person_name, event.origin, {k: v for k, v in event.data.items() if k in kept})
        for event in events
    ]


def test_the_past_in_bulk_equals_the_past_one_by_one() -> None:
    portal = make_portal()
    agent = make_administrator(portal)
    contact = make_contact(
        portal, account=make_account(portal), email="misaki@tsukimizaka.example", phone="0258-00-1147"
    )
    past = past_ticket(portal, contact, some_deeds(agent))
    single = one_by_one(portal, past)
    single.refresh_from_db()
    alone = {tally: figures(tally, portal) for tally in (CustomerTally, DepartmentTally)}

    bulk = write_past_tickets(portal, tickets=[past], actor=agent.actor)[0]
    bulk.refresh_from_db()

    assert {**columns(bulk), "number": 0} == {**columns(single), "number": 0}
    for name in ("messages", "comments"):
        before, after = (list(getattr(ticket, name).order_by("at")) for ticket in (single, bulk))
        strip = [row | {"subject": ""} for row in map(columns, before)]
        assert [row | {"subject": ""} for row in map(columns, after)] == strip
    assert events_of(bulk) == events_of(single)
    assert bulk.attachments.count() == single.attachments.count() == 1
    for tally, sums in alone.items():
        assert figures(tally, portal) == [{name: 2 * value for name, value in sums[0].items()}]


def test_tickets_are_numbered_in_the_order_of_their_opening() -> None:
    portal = make_portal()
    agent, contact = make_administrator(portal), make_contact(portal)
    late, early = past_ticket(portal, contact, []), past_ticket(portal, contact, [])
    early = PastTicket(at(-500), *[getattr(early, name) for name in early.__slots__[1:]])
    written = write_past_tickets(portal, tickets=[late, early], actor=agent.actor)
    assert [(ticket.number, ticket.created_at) for ticket in written] == [(101, at(-500)), (102, BEGIN)]
    portal.refresh_from_db()
    assert portal.next_ticket_number == 103


def test_only_administrators_bring_tickets_over() -> None:
    portal = make_portal()
    light = make_light_agent(portal)
    with pytest.raises(NotAllowed):
        write_past_tickets(portal, tickets=[], actor=light.actor)
